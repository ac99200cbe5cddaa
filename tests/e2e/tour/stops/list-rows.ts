// Actions on rows of the list: one by its menu, many at once.
import { expect, type Page } from "@playwright/test";

import { alice, carol } from "../../support/personas.ts";
import { at, expectBlocked, list, notPermitted, scrollToEnd, status } from "../../support/screens.ts";
import { hold, ONE, refuse } from "../answers.ts";
import type { Stage, Stop } from "../stop.ts";
import { FEW, listed } from "./list.ts";

const bar = (page: Page) => page.getByRole("region", { name: "Selection" });
const results = (page: Page) => page.getByRole("region", { name: "Bulk action" });
const question = (page: Page, name: string) => page.getByRole("alertdialog", { name });

/** Shows only three tokens created for the stop, all selected. */
async function selectThree({ page, token, enter }: Stage): Promise<void> {
  for (const number of [1, 2, 3]) {
    await token(`runner ${number}`);
  }
  await enter(`${at.tokens}?q=runner`);
  await expect(list.names(page)).toHaveCount(3);
  await listed(page);
  await select(page, ["runner 1", "runner 2", "runner 3"]);
}

/** Selects by the rows' checkboxes: a phone has no others. */
async function select(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  }
  await expect(bar(page).getByRole("status")).toHaveText(`${names.length} selected`);
}

async function press(page: Page, act: "Enable" | "Disable" | "Delete"): Promise<void> {
  await bar(page).getByRole("button", { name: act, exact: true }).click();
}

async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await expect(page.getByRole("menuitem", { name: "Open" })).toBeFocused();
}

/** Closes a menu that was opened at another window size, and opens it again. */
async function reopenMenu(page: Page, name: string): Promise<void> {
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toBeHidden();
  await openMenu(page, name);
}

export const rowStops: readonly Stop[] = [
  {
    name: "rows: the menu of one",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(FEW);
      await listed(page);
      await openMenu(page, "alice-token-02");
    },
    resized: ({ page }) => reopenMenu(page, "alice-token-02"),
  },
  {
    name: "rows: the menu of one, with what is not allowed",
    who: carol,
    go: async ({ page, enter, token }) => {
      const { name } = await token("carol-reader");
      await enter();
      await listed(page);
      await openMenu(page, name);
      await expectBlocked(page.getByRole("menuitem", { name: "Delete…" }), notPermitted);
    },
    resized: ({ page }) => reopenMenu(page, "carol-reader"),
  },
  {
    name: "rows: the question before one is deleted",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await openMenu(page, "alice-token-02");
      await page.getByRole("menuitem", { name: "Delete…" }).click();
      await expect(question(page, "Delete alice-token-02?")).toBeVisible();
    },
  },
  {
    name: "rows: one was disabled",
    who: alice,
    go: async ({ page, enter, token }) => {
      const { name } = await token("runner");
      await enter(`${at.tokens}?q=runner`);
      await listed(page);
      await openMenu(page, name);
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await expect(status(page, `Disabled ${name}`)).toBeVisible();
      await expect(page.getByRole("region", { name: "Recently disabled" })).toBeVisible();
    },
  },
  {
    name: "rows: some selected",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(FEW);
      await listed(page);
      await select(page, ["alice-token-01", "alice-token-03"]);
    },
  },
  {
    name: "rows: all selected, most of them on other pages",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await select(page, ["alice-token-01"]);
      await page.getByRole("button", { name: "Select all 45" }).click();
      await expect(bar(page).getByRole("status")).toHaveText("45 selected");
      await scrollToEnd(page);
    },
  },
  {
    name: "rows: asking what is allowed",
    who: alice,
    go: async (stage) => {
      await selectThree(stage);
      await hold(stage.page, "OPTIONS", ONE);
      await press(stage.page, "Disable");
      await expect(stage.page.getByText("Checking what you are allowed to do")).toBeVisible();
    },
  },
  {
    name: "rows: the question before three are disabled",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await selectThree(stage);
      await press(stage.page, "Disable");
      const ask = question(stage.page, "Disable 3 tokens?");
      await expect(ask.getByRole("button", { name: "Disable 3 tokens" })).toBeVisible();
    },
  },
  {
    name: "rows: the question before three are deleted, with a wrong number typed",
    who: alice,
    go: async (stage) => {
      await selectThree(stage);
      await press(stage.page, "Delete");
      const ask = question(stage.page, "Delete 3 tokens?");
      await ask.getByLabel("How many tokens will be deleted?").fill("33");
      await ask.getByRole("button", { name: "Delete 3 tokens" }).click();
      await expect(ask).toContainText("Type 3, the number of tokens that will be deleted.");
    },
  },
  {
    name: "rows: the question leaves one out",
    who: alice,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?q=token-4`);
      await listed(page);
      await select(page, ["alice-token-44", "alice-token-45"]);
      await press(page, "Delete");
      await expect(question(page, "Delete 1 of 2 tokens?")).toContainText("1 token is left out");
    },
  },
  {
    name: "rows: three are being disabled",
    who: alice,
    go: async (stage) => {
      await selectThree(stage);
      await hold(stage.page, "PATCH", ONE);
      await press(stage.page, "Disable");
      await question(stage.page, "Disable 3 tokens?").getByRole("button", { name: "Disable 3" }).click();
      await expect(results(stage.page)).toContainText("Disabling 3 tokens.");
    },
  },
  {
    name: "rows: results, one of them a failure",
    who: alice,
    go: async (stage) => {
      const { page, watch, api } = stage;
      watch.expectStatus(409);
      await selectThree(stage);
      const { id } = await api(alice).named("runner 2");
      await refuse(page, "PATCH", new RegExp(`/api_tokens/${id}$`), 409);
      await press(page, "Disable");
      await question(page, "Disable 3 tokens?").getByRole("button", { name: "Disable 3" }).click();
      await expect(results(page)).toContainText("Disabled 2 of 3 tokens. 1 failed.");
    },
  },
];
