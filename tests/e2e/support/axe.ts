// Accessibility by axe-core, in both colour schemes.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const colourSchemes = ["light", "dark"] as const;

/** Checks what is on the screen now. `name` is what a failure calls it. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const colorScheme of colourSchemes) {
    await test.step(`axe: ${name}, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      const readable = violations.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}\n${nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join("\n")}`,
      );
      expect(readable, `${name} in the ${colorScheme} scheme`).toEqual([]);
    });
  }
  await page.emulateMedia({ colorScheme: null });
}
