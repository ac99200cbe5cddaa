// The screen of a rotation, and what is true of the tokens that it speaks of.
import { expect, type Page } from "@playwright/test";

import type { Api, Token } from "./api.ts";

export const rotation = {
  address: (id: number) => `tokens/${id}/rotate`,
  begin: (page: Page) => page.getByRole("button", { name: "Begin rotation" }),
  /** How things stand, in a sentence. */
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

/** Looks at the server: the token that was there before, and the one that has its name now. */
export async function look(api: Api, before: Token): Promise<Pair> {
  const old = await api.find(before.id);
  const named = (await api.list()).filter(({ id, name }) => name === before.name && id !== before.id);
  expect(named.length, "never two new tokens").toBeLessThanOrEqual(1);
  return { old, fresh: named[0] && (await api.get(named[0].id)) };
}

/** What the screen has to say of them. */
function sentence({ old, fresh }: Pair): RegExp {
  if (!old) {
    return fresh ? /is rotated/ : /Both tokens are deleted/;
  }
  if (!fresh) {
    return old.enabled ? /^There is no new token.* The old one works/ : /nothing works that uses it/;
  }
  if (old.enabled) {
    return fresh.enabled ? BOTH : /^The old token works\. The new one is disabled/;
  }
  return fresh.enabled ? ONLY_NEW : /^Both tokens are disabled/;
}

/** Expects that the screen says what is true, in the sentence about how things stand or in that about the end. */
export async function expectTruth(page: Page, api: Api, before: Token): Promise<void> {
  const said = rotation.standing(page).or(page.locator(".notice-title"));
  await expect(said.filter({ hasText: sentence(await look(api, before)) })).not.toHaveCount(0);
}

/** Takes the new token along without showing it, and verifies it. */
export async function handOver(page: Page): Promise<void> {
  await rotation.have(page).click();
  await rotation.verify(page).click();
  await expect(page.getByText(/” works: it acts for /)).toBeVisible();
}

/** Confirms the question that is open. */
export async function confirm(page: Page, button: string): Promise<void> {
  await page.getByRole("alertdialog").getByRole("button", { name: button, exact: true }).click();
}
