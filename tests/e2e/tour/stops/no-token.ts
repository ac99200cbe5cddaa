// A token's page where there is no token to show.
import { expect } from "@playwright/test";

import { alice, demoTokens } from "../../support/personas.ts";
import { alert, at, heading, notPermitted } from "../../support/screens.ts";
import { answer, hold, ONE } from "../answers.ts";
import type { Stop } from "../stop.ts";

export const noTokenStops: readonly Stop[] = [
  {
    name: "no token: loading",
    who: alice,
    go: async ({ page, enter }) => {
      await hold(page, "GET", ONE);
      await enter(at.token(demoTokens.firstOfAlice.id));
      await expect(heading(page, `Token ${demoTokens.firstOfAlice.id}`)).toBeVisible();
    },
  },
  {
    name: "no token: not permitted",
    who: alice,
    isOrdinary: true,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(403);
      await enter(at.token(demoTokens.laptopOfBob.id));
      await expect(page.getByRole("main")).toContainText(notPermitted);
    },
  },
  {
    name: "no token: not found",
    who: alice,
    isOrdinary: true,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(404);
      await enter(at.token(4711));
      await expect(heading(page, /not found/i)).toBeVisible();
    },
  },
  {
    name: "no token: failed, with details",
    who: alice,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(418);
      await answer(page, "GET", ONE, { status: 418, json: { message: "I am a teapot." } });
      await enter(at.token(demoTokens.firstOfAlice.id));
      await expect(alert(page)).toContainText("The token could not be loaded");
      await alert(page).locator("summary", { hasText: "Details" }).click();
      await expect(page.getByRole("button", { name: "Copy details" })).toBeVisible();
    },
  },
  {
    name: "page not found",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await page.goto("nowhere");
      await expect(heading(page, "Page not found")).toBeVisible();
    },
  },
];
