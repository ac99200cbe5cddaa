// Accessibility by axe-core, in both colour schemes and in forced colours.
import { expect, type Page, test } from "@playwright/test";
import axe from "axe-core";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules on colours (axe's category "cat.color"): what another colour scheme can break. */
const COLOURS = ["color-contrast", "link-in-text-block"];

export const colourSchemes = ["light", "dark"] as const;

interface Look {
  readonly name: string;
  readonly media: Parameters<Page["emulateMedia"]>[0];
  /** Which rules. */
  readonly only: NonNullable<axe.RunOptions["runOnly"]>;
  readonly without: readonly string[];
}

const all = { type: "tag", values: RULES } as const;

/**
 * What pages look like to different people. All rules once, and those on colours in dark again: the elements, which the
 * others are about, are the same. In forced colours the style may show and hide others.
 */
const looks: readonly Look[] = [
  { name: "light", media: { colorScheme: "light" }, only: all, without: [] },
  { name: "dark", media: { colorScheme: "dark" }, only: { type: "rule", values: COLOURS }, without: [] },
  {
    name: "forced colours",
    media: { forcedColors: "active" },
    only: all,
    // Their contrast is up to whoever chose the colours. axe cannot see it either: the computed style has the
    // text's own colour, and beside it the background that the browser forced.
    without: ["color-contrast"],
  },
];

/** What whoever asks for more contrast gets: 7:1, as WCAG's AAA wants it. */
const moreContrast: readonly Look[] = colourSchemes.map((colorScheme) => ({
  name: `${colorScheme}, more contrast`,
  media: { colorScheme, contrast: "more" },
  only: { type: "rule", values: [...COLOURS, "color-contrast-enhanced"] },
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
        runOnly: look.only,
        rules: Object.fromEntries(look.without.map((rule) => [rule, { enabled: false }])),
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
    await page.evaluate(axe.source);
  }
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    return (await axe.run(document, options)).violations;
  }, options);
}
