// The command menu: all it offers, matches, no match, and disabled commands.
import { expect, type Page } from "@playwright/test";

import { alice, bob } from "../../support/personas.ts";
import { at, commandMenu, heading, list, openCommandMenu } from "../../support/screens.ts";
import { allow, COLLECTION, refuse } from "../answers.ts";
import type { Stop } from "../stop.ts";
import { listed } from "./list.ts";

async function openMenu(page: Page, typed = ""): Promise<void> {
  await openCommandMenu(page);
  await commandMenu.field(page).fill(typed);
}

export const paletteStops: readonly Stop[] = [
  {
    name: "command menu: what it offers",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await openMenu(page);
      await expect(commandMenu.options(page).nth(8)).toBeVisible();
    },
  },
  {
    name: "command menu: tokens that match",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await openMenu(page, "token-02");
      await expect(commandMenu.options(page).filter({ hasText: "alice-token-02" })).toHaveAttribute(
        "aria-selected",
        "true",
      );
    },
  },
  {
    name: "command menu: no token found",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await openMenu(page, "no such thing");
      await expect(commandMenu.options(page)).toHaveText(["Search the list for “no such thing”"]);
    },
  },
  {
    name: "command menu: creating is not allowed",
    who: bob,
    go: async ({ page, enter }) => {
      await allow(page, COLLECTION, "GET, HEAD, OPTIONS");
      await enter();
      await listed(page);
      await expect(list.newToken(page)).toHaveAttribute("aria-disabled", "true");
      await openMenu(page, "new token");
      await expect(commandMenu.options(page).first()).toHaveAttribute("aria-disabled", "true");
    },
  },
  {
    name: "command menu: the list could not be read",
    who: alice,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(403);
      await enter(at.token(5));
      await expect(heading(page, "alice-token-01")).toBeVisible();
      await refuse(page, "GET", COLLECTION, 403);
      await openMenu(page);
      await expect(commandMenu.dialog(page)).toContainText("Not all tokens were loaded");
    },
  },
  {
    name: "command menu: nobody is signed in",
    go: async ({ page, enter }) => {
      await enter();
      await expect(heading(page, "Sign in")).toBeVisible();
      await openMenu(page);
      await expect(commandMenu.options(page).first()).toBeVisible();
    },
  },
  {
    name: "theme: dark, chosen while the system is light",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await page.getByLabel("Theme", { exact: true }).selectOption("Dark");
      await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    },
  },
];
