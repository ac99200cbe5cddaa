// The accessibility tree of a screen: every role, name and state, in reading order. It is kept in aria/*.aria.yml, so
// that reviewers see every change. To rewrite these files:
//
//     cargo xtask test --only e2e -- tour/tour.spec.ts --update-snapshots
//
// Compared as text, because `toMatchAriaSnapshot` ignores additional elements.
import { expect, type Page } from "@playwright/test";

import { demoTokens } from "../support/personas.ts";
import type { Stop } from "./stop.ts";

/** Texts that differ in each run, and their placeholders. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/http:\/\/127\.0\.0\.1:\d+/g, "ORIGIN"],
  [/\d{4}-\d\d-\d\d/g, "DATE"],
  [/\d{1,2} [A-Z][a-z]{2,3} \d{4}(, \d\d:\d\d(:\d\d)?)?/g, "DATE"],
  [/\d\d:\d\d(:\d\d)?/g, "TIME"],
  [/\d+ (second|minute|hour|day|week|month|year)s? ago|yesterday|last (week|month|year)|\bnow\b/g, "AGO"],
];

/** Replaces the IDs of tokens created for a stop, and the number of requests it takes to search for all of them. */
function withoutNumbers(text: string): string {
  const last = Math.max(...Object.values(demoTokens).map(({ id }) => id));
  return text.replace(/\b\d{2,}\b/g, (number) => (Number(number) > last ? "NUMBER" : number));
}

/** Expects an ordinary screen's accessibility tree to be unchanged. There are too many of the others to review. */
export async function expectSameForAssistiveTechnology(page: Page, stop: Stop): Promise<void> {
  if (!stop.isOrdinary) {
    return;
  }
  const dialog = page.locator("dialog:modal");
  // Content behind a dialog is not exposed.
  const scope = (await dialog.count()) > 0 ? dialog : page.locator("body");
  let told = await scope.ariaSnapshot();
  for (const [pattern, word] of volatile) {
    told = told.replace(pattern, word);
  }
  const file = stop.name.replace(/[^a-z]+/gi, "-").toLowerCase();
  expect(`${withoutNumbers(told)}\n`).toMatchSnapshot([`${file}.aria.yml`]);
}
