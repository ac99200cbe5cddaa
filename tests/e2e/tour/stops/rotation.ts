// Replacing a token's secret, step by step.
import { expect, type Page } from "@playwright/test";

import type { Token } from "../../support/api.ts";
import { alice, carol } from "../../support/personas.ts";
import { BOTH, confirm, handOver, ONLY_NEW, rotation } from "../../support/rotation.ts";
import { at, expectBlocked, heading, list, signInWithToken, status } from "../../support/screens.ts";
import { COLLECTION, hold, ONE, refuse } from "../answers.ts";
import { longWord, oneWord, type Stage, type Stop } from "../stop.ts";
import { listed } from "./list.ts";

const NAME = "web-shop";

async function start({ page, token, enter }: Stage, name = NAME): Promise<Token> {
  const made = await token(name);
  await enter(rotation.address(made.id));
  await expect(rotation.begin(page)).toBeVisible();
  return made;
}

/** Both tokens work. */
async function begin(stage: Stage, name = NAME): Promise<Token> {
  const made = await start(stage, name);
  await rotation.begin(stage.page).click();
  await expect(rotation.standing(stage.page)).toHaveText(BOTH);
  return made;
}

/** The new one is in place, and the old one disabled. */
async function disable(stage: Stage): Promise<void> {
  await begin(stage);
  await handOver(stage.page);
  await rotation.disable(stage.page).click();
  await expect(rotation.standing(stage.page)).toHaveText(ONLY_NEW);
}

async function expectNotice(page: Page, words: string): Promise<void> {
  await expect(page.locator(".notice-title").filter({ hasText: words })).toBeVisible();
}

/** With names that overflow screens, if any do. */
const wideStops: readonly Stop[] = [oneWord, longWord].flatMap((name, index) => {
  const kind = index === 0 ? "a name in one word" : "a very long name in one word";
  return [
    {
      name: `rotation: before it begins, ${kind}`,
      who: alice,
      go: async (stage) => {
        await start(stage, name);
      },
    },
    {
      name: `rotation: both work, ${kind}`,
      who: alice,
      go: async (stage) => {
        await begin(stage, name);
      },
    },
    {
      name: `rotation: the question before undoing, ${kind}`,
      who: alice,
      go: async (stage) => {
        await begin(stage, name);
        await rotation.undo(stage.page).click();
        await expect(
          stage.page.getByRole("alertdialog", { name: /^Undo the rotation of one_word/ }),
        ).toBeVisible();
      },
    },
  ] satisfies Stop[];
});

