// Measures the list with ten thousand and a hundred thousand tokens, on a slow processor: the time from an input to the
// next paint, and the time to read the list compared with the bare requests.
import type { Locator, Page } from "@playwright/test";

import { measure, watchWasmMemory } from "../e2e/faults/memory.ts";
import { Api } from "../e2e/support/api.ts";
import { expect, test } from "../e2e/support/fixtures.ts";
import { root } from "../e2e/support/personas.ts";
import { heading, list, signInByToken } from "../e2e/support/screens.ts";
import { defaultServerOptions, Server } from "../e2e/support/server.ts";
import { median, milliseconds, percentile, report } from "./figures.ts";
import { takeInputs, watchInputs } from "./inputs.ts";
import { throttle } from "./throttle.ts";

const SIZES = (process.env["BENCH_TOKENS"] ?? "10000,100000").split(",").map(Number);

/** The budgets of the design, for ten thousand tokens. */
const KEYSTROKE_MS = 50;
const SORT_MS = 100;
const READING_RATIO = 1.2;
const SELECT_MS = 100;

/** How often a column header is pressed. */
const SORTS = 20;

/** Search terms: many matches, few matches, two words, no match, a number. */
const SEARCHES = ["token", "alice 12", "zzz", "4711"];

/** How often all rows are selected and cleared. */
const SELECTIONS = 5;

declare global {
  interface Window {
    isWhole?: number;
  }
}

/**
 * Presses the centre of each element in turn. Uses the mouse directly: the checks that Playwright's click does first
 * would load the slowed page and count as the console's work.
 */
async function pressByMouse(page: Page, targets: Locator[], times: number): Promise<void> {
  const places = await Promise.all(targets.map(middle));
  for (let time = 0; time < times; time += 1) {
    const place = places[time % places.length] ?? { x: 0, y: 0 };
    await page.mouse.move(place.x, place.y);
    await page.waitForTimeout(50);
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForTimeout(500);
  }
}

async function middle(target: Locator): Promise<{ x: number; y: number }> {
  const box = await target.boundingBox();
  expect(box, "where it is").not.toBeNull();
  return box === null ? { x: 0, y: 0 } : { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Reads the same pages as the console, one after the other, with a minimal script. */
async function bareRequests(page: Page, secret: string, addresses: string[]): Promise<number> {
  return page.evaluate(
    async ({ secret, addresses }) => {
      const begin = performance.now();
      for (const address of addresses) {
        const answer = await fetch(address, { headers: { "X-API-TOKEN": secret }, cache: "no-store" });
        await answer.json();
      }
      return performance.now() - begin;
    },
    { secret, addresses },
  );
}

/** Records, in every page from now on, when the list first says that it is complete. */
async function watchReading(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const look = () => {
      const position = document.querySelector("nav[aria-label=Pages] [role=status]")?.textContent ?? "";
      if (/of [\d,.]+$/.test(position)) {
        window.isWhole = performance.now();
      } else {
        // Not in each frame, which would make the browser produce unnecessary frames.
        setTimeout(look, 10);
      }
    };
    setTimeout(look, 10);
    // The browser keeps 250 entries by default, and a hundred thousand tokens take more pages than that.
    performance.setResourceTimingBufferSize(10_000);
  });
}

/** The time from the first page's request until the list says that it is complete, and the requests sent. */
async function readingOf(page: Page): Promise<{ milliseconds: number; addresses: string[] }> {
  await page.waitForFunction(() => window.isWhole !== undefined, undefined, {
    polling: 100,
    timeout: 600_000,
  });
  return page.evaluate(() => {
    const pages = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter((entry) =>
      entry.name.includes("/api_tokens/?"),
    );
    return {
      milliseconds: (window.isWhole ?? NaN) - Math.min(...pages.map((entry) => entry.startTime)),
      addresses: pages.map((entry) => entry.name),
    };
  });
}

