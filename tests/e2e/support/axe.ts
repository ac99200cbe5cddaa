// Accessibility checks by axe-core, in both colour schemes and in forced colours.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect, type Page, test } from "@playwright/test";
import type axe from "axe-core";

/** The minified script that is injected into each page. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const colourSchemes = ["light", "dark"] as const;

interface Look {
  readonly name: string;
  readonly media: Parameters<Page["emulateMedia"]>[0];
  /** Rules in addition to those of the tags. */
  readonly with?: readonly string[];
  readonly without: readonly string[];
}

/** The colour modes that pages are checked in. */
const looks: readonly Look[] = [
  ...colourSchemes.map((colorScheme) => ({ name: colorScheme, media: { colorScheme }, without: [] })),
  {
    name: "forced colours",
    media: { forcedColors: "active" },
    // Contrast in forced colours is the user's choice. axe could not check it anyway: the computed style combines the
    // text's own colour with the background forced by the browser.
    without: ["color-contrast"],
  },
];

/** `prefers-contrast: more`: 7:1, as WCAG level AAA requires. */
const moreContrast: readonly Look[] = colourSchemes.map((colorScheme) => ({
  name: `${colorScheme}, more contrast`,
  media: { colorScheme, contrast: "more" },
  with: ["color-contrast-enhanced"],
  without: [],
}));

/** Checks the current screen. `name` identifies it in failures. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await expectAccessibleIn(looks, page, name);
}

/** Does the same in one colour mode only, for checks of another layout. */
export async function expectAccessibleLayout(page: Page, name: string): Promise<void> {
  await expectAccessibleIn(looks.slice(0, 1), page, name);
}

/** Does the same with `prefers-contrast: more`. */
export async function expectMoreContrast(page: Page, name: string): Promise<void> {
  await expectAccessibleIn(moreContrast, page, name);
}

async function expectAccessibleIn(those: readonly Look[], page: Page, name: string): Promise<void> {
  for (const look of those) {
    await test.step(`axe: ${name}, ${look.name}`, async () => {
      await page.emulateMedia(look.media);
      const violations = await violationsOf(page, {
        runOnly: { type: "tag", values: RULES },
        rules: Object.fromEntries<{ enabled: boolean }>([
          ...(look.with ?? []).map((rule) => [rule, { enabled: true }] as const),
          ...look.without.map((rule) => [rule, { enabled: false }] as const),
        ]),
        // Nobody reads the rules that pass, and reporting them takes time.
        resultTypes: ["violations"],
      });
      const readable = violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join("\n")}`,
      );
      expect(readable, `${name}, ${look.name}`).toEqual([]);
    });
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null, contrast: null });
}

/** Runs axe in the page, injected once: the console has no frames to get into. */
async function violationsOf(page: Page, options: axe.RunOptions): Promise<axe.Result[]> {
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(AXE);
  }
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run(document, options)).violations;
  }, options);
}
