// Every step of a rotation fails once, in every way, before and after the server has carried it out. Then the screen
// must show the actual state, and from there the rotation can be finished, and another one like it undone.
import { expect, type Page } from "@playwright/test";

import type { Token } from "../support/api.ts";
import type { Fault, Rule } from "../support/fault-proxy.ts";
import { BOTH, confirm, expectTruth, look, ONLY_NEW, rotation } from "../support/rotation.ts";
import { type Cell, test } from "./stage.ts";

const PATIENCE = { timeout: 20_000 };

const faults: readonly { readonly name: string; readonly fault: Fault }[] = [
  { name: "connection closed without an answer", fault: { kind: "closed" } },
  { name: "reset in the middle of the answer", fault: { kind: "reset" } },
  { name: "500 with `null`", fault: { kind: "answer", status: 500, body: "null" } },
];

const COLLECTION = /^\/api\/v1\/api_tokens\/?$/;
const ONE = /^\/api\/v1\/api_tokens\/\d+$/;

/** The steps, and which of their requests fails. */
const steps = ["rename", "create", "verify", "disable", "delete"] as const;
type Step = (typeof steps)[number];

const requests: Readonly<Record<Step, Pick<Rule, "methods" | "path">>> = {
  rename: { methods: ["PATCH"], path: ONE },
  create: { methods: ["POST"], path: COLLECTION },
  verify: { methods: ["GET"], path: /^\/api\/v1\/users\/me$/ },
  disable: { methods: ["PATCH"], path: ONE },
  delete: { methods: ["DELETE"], path: ONE },
};

/** Tries again, when asked, until this is visible. */
async function persist(page: Page, what: RegExp): Promise<void> {
  const reached = page.getByText(what).first();
  await expect(async () => {
    if (await rotation.again(page).isVisible()) {
      await rotation.again(page).click();
    }
    await expect(reached).toBeVisible({ timeout: 1_000 });
  }).toPass(PATIENCE);
}

/** Waits until no request of the rotation is in flight and no button is busy. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator(".card > .progress").filter({ hasText: /\S/ })).toHaveCount(0, PATIENCE);
  await expect(page.locator("button[aria-busy=true]")).toHaveCount(0, PATIENCE);
}

/** Does the steps from `first` on. Activates the fault before the step that is to fail. */
async function go(cell: Cell, until: Step, first: Step, fail: (step: Step) => void): Promise<void> {
  const { page } = cell.member;
  for (const step of steps.slice(steps.indexOf(first), steps.indexOf(until) + 1)) {
    if (step === "create") {
      continue;
    }
    fail(step);
    if (step === "rename") {
      // One run does both steps.
      fail("create");
    }
    await press[step](page);
  }
}

const press: Readonly<Record<Exclude<Step, "create">, (page: Page) => Promise<void>>> = {
  rename: async (page) => {
    await rotation.begin(page).click();
  },
  verify: async (page) => {
    await persist(page, BOTH);
    await rotation.have(page).click();
    await rotation.verify(page).click();
  },
  disable: async (page) => {
    await expect(async () => {
      if (await rotation.disable(page).getAttribute("aria-disabled")) {
        await rotation.verify(page).click();
      }
      await expect(rotation.disable(page)).not.toHaveAttribute("aria-disabled", { timeout: 2_000 });
    }).toPass(PATIENCE);
    await rotation.disable(page).click();
  },
  delete: async (page) => {
    await persist(page, ONLY_NEW);
    await rotation.delete(page).click();
    await confirm(page, "Delete token");
  },
};

async function finish(cell: Cell, token: Token, failed: Step): Promise<void> {
  const { page } = cell.member;
  const next = steps[steps.indexOf(failed) + 1];
  if (next && next !== "create") {
    await go(cell, "delete", next, () => {});
  } else if (next) {
    await go(cell, "delete", "verify", () => {});
  }
  await persist(page, /was rotated\./);
  const { old, fresh } = await look(cell.api, token);
  expect(old).toBeUndefined();
  expect(fresh).toMatchObject({ name: token.name, enabled: true, owner_id: token.owner_id });
}

async function undo(cell: Cell, token: Token): Promise<void> {
  const { page } = cell.member;
  const before = await look(cell.api, token);
  const isAsBefore = !before.fresh && before.old?.enabled && before.old.name === token.name;
  await rotation.undo(page).click();
  // There is a confirmation dialog unless there is nothing to undo.
  if (!isAsBefore) {
    await confirm(page, "Undo rotation");
  }
  await persist(page, /The rotation was undone\./);
  const { old, fresh } = await look(cell.api, token);
  expect(fresh, "the new one is gone").toBeUndefined();
  expect(old).toMatchObject({ name: token.name, enabled: true, token: token.token });
}

const ends = { finish, undo } as const;

for (const step of steps) {
  for (const { name, fault } of faults) {
    for (const strikes of ["before the server", "after the server"] as const) {
      // Requests that only read are never forwarded before the fault strikes.
      if (step === "verify" && strikes === "after the server") {
        continue;
      }
      for (const end of ["finish", "undo"] as const) {
        // A deletion that was carried out cannot be undone, and need not be.
        if (step === "delete" && end === "undo") {
          continue;
        }

        test(`rotation: ${step}: ${name} (${strikes}), then ${end}`, async ({ cell }) => {
          const { member, proxy, token, api } = cell;
          proxy.release();
          await member.page.goto("about:blank");
          await member.page.goto(`/${rotation.address(token.id)}`);
          proxy.forget();
          await go(cell, step === "rename" ? "create" : step, "rename", (now) => {
            if (now === step) {
              proxy.hold({ fault, strikes, times: 1, ...requests[step] });
            }
          });
          await expect
            .poll(() => proxy.seen.some(({ struck }) => struck), {
              message: "the fault has struck",
              ...PATIENCE,
            })
            .toBe(true);
          await settled(member.page);
          await expectTruth(member.page, api, token);
          await cell.expectNoSecrets(member.page);
          await ends[end](cell, token, step);
          await cell.expectNoSecrets(member.page);
        });
      }
    }
  }
}
