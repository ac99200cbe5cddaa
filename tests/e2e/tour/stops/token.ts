// A token's page, and the actions on it.
import { expect } from "@playwright/test";

import { alice, carol } from "../../support/personas.ts";
import {
  at,
  deletionDialog,
  expectBlocked,
  heading,
  notPermitted,
  signInWithToken,
  status,
  tokenScreen,
} from "../../support/screens.ts";
import { allow, hold, ONE, refuse } from "../answers.ts";
import type { Stage, Stop } from "../stop.ts";

/** A token's page, as it first appears. */
async function open({ page, token, enter }: Stage, name = "build-server") {
  const made = await token(name);
  await enter(at.token(made.id));
  await expect(heading(page, name)).toBeVisible();
  await expect(tokenScreen.enabled(page)).toBeChecked();
  return made;
}

export const tokenStops: readonly Stop[] = [
  {
    name: "token: enabled",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await open(stage);
    },
  },
  {
    name: "token: disabled",
    who: alice,
    go: async (stage) => {
      const { page, api, token, enter } = stage;
      const { id } = await token("build-server");
      await api(alice).change(id, { enabled: false });
      await enter(at.token(id));
      await expect(tokenScreen.enabled(page)).not.toBeChecked();
    },
  },
  {
    name: "token: a very long name",
    who: alice,
    go: async (stage) => {
      await open(stage, `long-${"of-one-piece".repeat(16)}`);
    },
  },
  {
    name: "token: this session's own, about to be disabled",
    go: async ({ page, api, secrets }) => {
      const token = await api(alice).create("build-server");
      await signInWithToken(page, token.token, secrets);
      await page.goto(at.token(token.id));
      await expect(page.getByRole("main").getByText("This session", { exact: true })).toBeVisible();
      await tokenScreen.enabled(page).uncheck();
      await expect(tokenScreen.enabled(page)).toHaveAccessibleDescription(/Saving this ends your session/);
    },
  },
  {
    name: "token: shown",
    who: alice,
    go: async (stage) => {
      const { token } = await open(stage);
      stage.secrets.allow(token);
      await tokenScreen.show(stage.page).click();
      await expect(tokenScreen.secret(stage.page)).toHaveValue(token);
    },
  },
  {
    name: "token: copied",
    who: alice,
    go: async (stage) => {
      await open(stage);
      await tokenScreen.copy(stage.page).click();
      await expect(status(stage.page, /Copied to the clipboard/)).toBeVisible();
    },
  },
  {
    name: "token: no clipboard",
    who: alice,
    go: async (stage) => {
      await stage.page.addInitScript(() => {
        Object.defineProperty(navigator, "clipboard", { value: undefined });
      });
      const { token } = await open(stage);
      stage.secrets.allow(token);
      await tokenScreen.copy(stage.page).click();
      await expect(stage.page.getByText("This page cannot use the clipboard")).toBeVisible();
    },
  },
  {
    name: "token: the secret is refused",
    who: alice,
    go: async (stage) => {
      stage.watch.expectStatus(403);
      await open(stage);
      await refuse(stage.page, "GET", ONE, 403);
      await tokenScreen.show(stage.page).click();
      await expect(stage.page.getByText("The secret could not be loaded")).toBeVisible();
    },
  },
  {
    name: "token: verified",
    who: alice,
    go: async (stage) => {
      await open(stage);
      await stage.page.getByRole("button", { name: "Verify token" }).click();
      await expect(status(stage.page, "works: it acts for alice.")).toBeVisible();
    },
  },
  {
    name: "token: verified, and does not work",
    who: alice,
    go: async (stage) => {
      const { page, watch, api } = stage;
      watch.expectStatus(401);
      const { id } = await open(stage);
      await api(alice).change(id, { enabled: false });
      await page.getByRole("button", { name: "Verify token" }).click();
      await expect(page.getByRole("alert").filter({ hasText: "does not work" })).toBeVisible();
    },
  },
  {
    name: "token: name too short",
    who: alice,
    go: async (stage) => {
      await open(stage);
      await tokenScreen.name(stage.page).fill("ab");
      await tokenScreen.save(stage.page).click();
      await expect(tokenScreen.name(stage.page)).toHaveAttribute("aria-invalid", "true");
    },
  },
  {
    name: "token: being saved",
    who: alice,
    go: async (stage) => {
      await open(stage);
      await hold(stage.page, "PATCH", ONE);
      await tokenScreen.name(stage.page).fill("build-server-2");
      await tokenScreen.save(stage.page).click();
      await expect(tokenScreen.save(stage.page)).toHaveAttribute("aria-busy", "true");
    },
  },
  {
    name: "token: saved",
    who: alice,
    go: async (stage) => {
      await open(stage);
      await tokenScreen.name(stage.page).fill("build-server-2");
      await tokenScreen.enabled(stage.page).uncheck();
      await tokenScreen.save(stage.page).click();
      await expect(status(stage.page, "Saved: build-server-2 is disabled.")).toBeVisible();
    },
  },
  {
    name: "token: mine or theirs",
    who: alice,
    go: async (stage) => {
      const { page, watch, api } = stage;
      watch.expectStatus(409);
      const { id } = await open(stage);
      await api(alice).change(id, { name: "build-server-theirs", enabled: false });
      await tokenScreen.name(page).fill("build-server-mine");
      await tokenScreen.save(page).click();
      await expect(page.getByRole("button", { name: "Use their name" })).toBeVisible();
    },
  },
  {
    name: "token: saving refused",
    who: alice,
    go: async (stage) => {
      stage.watch.expectStatus(403);
      await open(stage);
      await refuse(stage.page, "PATCH", ONE, 403);
      await tokenScreen.name(stage.page).fill("build-server-2");
      await tokenScreen.save(stage.page).click();
      await expect(stage.page.getByText("The changes were not saved: ")).toBeVisible();
    },
  },
  {
    name: "token: changing is not allowed",
    who: alice,
    go: async (stage) => {
      await allow(stage.page, ONE, "GET, OPTIONS");
      await open(stage);
      await expectBlocked(tokenScreen.save(stage.page), notPermitted);
    },
  },
  {
    name: "token: the question before it is deleted",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await open(stage);
      await tokenScreen.delete(stage.page).click();
      await expect(deletionDialog(stage.page, "build-server").cancel).toBeFocused();
    },
  },
  {
    name: "token: the question, and a refusal",
    who: alice,
    go: async (stage) => {
      const { page, watch } = stage;
      watch.expectStatus(403);
      await open(stage);
      await refuse(page, "DELETE", ONE, 403);
      await tokenScreen.delete(page).click();
      const { dialog, confirm } = deletionDialog(page, "build-server");
      await confirm.click();
      await expect(dialog).toContainText("The token was not deleted: ");
    },
  },
  {
    name: "token: deleting is not allowed",
    who: carol,
    go: async ({ page, token, enter }) => {
      const { id } = await token("carol-reader");
      await enter(at.token(id));
      await expectBlocked(tokenScreen.delete(page), notPermitted);
    },
  },
];
