// Around the list: other ways to find tokens, and notices about tokens of earlier sessions.
import { expect, type Page } from "@playwright/test";

import type { Token } from "../../support/api.ts";
import { alice, carol, type Persona } from "../../support/personas.ts";
import {
  alert,
  at,
  heading,
  list,
  signIn,
  signInForm,
  status,
  submitPassword,
} from "../../support/screens.ts";
import { answer, COLLECTION, cut, hold, ONE } from "../answers.ts";
import type { Stage, Stop } from "../stop.ts";
import { FEW, listed } from "./list.ts";

function unfold(page: Page, name: string) {
  return page.getByRole("main").locator("summary", { hasText: name }).click();
}

/** Signs in with a password, for a token that is created for the session. */
async function signInForTemporaryToken(page: Page, persona: Persona): Promise<void> {
  await page.goto(at.signIn);
  await signInForm.byPassword(page).check();
  await signInForm.temporaryToken(page).check();
  await submitPassword(page, persona.name, persona.password);
  await expect(heading(page, "API tokens")).toBeVisible();
}

/** Returns that token, and allows the session to keep it. */
async function temporaryToken({ api, secrets }: Stage): Promise<Token> {
  const found = (await api(alice).list()).find(({ name }) => name.startsWith("console session"));
  const token = await api(alice).get(found?.id ?? 0);
  secrets.allowInSession(token.token);
  return token;
}

/** Closes the tab of such a session, and signs Alice in again. */
async function leaveOneBehind(stage: Stage): Promise<void> {
  const { page, context, secrets } = stage;
  const closed = await context.newPage();
  await signInForTemporaryToken(closed, alice);
  await expect(closed.getByRole("link", { name: "Temporary token" })).toBeVisible();
  await temporaryToken(stage);
  await closed.close();
  await signIn(page, alice, secrets);
  await expect(status(page, "was left behind.")).toBeVisible();
}

export const belowStops: readonly Stop[] = [
  {
    name: "open by ID: not a number",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await page.getByLabel("Open by ID", { exact: true }).fill("twelve");
      await page.getByLabel("Open by ID", { exact: true }).press("Enter");
      await expect(page.getByText("Enter a whole number.")).toBeVisible();
    },
  },
  {
    name: "recently disabled",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter, token }) => {
      const { name } = await token("runner");
      await enter();
      await listed(page);
      await list.search(page).fill(name);
      await expect(list.names(page)).toHaveText([name]);
      await page.getByRole("button", { name: `Actions for ${name}` }).click();
      await page.getByRole("menuitem", { name: "Disable" }).click();
      const recently = page.getByRole("region", { name: "Recently disabled" });
      await expect(recently.getByRole("link", { name })).toBeVisible();
      await status(page, "Disabled").getByRole("button", { name: "Dismiss" }).click();
    },
  },
  {
    name: "find unlisted: what it costs",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(FEW);
      await listed(page);
      await unfold(page, "Find unlisted tokens");
      await expect(page.getByText(/About \d+ requests/)).toBeVisible();
    },
  },
  {
    name: "find unlisted: looking",
    who: alice,
    go: async ({ page, enter }) => {
      await enter();
      await listed(page);
      await unfold(page, "Find unlisted tokens");
      await hold(page, "GET", ONE);
      await page.getByRole("button", { name: "Start search" }).click();
      await expect(status(page, "Searching for unlisted tokens.")).toBeVisible();
    },
  },
  {
    name: "find unlisted: found",
    who: alice,
    go: async ({ page, watch, enter, api, token }) => {
      watch.expectStatus(403, 404);
      // Its ID may be far beyond the demo data's last one, depending on how many tokens other stops have created; the
      // search goes a little beyond the last ID that is listed.
      await token("listed beside it");
      const { id } = await token("disabled long ago");
      const listedOnes = (await api(alice).list()).filter((each) => each.id !== id);
      await answer(page, "GET", COLLECTION, { json: listedOnes });
      await enter();
      await listed(page);
      await unfold(page, "Find unlisted tokens");
      await page.getByRole("button", { name: "Start search" }).click();
      await expect(status(page, "1 unlisted token was found.")).toBeVisible();
    },
  },
  {
    name: "export",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(FEW);
      await listed(page);
      await unfold(page, "Export");
      await expect(page.getByRole("button", { name: "Download CSV" })).toBeVisible();
    },
  },
  {
    name: "left behind: offered",
    go: async (stage) => {
      await leaveOneBehind(stage);
      await listed(stage.page);
    },
  },
  {
    name: "left behind: deleted",
    go: async (stage) => {
      const { page } = stage;
      await leaveOneBehind(stage);
      await page.getByRole("button", { name: "Delete it", exact: true }).click();
      await expect(status(page, "Deleted the token from an earlier console session.")).toBeVisible();
      await listed(page);
    },
  },
  {
    name: "a token of its own: in use",
    go: async (stage) => {
      await signInForTemporaryToken(stage.page, alice);
      await expect(stage.page.getByRole("link", { name: "Temporary token" })).toBeVisible();
      await temporaryToken(stage);
      await listed(stage.page);
    },
  },
  {
    name: "a token of its own: refused",
    go: async ({ page, secrets }) => {
      secrets.allowInSession(carol.password);
      await signInForTemporaryToken(page, carol);
      await expect(status(page, "You are signed in with your password")).toBeVisible();
    },
  },
  {
    name: "a token of its own: not deleted",
    go: async (stage) => {
      const { page, watch } = stage;
      watch.expectFailures();
      await signInForTemporaryToken(page, alice);
      await expect(page.getByRole("link", { name: "Temporary token" })).toBeVisible();
      await temporaryToken(stage);
      await listed(page);
      await cut(page, ONE);
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(alert(page)).toContainText("The token may have been deleted");
    },
  },
];
