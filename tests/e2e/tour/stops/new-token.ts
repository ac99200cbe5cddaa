// "New token" and "Token created".
import { expect, type Page } from "@playwright/test";

import { alice, demoTokens, root } from "../../support/personas.ts";
import { at, created, expectBlocked, heading, notPermitted, status } from "../../support/screens.ts";
import { allow, answer, COLLECTION, hold, loseAnswer, refuse } from "../answers.ts";
import { longWord, oneWord, type Stage, type Stop } from "../stop.ts";

const name = (page: Page) => page.getByLabel("Name", { exact: true });
const submit = (page: Page) => page.getByRole("button", { name: "Create token" }).click();

/** The form, with a name typed. */
async function fill({ page, enter }: Stage, typed: string): Promise<void> {
  await enter(at.newToken);
  await name(page).fill(typed);
}

/** A new token, still hidden. */
async function create(stage: Stage, typed = "nightly-backup"): Promise<void> {
  await fill(stage, typed);
  await submit(stage.page);
  await expect(heading(stage.page, "Token created")).toBeVisible();
}

/** Allows its secret to be on the screen. */
async function allowSecret({ api, secrets }: Stage): Promise<void> {
  secrets.allow((await api(alice).named("nightly-backup")).token);
}

export const newTokenStops: readonly Stop[] = [
  {
    name: "new token: empty",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(at.newToken);
      await expect(page.getByText("You are not allowed to list users.")).toBeVisible();
    },
  },
  {
    name: "new token: for somebody else",
    who: root,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(at.newToken);
      await page.getByLabel("Owner", { exact: true }).selectOption({ label: "carol (ID 5)" });
      await expect(page.getByLabel("Owner", { exact: true })).toHaveValue("5");
    },
  },
  {
    name: "new token: the owner's number, where users are not listed",
    who: root,
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(404);
      await refuse(page, "GET", /\/api\/v1\/users\/(\?|$)/, 404);
      await enter(at.newToken);
      await page
        .getByRole("spinbutton", { name: "Owner" })
        .or(page.getByRole("textbox", { name: "Owner" }))
        .fill("x");
      await name(page).fill("nightly-backup");
      await submit(page);
      await expect(page.getByText("Enter the user's ID, a whole number.")).toBeVisible();
    },
  },
  {
    name: "new token: name too short, and no length",
    who: alice,
    go: async (stage) => {
      await fill(stage, "ab");
      await stage.page.getByLabel("Length", { exact: true }).fill("7");
      await submit(stage.page);
      await expect(name(stage.page)).toHaveAttribute("aria-invalid", "true");
      await expect(stage.page.getByText("Enter a whole number from")).toBeVisible();
    },
  },
  {
    name: "new token: a space at the end",
    who: alice,
    go: async (stage) => {
      await fill(stage, "nightly-backup ");
      await expect(stage.page.getByText("The name begins or ends with a space.")).toBeVisible();
    },
  },
  {
    name: "new token: name taken",
    who: alice,
    go: async (stage) => {
      stage.watch.expectStatus(409);
      await fill(stage, demoTokens.firstOfAlice.name);
      await submit(stage.page);
      await expect(stage.page.getByText("This name is taken")).toBeVisible();
      await expect(stage.page.getByRole("link", { name: "Open the token" })).toBeVisible();
    },
  },
  {
    name: "new token: being created",
    who: alice,
    go: async (stage) => {
      await hold(stage.page, "POST", COLLECTION);
      await fill(stage, "nightly-backup");
      await submit(stage.page);
      await expect(stage.page.getByRole("button", { name: "Create token" })).toHaveAttribute(
        "aria-busy",
        "true",
      );
    },
  },
  {
    name: "new token: refused",
    who: alice,
    go: async (stage) => {
      stage.watch.expectStatus(403);
      await refuse(stage.page, "POST", COLLECTION, 403);
      await fill(stage, "nightly-backup");
      await submit(stage.page);
      await expect(stage.page.getByText("The token was not created: ")).toBeVisible();
    },
  },
  {
    name: "new token: nobody knows whether it was created",
    who: alice,
    go: async (stage) => {
      const { page, watch } = stage;
      watch.expectFailures();
      await fill(stage, "nightly-backup");
      await refuse(page, "GET", COLLECTION, 403);
      await answer(page, "POST", COLLECTION, { status: 500, json: {} });
      await submit(page);
      await expect(page.getByText("The token may have been created")).toBeVisible();
      await expect(page.getByRole("button", { name: "Check again" })).toBeVisible();
    },
  },
  {
    name: "new token: created, and its answer lost",
    who: alice,
    go: async (stage) => {
      stage.watch.expectFailures();
      await fill(stage, "nightly-backup");
      await loseAnswer(stage.page, "POST", COLLECTION);
      await submit(stage.page);
      await expect(status(stage.page, "but the response got lost.")).toBeVisible();
    },
  },
  {
    name: "new token: a draft restored",
    who: alice,
    go: async (stage) => {
      const { page } = stage;
      await fill(stage, "nightly-ba");
      page.once("dialog", (dialog) => void dialog.accept());
      await page.reload();
      await expect(status(page, "Your draft was restored.")).toBeVisible();
    },
  },
  {
    name: "new token: not allowed",
    who: alice,
    go: async ({ page, enter }) => {
      await allow(page, COLLECTION, "GET, OPTIONS");
      await enter(at.newToken);
      await expectBlocked(page.getByRole("button", { name: "Create token" }), notPermitted);
    },
  },
  {
    name: "new token: the question before leaving",
    who: alice,
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter(at.newToken);
      await name(page).pressSequentially("nigh");
      await page.getByRole("link", { name: "Cancel" }).click();
      await expect(page.getByRole("alertdialog", { name: "Leave without saving?" })).toBeVisible();
    },
  },
  {
    name: "token created: hidden",
    who: alice,
    isOrdinary: true,
    go: (stage) => create(stage),
  },
  {
    name: "token created: a name in one word",
    who: alice,
    go: (stage) => create(stage, oneWord),
  },
  {
    name: "token created: a very long name in one word",
    who: alice,
    go: (stage) => create(stage, longWord),
  },
  {
    name: "token created: shown",
    who: alice,
    go: async (stage) => {
      await create(stage);
      await allowSecret(stage);
      await created.show(stage.page).click();
      await expect(created.secret(stage.page)).not.toHaveValue("");
    },
  },
  {
    name: "token created: copied",
    who: alice,
    go: async (stage) => {
      await create(stage);
      await created.copy(stage.page).click();
      await expect(status(stage.page, /Copied to the clipboard/)).toBeVisible();
    },
  },
  {
    name: "token created: saved as a file",
    who: alice,
    go: async (stage) => {
      await create(stage);
      await stage.page.getByRole("button", { name: "Download .env" }).click();
      await expect(status(stage.page, /^Saved as \w+\.env\./)).toBeVisible();
    },
  },
  {
    name: "token created: a snippet",
    who: alice,
    go: async (stage) => {
      await create(stage);
      await stage.page.getByText("Python requests", { exact: true }).click();
      await expect(stage.page.locator("pre", { hasText: "import requests" })).toBeVisible();
    },
  },
  {
    name: "token created: the question before leaving",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await create(stage);
      await created.done(stage.page).click();
      await expect(stage.page.getByRole("alertdialog", { name: "Leave without the secret?" })).toBeVisible();
    },
  },
];