export const rotationStops: readonly Stop[] = [
  ...wideStops,
  {
    name: "rotation: before it begins",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await start(stage);
    },
  },
  {
    name: "rotation: before it begins, leaked",
    who: alice,
    go: async (stage) => {
      await start(stage);
      await stage.page.getByRole("radio", { name: /^Leaked/ }).check();
      await expect(stage.page.getByText("Whatever uses the token is refused")).toBeVisible();
    },
  },
  {
    name: "rotation: before it begins, disabled already",
    who: alice,
    go: async ({ page, token, api, enter }) => {
      const { id } = await token(NAME);
      await api(alice).change(id, { enabled: false });
      await enter(rotation.address(id));
      await expectNotice(page, "This token is already disabled.");
    },
  },
  {
    name: "rotation: before it begins, of this session's token",
    go: async ({ page, api, secrets }) => {
      const token = await api(alice).create(NAME);
      await signInWithToken(page, token.token, secrets);
      await page.goto(rotation.address(token.id));
      await expect(
        page.getByRole("checkbox", { name: "Continue this session with the new token" }),
      ).toBeChecked();
    },
  },
  {
    name: "rotation: the new one is being created",
    who: alice,
    go: async (stage) => {
      await start(stage);
      await hold(stage.page, "POST", COLLECTION);
      await rotation.begin(stage.page).click();
      await expect(status(stage.page, "…")).toBeVisible();
    },
  },
  {
    name: "rotation: both work",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await begin(stage);
      await expectBlocked(rotation.disable(stage.page), /Copy or download the new token first/);
    },
  },
  {
    name: "rotation: handed over and verified",
    who: alice,
    go: async (stage) => {
      await begin(stage);
      await handOver(stage.page);
      await expect(rotation.disable(stage.page)).not.toHaveAttribute("aria-disabled");
    },
  },
  {
    name: "rotation: the question before undoing",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await begin(stage);
      await rotation.undo(stage.page).click();
      await expect(
        stage.page.getByRole("alertdialog", { name: `Undo the rotation of ${NAME}?` }),
      ).toBeVisible();
    },
  },
  {
    name: "rotation: undone",
    who: alice,
    go: async (stage) => {
      await begin(stage);
      await rotation.undo(stage.page).click();
      await confirm(stage.page, "Undo rotation");
      await expectNotice(stage.page, "The rotation was undone.");
    },
  },
  {
    name: "rotation: leaked, and the old one refused",
    who: alice,
    go: async (stage) => {
      await start(stage);
      await stage.page.getByRole("radio", { name: /^Leaked/ }).check();
      await rotation.begin(stage.page).click();
      await expect(rotation.standing(stage.page)).toContainText(
        "The new token has not been handed over yet.",
      );
    },
  },
  {
    name: "rotation: the old one disabled",
    who: alice,
    go: disable,
  },
  {
    name: "rotation: to be ended here",
    who: alice,
    go: async (stage) => {
      await disable(stage);
      await stage.page.locator("summary", { hasText: "End it here" }).click();
      await expect(
        stage.page.getByText("The console forgets the rotation and changes nothing"),
      ).toBeVisible();
    },
  },
  {
    name: "rotation: the question before the old one is deleted",
    who: alice,
    go: async (stage) => {
      await disable(stage);
      await rotation.delete(stage.page).click();
      await expect(stage.page.getByRole("alertdialog", { name: /^Delete web-shop/ })).toBeVisible();
    },
  },
  {
    name: "rotation: finished",
    who: alice,
    isOrdinary: true,
    go: async (stage) => {
      await disable(stage);
      await rotation.delete(stage.page).click();
      await confirm(stage.page, "Delete token");
      await expectNotice(stage.page, "was rotated.");
    },
  },
  {
    name: "rotation: who may not delete",
    who: carol,
    go: async (stage) => {
      await disable(stage);
      await expectBlocked(rotation.delete(stage.page), /does not allow you to delete/);
    },
  },
  {
    name: "rotation: a step failed",
    who: alice,
    go: async (stage) => {
      stage.watch.expectStatus(403);
      await begin(stage);
      await handOver(stage.page);
      await refuse(stage.page, "PATCH", ONE, 403);
      await rotation.disable(stage.page).click();
      await expect(rotation.again(stage.page)).toBeVisible();
    },
  },
  {
    name: "rotation: the name is taken",
    who: alice,
    go: async (stage) => {
      const { page, watch, api } = stage;
      watch.expectStatus(403, 409);
      await start(stage);
      await refuse(page, "POST", COLLECTION, 403);
      await rotation.begin(page).click();
      await expect(rotation.again(page)).toBeVisible();
      await api(alice).create(NAME);
      await page.unroute(COLLECTION);
      await rotation.again(page).click();
      await expect(page.getByRole("button", { name: "It is the new one: continue" })).toBeVisible();
    },
  },
  {
    name: "rotation: seen from the token's page",
    who: alice,
    go: async (stage) => {
      const { id } = await begin(stage);
      await stage.page.goto(at.token(id));
      await expect(heading(stage.page, /^web-shop \(rotated/)).toBeVisible();
      await expect(stage.page.getByRole("link", { name: "Go to the rotation" })).toBeVisible();
    },
  },
  {
    name: "rotation: seen from the list",
    who: alice,
    go: async (stage) => {
      const { page } = stage;
      await begin(stage);
      await page.goto(`${at.tokens}?q=${NAME}`);
      await expect(list.table(page).getByText("In rotation")).toHaveCount(2);
      await listed(page);
    },
  },
];
