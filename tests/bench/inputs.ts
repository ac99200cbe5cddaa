// The time from inputs to what is painted because of them.
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    inputs: number[];
  }
}

/** Collects, from now on, the time from each input to the paint after it, in milliseconds. */
export async function watchInputs(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.inputs = [];
    const byInteraction = new Map<number, number>();
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries() as unknown as (PerformanceEntry & {
        interactionId: number;
      })[]) {
        if (entry.interactionId > 0) {
          // An interaction is several events; it lasts as long as the longest of them.
          const before = byInteraction.get(entry.interactionId) ?? 0;
          byInteraction.set(entry.interactionId, Math.max(before, entry.duration));
        }
      }
      window.inputs = [...byInteraction.values()];
    }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
}

/** The times since they were last taken. What was faster than 16 ms is not told by the browser. */
export async function takeInputs(page: Page, inputs: number): Promise<number[]> {
  await page.waitForFunction(() => true);
  const told = await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return window.inputs;
  });
  return [...told, ...Array<number>(Math.max(0, inputs - told.length)).fill(16)];
}
