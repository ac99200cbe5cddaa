// The list of tokens, and the messages above it.
import { expect, type Page } from "@playwright/test";

import { admin, alice, bob, carol, demoTokens, root } from "../../support/personas.ts";
import { at, list, phone, status } from "../../support/screens.ts";
import { COLLECTION, hold, LATER_PAGES, ONE } from "../answers.ts";
import type { Stop } from "../stop.ts";

/** Nine of Alice's tokens, for stops where it does not matter which and how many. */
export const FEW = `${at.tokens}?q=token-0`;

/** Waits for the rows and all their details. */
export async function listed(page: Page): Promise<void> {
  await expect(list.names(page).first()).toBeVisible();
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);
}

export const listStops: readonly Stop[] = [
  {
    name: "list: first page",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
    },
  },
  {
    name: "list: second page, with this session's token",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await list.nextPage(page).click();
      await expect(list.token(page, demoTokens.lastOfAlice.name)).toBeVisible();
      await listed(page);
      await expect(list.table(page).getByText("This session")).toBeVisible();
    },
  },
  {
    name: "list: of everybody, to root",
    who: root,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?size=100`);
      await listed(page);
      await expect(list.table(page).getByText("bob", { exact: true }).first()).toBeVisible();
    },
  },
  {
    name: "list: loading",
    who: alice,
    go: async ({ page, enter }) => {
      await hold(page, "GET", COLLECTION);
      await enter();
      await expect(page.locator(".list[aria-busy=true]")).toBeVisible();
    },
  },
  {
    name: "list: rows without their details",
    who: alice,
    go: async ({ page, enter }) => {
      await hold(page, "GET", ONE);
      await enter();
      await expect(list.table(page).getByText("Loading").first()).toBeAttached();
    },
  },
  {
    name: "list: empty",
    who: carol,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await expect(page.getByText("There are no tokens yet.")).toBeVisible();
    },
  },
  {
    name: "list: search with matches",
    who: alice,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?q=token-1`);
      await expect(list.position(page)).toContainText("that match");
      await expect(list.table(page).locator("mark").first()).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "list: search without a match",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?q=nothing+is+called+like+this`);
      await expect(status(page, /^No match among/)).toBeVisible();
    },
  },
  {
    name: "list: filters on",
    who: bob,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?status=disabled&used=not-90&sort=-name`);
      await expect(list.names(page)).toHaveText([demoTokens.disabledOfBob.name]);
      await expect(page.getByRole("button", { name: "Clear filters" })).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "list: a filter by details that the server does not tell",
    who: admin,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(403);
      await enter(`${at.tokens}?status=disabled`);
      await expect(list.names(page)).toHaveText([demoTokens.disabledOfBob.name]);
      await expect(status(page, /^The server does not show you the details of 1 token: /)).toBeVisible();
      await expect(list.position(page)).toContainText("; 1 could not be checked");
    },
  },
  {
    name: "list: filters unfolded on a phone",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await page.setViewportSize(phone);
      await enter(`${at.tokens}?q=token-0`);
      await listed(page);
      await expect(page.getByLabel("Status", { exact: true })).toBeHidden();
      await page.getByRole("button", { name: "Filters", exact: true }).click();
      await page.getByLabel("Order", { exact: true }).selectOption("By name, Z to A");
      await expect(list.names(page).first()).toHaveText("alice-token-09");
      await listed(page);
    },
  },
  {
    name: "list: what a filter costs",
    who: root,
    many: true,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?status=enabled`);
      await expect(status(page, /This needs the details of [\d,]+ more tokens/)).toBeVisible();
    },
  },
  {
    name: "list: reading the details of all",
    who: root,
    many: true,
    go: async ({ page, enter }) => {
      await enter(`${at.tokens}?status=enabled`);
      const read = page.getByRole("button", { name: "Load details" });
      await expect(read).toBeVisible();
      await hold(page, "GET", ONE);
      await read.click();
      await expect(status(page, "Loading the details.")).toBeVisible();
    },
  },
  {
    name: "list: being read",
    who: root,
    many: true,
    go: async ({ page, enter }) => {
      await hold(page, "GET", LATER_PAGES);
      await enter();
      await expect(page.getByText("loaded so far").first()).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "list: stopped in the middle",
    who: root,
    many: true,
    go: async ({ page, enter }) => {
      await hold(page, "GET", LATER_PAGES);
      await enter();
      await page.getByRole("button", { name: "Stop", exact: true }).click();
      await expect(status(page, /^Stopped after/)).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "list: what a refresh brought",
    who: alice,
    go: async ({ page, enter, token }) => {
      await enter();
      await listed(page);
      const { name } = await token("brought by a refresh");
      await list.refresh(page).click();
      await expect(status(page, "Changed since the last load: 1 new.")).toBeVisible();
      await list.search(page).fill(name);
      await expect(list.names(page)).toHaveText([name]);
      await expect(list.table(page).getByText("New", { exact: true })).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "list: very long names",
    who: alice,
    go: async ({ page, enter, token }) => {
      const { name } = await token(`long-${"of-one-piece".repeat(16)}`);
      await token(`long ${"with many words in it ".repeat(12)}`);
      await enter(`${at.tokens}?q=long`);
      await expect(list.token(page, name)).toBeVisible();
      await expect(list.names(page)).toHaveCount(2);
      await listed(page);
    },
  },
];
