// No unexpected layout shifts (Cumulative Layout Shift).
//
// Counts the shifts without recent input that the browser reports from the start of the document, as CLS is defined.
// CLS ignores shifts within half a second after a press, and a local server responds sooner than that; here responses
// are delayed, so that the shifts they cause are counted.
import type { Page } from "@playwright/test";

import { alice } from "../support/personas.ts";
import { at, deletionDialog, heading, list, tokenScreen } from "../support/screens.ts";
import { ANYTHING } from "./answers.ts";
import { expect, test as base } from "./stage.ts";
import { listed } from "./stops/list.ts";
import type { Stage } from "./stop.ts";

/** Longer than the time that CLS ignores. */
const SLOW_MS = 700;

/** Fields of a shift that the DOM library's types lack. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
}

declare global {
  // Set in the page while it is measured.
  var shifts: string[];
}

/** Starts recording shifts, in every document loaded from now on. */
function observe(): void {
  globalThis.shifts = [];
  const place = ({ left, top, width, height }: DOMRectReadOnly) => `${left},${top} ${width}×${height}`;
  const nameOf = (node: Node | null) =>
    node instanceof Element ? node.outerHTML.slice(0, 80) : `text “${node?.textContent ?? ""}”`;
  new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries() as LayoutShift[]) {
      if (!entry.hadRecentInput) {
        const moved = entry.sources.map(
          ({ node, previousRect, currentRect }) =>
            `${nameOf(node)} from ${place(previousRect)} to ${place(currentRect)}`,
        );
        globalThis.shifts.push(`${entry.value.toFixed(4)}: ${moved.join("; ")}`);
      }
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Returns the shifts in this document so far. The browser reports a frame after painting it. */
async function shiftsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) {
      await new Promise(requestAnimationFrame);
    }
    return globalThis.shifts;
  });
}

/** Delays all responses from now on. */
async function makeSlow(page: Page): Promise<void> {
  await page.route(ANYTHING, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    await route.fallback();
  });
}

/** A phone whose window is shorter than most screens. */
const shortPhone = { width: 360, height: 560 };

const test = base.extend<{ slow: Stage }>({
  /** Alice's list, loaded from a slow server. */
  slow: async ({ visit }, use) => {
    const stage = await visit({
      name: "list, from a slow server",
      who: alice,
      go: async ({ page, enter }) => {
        await enter();
        await listed(page);
        await makeSlow(page);
        await page.addInitScript(observe);
        await page.reload();
        await listed(page);
      },
    });
    await use(stage);
  },
});

test("loading the list", async ({ slow: { page } }) => {
  expect(await shiftsOf(page)).toEqual([]);
});

test("turning pages", async ({ slow: { page } }) => {
  await list.nextPage(page).click();
  await expect(list.position(page)).toContainText("Page 2");
  await listed(page);
  await list.previousPage(page).click();
  await expect(list.position(page)).toContainText("Page 1");
  await listed(page);
  expect(await shiftsOf(page)).toEqual([]);
});

test("reading the list again", async ({ slow: { page } }) => {
  await list.refresh(page).click();
  await expect(list.refresh(page)).toHaveAttribute("aria-busy", "true");
  await expect(list.refresh(page)).not.toHaveAttribute("aria-busy", "true");
  await listed(page);
  expect(await shiftsOf(page)).toEqual([]);
});

test("opening a token and its question", async ({ slow: { page } }) => {
  await list.token(page, "alice-token-02").click();
  await expect(heading(page, "alice-token-02")).toBeVisible();
  await expect(tokenScreen.enabled(page)).toBeChecked();
  const { dialog, cancel } = deletionDialog(page, "alice-token-02");
  await expect(async () => {
    await tokenScreen.delete(page).click();
    await expect(dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await cancel.click();
  await expect(dialog).toBeHidden();
  expect(await shiftsOf(page)).toEqual([]);
});

test("a menu, the shortcuts, and the bar of a selection", async ({ slow: { page } }) => {
  await page.getByRole("button", { name: "Actions for alice-token-02" }).click();
  await expect(page.getByRole("menuitem", { name: "Open" })).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "Select alice-token-03" }).check();
  const bar = page.getByRole("region", { name: "Selection" });
  await expect(bar).toBeVisible();
  await bar.getByRole("button", { name: "Clear" }).click();
  await expect(bar).toBeHidden();
  expect(await shiftsOf(page)).toEqual([]);
});

for (const [screen, address, who] of [
  ["a token", at.token(5), alice],
  ["a rotation", `${at.token(5)}/rotate`, alice],
  ["a token that is not there", at.token(99_999), alice],
  ["signing in", at.signIn, undefined],
] as const) {
  test(`${screen}, by its address on a short phone`, async ({ visit }) => {
    const { page } = await visit({
      name: `${screen}, by its address`,
      ...(who && { who }),
      go: async ({ page, watch, enter }) => {
        watch.expectStatus(404);
        await page.setViewportSize(shortPhone);
        await enter();
        await expect(page.locator(".screen h1")).toBeVisible();
        await makeSlow(page);
        await page.addInitScript(observe);
        await page.goto(address);
        await expect(page.locator(".screen h1")).toBeVisible();
        await expect(page.locator(".to-come")).toHaveCount(0);
        await expect(page.locator(".footer")).toBeVisible();
      },
    });
    expect(await shiftsOf(page)).toEqual([]);
  });
}

test("what moves is noticed", async ({ slow: { page } }) => {
  await page.evaluate(() =>
    document.body.prepend(Object.assign(document.createElement("p"), { textContent: "x" })),
  );
  await expect.poll(() => shiftsOf(page)).not.toEqual([]);
});
