// The time from inputs to what is painted because of them, and what keeps the page from answering.
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** What each interaction took so far. */
    inputs: Map<number, number> | undefined;
    longTasks: number[];
  }
}

/** Collects, from now on, the time from each input to the paint after it, in milliseconds. What came before is forgotten. */
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
          // An interaction is several events; it lasts as long as the longest of them.
          const before = window.inputs?.get(entry.interactionId) ?? 0;
          window.inputs?.set(entry.interactionId, Math.max(before, entry.duration));
        }
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
}

/** The times since they were last taken. What was faster than 16 ms is not told by the browser. */
export async function takeInputs(page: Page, inputs: number): Promise<number[]> {
  await page.waitForFunction(() => true);
  const told = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...(window.inputs?.values() ?? [])];
  });
  return [...told, ...Array<number>(Math.max(0, inputs - told.length)).fill(16)];
}

/** Collects, from now on, how long the page was busy without a break, where that was over 50 milliseconds. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((entries) => {
      window.longTasks.push(...entries.getEntries().map(({ duration }) => duration));
    }).observe({ type: "longtask" });
  });
}

/** What was collected since it was last taken, in milliseconds. */
export async function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => window.longTasks.splice(0));
}
