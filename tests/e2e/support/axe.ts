// Accessibility by axe-core, in both colour schemes and in forced colours.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect, type Page, test } from "@playwright/test";
import type axe from "axe-core";

/** What is brought to each page, in its shorter form. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const colourSchemes = ["light", "dark"] as const;

interface Look {
  readonly name: string;
  readonly media: Parameters<Page["emulateMedia"]>[0];
  /** Rules beside those of the tags. */
  readonly with?: readonly string[];
  readonly without: readonly string[];
}

/** What pages look like to different people. */
const looks: readonly Look[] = [
  ...colourSchemes.map((colorScheme) => ({ name: colorScheme, media: { colorScheme }, without: [] })),
  {
    name: "forced colours",
    media: { forcedColors: "active" },
    // Their contrast is up to whoever chose the colours. axe cannot see it either: the computed style has the
    // text's own colour, and beside it the background that the browser forced.
    without: ["color-contrast"],
  },
];

/** What whoever asks for more contrast gets: 7:1, as WCAG's AAA wants it. */
const moreContrast: readonly Look[] = colourSchemes.map((colorScheme) => ({
  name: `${colorScheme}, more contrast`,
  media: { colorScheme, contrast: "more" },
  with: ["color-contrast-enhanced"],
  without: [],
}));

/** Checks what is on the screen now. `name` is what a failure calls it. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  await expectAccessibleIn(looks, page, name);
}

/** The same in one look only, where it is the layout that is another. */
export async function expectAccessibleLayout(page: Page, name: string): Promise<void> {
  await expectAccessibleIn(looks.slice(0, 1), page, name);
}

/** The same for whoever asks for more contrast. */
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
        // Nobody reads of what passes, and telling of it takes time.
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

/** By axe in the page itself, which it is brought to once: the console has no frames that it would have to get into. */
async function violationsOf(page: Page, options: axe.RunOptions): Promise<axe.Result[]> {
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(AXE);
  }
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run(document, options)).violations;
  }, options);
}
