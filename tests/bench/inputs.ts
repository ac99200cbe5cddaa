// Measures the time from an input to the next paint, and the tasks that block the page.
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** The duration of each interaction so far. */
    inputs: Map<number, number> | undefined;
    longTasks: number[];
  }
}

/** Starts collecting the time from each input to the next paint, in milliseconds. Discards earlier ones. */
export async function watchInputs(page: Page): Promise<void> {
  await page.evaluate(() => {
    const isWatching = window.inputs !== undefined;
    const inputs = new Map<number, number>();
    window.inputs = inputs;
    if (isWatching) {
      return;
    }
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as unknown as (PerformanceEntry & {
        interactionId: number;
      })[]) {
        if (entry.interactionId > 0) {
          // An interaction consists of several events and lasts as long as the longest of them.
          const before = window.inputs?.get(entry.interactionId) ?? 0;
          window.inputs?.set(entry.interactionId, Math.max(before, entry.duration));
        }
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
}

/** Returns the times collected since the last call. The browser does not report those below 16 ms. */
export async function takeInputs(page: Page, inputs: number): Promise<number[]> {
  await page.waitForFunction(() => true);
  const told = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...(window.inputs?.values() ?? [])];
  });
  return [...told, ...Array<number>(Math.max(0, inputs - told.length)).fill(16)];
}

/** Starts collecting long tasks: how long the page was busy without a break, if over 50 milliseconds. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((entries) => {
      window.longTasks.push(...entries.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
  });
}

/** Returns the long tasks collected since the last call, in milliseconds. */
export async function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => window.longTasks.splice(0));
}
