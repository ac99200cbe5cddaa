// What assistive technology is told of a screen: every role, name and state, in reading order. It is kept in
// aria/*.aria.yml, so that a change of it is seen by whoever reviews it. To write them anew:
//
//     cargo xtask test --only e2e -- tour/tour.spec.ts --update-snapshots
//
// Compared as text and not by `toMatchAriaSnapshot`, to which something additional is no difference.
import { expect, type Page } from "@playwright/test";

import { demoTokens } from "../support/personas.ts";
import type { Stop } from "./stop.ts";

/** What is another at each run, and what stands for it. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/http:\/\/127\.0\.0\.1:\d+/g, "ORIGIN"],
  [/\d{4}-\d\d-\d\d/g, "DATE"],
  [/\d{1,2} [A-Z][a-z]{2,3} \d{4}(, \d\d:\d\d(:\d\d)?)?/g, "DATE"],
  [/\d\d:\d\d(:\d\d)?/g, "TIME"],
  [/\d+ (second|minute|hour|day|week|month|year)s? ago|yesterday|last (week|month|year)|\bnow\b/g, "AGO"],
];

/** Numbers of tokens that are made for a stop, and how many requests it takes to look for all of them. */
function withoutNumbers(text: string): string {
  const last = Math.max(...Object.values(demoTokens).map(({ id }) => id));
  return text.replace(/\b\d{2,}\b/g, (number) => (Number(number) > last ? "NUMBER" : number));
}

/** Expects that an ordinary screen is told as it was. Of the others there are too many to read. */
export async function expectSameForAssistiveTechnology(page: Page, stop: Stop): Promise<void> {
  if (!stop.isOrdinary) {
    return;
  }
  const dialog = page.locator("dialog:modal");
  // What is behind a dialog is not told.
  const scope = (await dialog.count()) > 0 ? dialog : page.locator("body");
  let told = await scope.ariaSnapshot();
  for (const [pattern, word] of volatile) {
    told = told.replace(pattern, word);
  }
  const file = stop.name.replace(/[^a-z]+/gi, "-").toLowerCase();
  expect(`${withoutNumbers(told)}\n`).toMatchSnapshot([`${file}.aria.yml`]);
}
