// What appears over or next to any screen: the session, the shortcuts, the activity list.
import { expect } from "@playwright/test";

import { alice, bob } from "../../support/personas.ts";
import { heading, list, signInByToken, status, tokenScreen } from "../../support/screens.ts";
import { at, deletionDialog } from "../../support/screens.ts";
import { COLLECTION, refuse } from "../answers.ts";
import type { Stage, Stop } from "../stop.ts";
import { listed } from "./list.ts";

/** Makes the server refuse the session's token. */
async function endSession({ page, watch }: Stage): Promise<void> {
  watch.expectStatus(401);
  await refuse(page, "GET", COLLECTION, 401);
  await list.refresh(page).click();
  await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible();
}

export const sessionStops: readonly Stop[] = [
  {
    name: "session: sign in again",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await stage.enter();
      await listed(stage.page);
      await endSession(stage);
    },
  },
  {
    name: "session: sign in again, refused",
    who: alice,
    go: async (stage) => {
      await stage.enter();
      await listed(stage.page);
      await endSession(stage);
      await signInByToken(stage.page, "not-a-token-of-anybody");
      await expect(stage.page.getByText("the server did not accept these credentials")).toBeVisible();
    },
  },
  {
    name: "session: signed in as somebody else",
    who: alice,
    go: async (stage) => {
      const { page, api, secrets } = stage;
      await stage.enter();
      await listed(page);
      await endSession(stage);
      await page.unroute(COLLECTION);
      const { token } = await api(bob).get(50);
      secrets.allowInSession(token);
      await signInByToken(page, token);
      await expect(status(page, "You are now signed in as bob.")).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "session: about to be locked",
    who: alice,
    go: async ({ page, context, enter }) => {
      await context.clock.install();
      await enter();
      await listed(page);
      await context.clock.runFor("14:10");
      await expect(page.getByRole("button", { name: "Stay signed in" })).toBeVisible();
    },
  },
  {
    name: "session: locked",
    who: alice,
    go: async ({ page, context, enter }) => {
      await context.clock.install();
      await enter();
      await listed(page);
      await context.clock.runFor("15:00");
      await expect(page.getByRole("dialog", { name: "Sign in again" })).toContainText(
        "Locked after 15 minutes",
      );
    },
  },
  {
    name: "activity: nothing done",
    who: alice,
    go: async ({ page, enter }) => {
      await enter(at.token(5));
      await expect(tokenScreen.enabled(page)).toBeVisible();
      await page.getByRole("region", { name: "Activity" }).locator("summary").click();
      await expect(page.getByRole("log")).toBeAttached();
    },
  },
  {
    name: "activity: unfolded",
    who: alice,
    isOrdinary: true,
    go: async ({ page, watch, token, enter }) => {
      watch.expectStatus(403);
      const { id } = await token("build-server");
      await enter(at.token(id));
      await expect(heading(page, "build-server")).toBeVisible();
      await tokenScreen.name(page).fill("build-server-2");
      await tokenScreen.save(page).click();
      await expect(status(page, "Saved build-server-2.")).toBeVisible();
      await refuse(page, "DELETE", /api_tokens\/\d+$/, 403);
      await tokenScreen.delete(page).click();
      const { dialog, confirm, cancel } = deletionDialog(page, "build-server-2");
      await confirm.click();
      await expect(dialog).toContainText("The token was not deleted");
      await cancel.click();
      await page.getByRole("region", { name: "Activity" }).locator("summary").click();
      await expect(page.getByRole("log").getByRole("listitem")).toHaveCount(2);
    },
  },
  {
    name: "keyboard shortcuts",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    },
  },
  {
    name: "skip link",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await page.reload();
      await listed(page);
      await page.keyboard.press("Tab");
      await expect(page.getByRole("link", { name: "Skip to content" })).toBeInViewport();
    },
  },
];
