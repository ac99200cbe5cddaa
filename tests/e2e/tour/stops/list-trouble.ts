// The list when the server or the network fails, or permissions are missing.
import { expect } from "@playwright/test";

import { alice, root } from "../../support/personas.ts";
import { alert, expectBlocked, list, notPermitted } from "../../support/screens.ts";
import { allow, ANYTHING, COLLECTION, cut, LATER_PAGES, ONE, refuse } from "../answers.ts";
import type { Stop } from "../stop.ts";
import { listed } from "./list.ts";

export const listTroubleStops: readonly Stop[] = [
  {
    name: "list: details refused",
    who: alice,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(403);
      await refuse(page, "GET", ONE, 403);
      await enter();
      await expect(list.table(page).getByText("The token could not be loaded").first()).toBeAttached();
    },
  },
  {
    name: "list: failed in the middle",
    who: root,
    many: true,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(403);
      await refuse(page, "GET", LATER_PAGES, 403);
      await enter();
      await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "list: refused",
    who: alice,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(403);
      await refuse(page, "GET", COLLECTION, 403);
      await enter();
      await expect(alert(page)).toContainText(notPermitted);
    },
  },
  {
    name: "list: the server cannot be reached",
    who: alice,
    go: async ({ page, watch, enter }) => {
      watch.expectFailures();
      await cut(page, COLLECTION);
      await enter();
      await page.getByRole("button", { name: "Stop trying" }).click();
      await expect(alert(page)).toContainText("the server cannot be reached");
    },
  },
  {
    name: "list: waits for the server",
    who: alice,
    go: async ({ page, watch, enter }) => {
      watch.expectFailures();
      await enter();
      await listed(page);
      await page.route(ANYTHING, (route) => route.fulfill({ status: 503, headers: { "retry-after": "50" } }));
      await list.refresh(page).click();
      await expect(page.getByRole("button", { name: "Stop trying" })).toBeVisible();
    },
  },
  {
    name: "list: waits for a network",
    who: alice,
    go: async ({ page, context, watch, enter }) => {
      watch.expectFailures();
      await enter();
      await listed(page);
      await context.setOffline(true);
      await list.refresh(page).click();
      await expect(page.getByText("This device is offline.").filter({ visible: true })).toBeVisible();
    },
  },
  {
    name: "list: creating is not allowed",
    who: alice,
    go: async ({ page, enter }) => {
      await allow(page, COLLECTION, "GET, OPTIONS");
      await enter();
      await expectBlocked(list.newToken(page), notPermitted);
      await listed(page);
    },
  },
];
