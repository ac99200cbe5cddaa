// The screen of a rotation, and the actual state of its tokens.
import { expect, type Page } from "@playwright/test";

import type { Api, Token } from "./api.ts";

export const rotation = {
  address: (id: number) => `tokens/${id}/rotate`,
  begin: (page: Page) => page.getByRole("button", { name: "Begin rotation" }),
  /** The sentence that describes the current state. */
  standing: (page: Page) => page.locator(".standing"),
  have: (page: Page) => page.getByRole("button", { name: "I have it already" }),
  verify: (page: Page) => page.getByRole("button", { name: "Verify token" }),
  disable: (page: Page) => page.getByRole("button", { name: "Disable the old token" }),
  delete: (page: Page) => page.getByRole("button", { name: "Delete the old token" }),
  keep: (page: Page) => page.getByRole("button", { name: "Keep the old token, disabled" }),
  create: (page: Page) => page.getByRole("button", { name: "Create the new token" }),
  undo: (page: Page) => page.getByRole("button", { name: "Undo rotation" }),
  again: (page: Page) => page.getByRole("button", { name: "Try again" }),
  step: (page: Page, words: RegExp) =>
    page.getByRole("list", { name: "Steps" }).getByRole("listitem").filter({ hasText: words }),
};

export const BOTH = /^Both tokens work: /;
export const ONLY_NEW = /^The new token works\. The old one is disabled/;

/** The old token and the new one, as the server has them. */
export interface Pair {
  readonly old: Token | undefined;
  readonly fresh: Token | undefined;
}

/** Reads from the server: the original token, and the one that has its name now. */
export async function look(api: Api, before: Token): Promise<Pair> {
  const old = await api.find(before.id);
  const named = (await api.list()).filter(({ id, name }) => name === before.name && id !== before.id);
  expect(named.length, "never two new tokens").toBeLessThanOrEqual(1);
  return { old, fresh: named[0] && (await api.get(named[0].id)) };
}

/** What the screen must say about them. */
function sentence({ old, fresh }: Pair): RegExp {
  if (!old) {
    return fresh ? /was rotated/ : /Both tokens are deleted/;
  }
  if (!fresh) {
    return old.enabled ? /^There is no new token.* The old one works/ : /whatever uses it does not work/;
  }
  if (old.enabled) {
    return fresh.enabled ? BOTH : /^The old token works\. The new one is disabled/;
  }
  return fresh.enabled ? ONLY_NEW : /^Both tokens are disabled/;
}

/** Expects the screen to show the actual state, in the sentence about the current state or about the end. */
export async function expectTruth(page: Page, api: Api, before: Token): Promise<void> {
  const said = rotation.standing(page).or(page.locator(".notice-title"));
  await expect(said.filter({ hasText: sentence(await look(api, before)) })).not.toHaveCount(0);
}

/** Copies the new token without showing it, and verifies it. */
export async function handOver(page: Page): Promise<void> {
  await rotation.have(page).click();
  await rotation.verify(page).click();
  await expect(page.getByText(/” works: it acts for /)).toBeVisible();
}

/** Confirms the open dialog. */
export async function confirm(page: Page, button: string): Promise<void> {
  await page.getByRole("alertdialog").getByRole("button", { name: button, exact: true }).click();
}