for (const tokens of SIZES) {
  test(`the list with ${tokens.toLocaleString("en")} tokens`, async ({ browser }) => {
    const server = await Server.start({ ...defaultServerOptions, demoTokens: tokens });
    const { token: secret } = await new Api(server.origin, root).get(1);
    const context = await browser.newContext({ baseURL: server.origin });
    await watchWasmMemory(context);
    const page = await context.newPage();
    await page.goto("/sign-in");
    await signInByToken(page, secret);
    await expect(heading(page, "API tokens")).toBeVisible();
    const whole = list
      .pages(page)
      .getByRole("status")
      .filter({ hasText: /of [\d,]+$/ });
    await expect(whole).toBeVisible({ timeout: 300_000 });
    process.stdout.write("\n");

    await watchReading(page);
    await throttle(page);
    const readings: number[] = [];
    const bare: number[] = [];
    let addresses: string[] = [];
    // Interleaved, so that a busy machine affects both alike.
    for (let round = 0; round < (tokens > 50_000 ? 2 : 5); round += 1) {
      await page.reload();
      const reading = await readingOf(page);
      readings.push(reading.milliseconds);
      ({ addresses } = reading);
      bare.push(await bareRequests(page, secret, addresses));
    }
    const ratio = median(readings) / median(bare);
    report(`reading ${tokens} in ${addresses.length} requests`, `${milliseconds(readings)}`);
    report("  the bare requests", milliseconds(bare));
    report("  ratio", ratio.toFixed(2));

    await watchInputs(page);
    const searchBox = page.getByRole("searchbox", { name: "Search tokens" });
    let inputs = 0;
    for (const text of SEARCHES) {
      await searchBox.focus();
      for (const character of text) {
        await page.keyboard.press(character);
        inputs += 1;
        await page.waitForTimeout(350);
      }
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.press("Delete");
      inputs += 1;
      await page.waitForTimeout(350);
    }
    const keystrokes = await takeInputs(page, inputs);
    report("keystroke in the search to painted result", milliseconds(keystrokes));

    await watchInputs(page);
    const columns = ["Name", "ID"].map((name) => list.table(page).getByRole("button", { name, exact: true }));
    await pressByMouse(page, columns, SORTS);
    const sorts = await takeInputs(page, SORTS);
    report("pressing a column to painted order", milliseconds(sorts));

    // One row first: the buttons appear with the first selected row.
    await page.keyboard.press("Escape");
    await list.table(page).getByRole("checkbox").nth(1).press("Space");
    const bar = page.getByRole("region", { name: "Selection" });
    await expect(bar).toBeVisible();
    await watchInputs(page);
    for (let round = 0; round < SELECTIONS; round += 1) {
      await bar.getByRole("button", { name: /^Select all/ }).press("Enter");
      await expect(bar.getByRole("button", { name: /^Select all/ })).toBeHidden();
      await page.waitForTimeout(300);
      await list.table(page).getByRole("checkbox", { name: "Select this page" }).focus();
      await bar.getByRole("button", { name: "Clear" }).press("Enter");
      await expect(bar).toBeHidden();
      await list.table(page).getByRole("checkbox").nth(1).press("Space");
      await expect(bar).toBeVisible();
      await page.waitForTimeout(300);
    }
    const selections = await takeInputs(page, 3 * SELECTIONS);
    report("selecting all, clearing, selecting one, to painted rows", milliseconds(selections));

    const memory = await measure(page, 0);
    report("memory", `${String(memory)}`);

    if (tokens === 10_000) {
      expect.soft(ratio, "reading beside the bare requests").toBeLessThanOrEqual(READING_RATIO);
      expect.soft(percentile(keystrokes, 0.95), "ms per keystroke").toBeLessThanOrEqual(KEYSTROKE_MS);
      expect.soft(percentile(sorts, 0.95), "ms per sort").toBeLessThanOrEqual(SORT_MS);
      expect.soft(percentile(selections, 0.95), "ms per selection").toBeLessThanOrEqual(SELECT_MS);
    }
    await context.close();
    await server.stop();
  });
}
