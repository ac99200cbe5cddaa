// The same page in other media: in print, with more contrast, and on a phone.
import type { Page } from "@playwright/test";

import { expectMoreContrast } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import {
  at,
  deletionDialog,
  heading,
  list,
  openToken,
  phone,
  signIn,
  tokenScreen,
} from "../support/screens.ts";

/** The printable area of an A4 sheet. */
const paper = { width: 718, height: 1046 };

const token = demoTokens.firstOfAlice;

test.describe("on paper", () => {
  test("the list is a table, with nothing to press", async ({ page, secrets }) => {
    await signIn(page, alice, secrets);
    await expect(list.token(page, token.name)).toBeVisible();
    await page.setViewportSize(paper);
    await page.emulateMedia({ media: "print" });
    for (const name of ["Name", "ID", "Owner", "Status", "Last used", "Created"]) {
      const column = list.table(page).getByRole("columnheader", { name, exact: true });
      await expect(column).toBeInViewport();
    }
    const first = list.table(page).getByRole("row").nth(1);
    const name = await first.getByRole("link").boundingBox();
    const created = await first.getByRole("cell").nth(5).boundingBox();
    expect(created!.y, "one line for a token").toBeLessThan(name!.y + name!.height);
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await expect(page.getByRole("combobox")).toHaveCount(0);
    await expect(
      page.getByRole("button").filter({ hasNotText: /^(Name|ID|Owner|Status|Last used|Created)$/ }),
    ).toHaveCount(0);
    expect(await sidewaysBy(page)).toBe(0);
  });

  test("a secret that is shown stays on the screen", async ({ page, secrets }) => {
    await signIn(page, alice, secrets);
    await openToken(page, token);
    await tokenScreen.show(page).click();
    const secret = page.getByLabel("Token", { exact: true });
    await expect(secret).not.toHaveValue("");
    await page.emulateMedia({ media: "print" });
    await expect(secret).toBeHidden();
    await expect(heading(page, token.name)).toBeVisible();
    await page.emulateMedia({ media: "screen" });
    await tokenScreen.hide(page).click();
  });
});

test("more contrast: 7:1 for every text", async ({ page, secrets }) => {
  await page.goto(at.signIn);
  await expectMoreContrast(page, "sign in");
  await signIn(page, alice, secrets);
  await page.getByRole("checkbox", { name: `Select ${token.name}` }).check();
  await expectMoreContrast(page, "the list, with a selection");
  await openToken(page, token);
  await expectMoreContrast(page, "a token");
  const { dialog } = deletionDialog(page, token.name);
  await tokenScreen.delete(page).click();
  await expect(dialog).toBeVisible();
  await expectMoreContrast(page, "a question");
});

/** As with a browser's text size, or its zoom of text only: the window keeps its width in media queries. */
test("with text twice as large, names are still on one line", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
  const name = list.token(page, token.name);
  expect((await name.boundingBox())!.height).toBeLessThan(60);
  const header = list.table(page).getByRole("columnheader", { name: "Name", exact: true });
  expect((await header.boundingBox())!.width).toBeGreaterThan(300);
  expect(await sidewaysBy(page), "only the table scrolls").toBe(0);
});

test("in forced colours, a field with an error looks like one", async ({ page, secrets }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await signIn(page, alice, secrets);
  await page.goto(at.newToken);
  const name = page.getByLabel("Name", { exact: true });
  const border = () => name.evaluate((field) => getComputedStyle(field).borderTopWidth);
  expect(await border()).toBe("1px");
  await name.press("Enter");
  await expect(name).toHaveAttribute("aria-invalid", "true");
  expect(await border()).toBe("3px");
});

test.describe("on a phone", () => {
  test.use({ viewport: phone });

  test("a page of rows can be selected at once", async ({ page, secrets }) => {
    await signIn(page, alice, secrets);
    await page.getByRole("checkbox", { name: "Select this page" }).click();
    const bar = page.getByRole("region", { name: "Selection" });
    await expect(bar.getByRole("status")).toHaveText("25 selected");
    await bar.getByRole("button", { name: "Clear" }).click();
  });

  test("menus and questions are sheets at the bottom", async ({ page, secrets }) => {
    await signIn(page, alice, secrets);
    await page.getByRole("button", { name: `Actions for ${token.name}` }).click();
    const item = page.getByRole("menuitem", { name: "Delete" });
    await expect(item).toBeEnabled();
    const menu = await page.getByRole("menu").boundingBox();
    expect(menu).toMatchObject({ x: 0, width: phone.width });
    expect(menu!.y + menu!.height).toBe(phone.height);
    await item.click();
    const { dialog, cancel } = deletionDialog(page, token.name);
    await expect(dialog).toBeVisible();
    const sheet = await dialog.boundingBox();
    expect(sheet).toMatchObject({ x: 0, width: phone.width });
    expect(sheet!.y + sheet!.height).toBe(phone.height);
    await cancel.click();
    await expect(page.getByRole("button", { name: `Actions for ${token.name}` })).toBeFocused();
  });

  test("filters unfold, and say how many are on", async ({ page, secrets }) => {
    await signIn(page, alice, secrets);
    await expect(list.token(page, token.name)).toBeInViewport();
    await expect(list.filter(page, "Last used")).toBeHidden();
    const filters = page.getByRole("button", { name: /^Filters/ });
    await expect(filters).toHaveAttribute("aria-expanded", "false");
    await filters.press("Enter");
    await list.filter(page, "Last used").selectOption("Never");
    await expect(filters).toHaveText("Filters (1 on)");
    await filters.press("Enter");
    await expect(list.filter(page, "Last used")).toBeHidden();
    await expect(page).toHaveURL(/used=never/);
  });

  test("a result is seen from wherever the page is", async ({ page, api, secrets }) => {
    await signIn(page, alice, secrets);
    const own = await api(alice).create("seen-from-below");
    await openToken(page, own);
    await tokenScreen.name(page).fill("seen-from-below-2");
    await tokenScreen.save(page).scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollTo(0, 300));
    await tokenScreen.save(page).press("Enter");
    await expect(page.getByText("Saved seen-from-below-2.")).toBeInViewport();
    await api(alice).delete(own.id);
  });
});

/** Returns by how many pixels the page is wider than the window. */
function sidewaysBy(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
