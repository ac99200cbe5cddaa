// The command menu and the theme, by keyboard: opening a token from anywhere, and a dark page from the first paint on.
import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import {
  at,
  commandMenu,
  heading,
  holdWasm,
  list,
  openCommandMenu,
  signIn,
  tokenScreen,
} from "../support/screens.ts";

test("goes to a token by its name, from another token's page", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await page.goto(at.token(demoTokens.firstOfAlice.id));
  await expect(heading(page, demoTokens.firstOfAlice.name)).toBeVisible();
  await openCommandMenu(page);
  await expectAccessible(page, "command menu, with all commands");
  const other = await nameOfAnother(page);
  await page.keyboard.type(other);
  await expect(commandMenu.option(page, other).first()).toHaveAttribute("aria-selected", "true");
  await expectAccessible(page, "command menu, with tokens");
  await page.keyboard.press("Enter");
  await expect(heading(page, other)).toBeVisible();
  await expect(heading(page, other)).toBeFocused();
});

/** Returns the name of a token in the list, which the menu reads by itself. */
async function nameOfAnother(page: Page): Promise<string> {
  await commandMenu.field(page).fill("alice");
  await expect(commandMenu.option(page, /alice/).nth(2)).toBeVisible();
  const name = await commandMenu.option(page, /alice/).nth(2).locator("span").first().innerText();
  await commandMenu.field(page).fill("");
  return name;
}

test("asks before unsaved work is left, and filters the list", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await page.goto(at.token(demoTokens.firstOfAlice.id));
  await tokenScreen.name(page).fill("not saved");
  await openCommandMenu(page);
  await page.keyboard.type("never used");
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await expect(question).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/tokens/${demoTokens.firstOfAlice.id}$`));
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/tokens\?used=never$/);
  await expect(list.filter(page, "Last used")).toHaveValue("never");
});

test("Escape gives the focus back, and the button does what the keys do", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await list.search(page).focus();
  await openCommandMenu(page);
  await page.keyboard.press("Escape");
  await expect(commandMenu.dialog(page)).toBeHidden();
  await expect(list.search(page)).toBeFocused();
  const button = page.getByRole("banner").getByRole("button", { name: "Go to…" });
  await button.press("Enter");
  await expect(commandMenu.field(page)).toBeFocused();
  await page.keyboard.type("sign out");
  await page.keyboard.press("Enter");
  await expect(heading(page, "Sign in")).toBeVisible();
});

test("a theme holds from the first paint of the next visit", async ({ page }) => {
  await page.goto(at.signIn);
  // The document is loaded before the console, which handles the keys.
  await expect(heading(page, "Sign in")).toBeVisible();
  await openCommandMenu(page);
  await page.keyboard.type("dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.getByLabel("Theme", { exact: true })).toHaveValue("dark");

  // The console itself has not started yet.
  const release = await holdWasm(page);
  await page.goto(at.signIn, { waitUntil: "commit" });
  await expect(page.getByText("Starting…")).toBeVisible();
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(20, 23, 28)");
  release();
  await expect(heading(page, "Sign in")).toBeVisible();
});
