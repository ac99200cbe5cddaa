// Measures the time from a key or press to the next paint (Interaction to Next Paint), as reported by the browser
// (Event Timing). Recorded in every test; interactions-table.ts summarises it.
import type { BrowserContext, TestInfo } from "@playwright/test";

/** The type of the test annotation that holds the interactions. */
export const INTERACTIONS = "interactions";

/** One interaction: all events of a press, or of a key. */
export interface Interaction {
  /** The time from input to paint, in milliseconds; the browser rounds to 8. */
  readonly duration: number;
  /** The type of the longest event. */
  readonly event: string;
  /** The element that was pressed, as markup. */
  readonly target: string;
}

/** Fields that the browser reports but the DOM library's types lack. */
interface EventTiming extends PerformanceEntry {
  readonly interactionId: number;
  readonly target: Node | null;
}

export class Interactions {
  /** By document and the browser's interaction ID. */
  private readonly longest = new Map<string, Interaction>();

  /** Starts recording in all pages of a context. Must be called before the first page is opened. */
  async attach(context: BrowserContext): Promise<void> {
    await context.exposeBinding("reportInteraction", (source, id: string, interaction: Interaction) => {
      // With two pages the browser paints only one, and a script cannot know which: the other one is painted when it
      // comes to the front.
      if (source.context.pages().length > 1) {
        return;
      }
      const before = this.longest.get(id);
      if (!before || before.duration < interaction.duration) {
        this.longest.set(id, interaction);
      }
    });
    await context.addInitScript(() => {
      const document = Math.random();
      const report = window as unknown as { reportInteraction(id: string, interaction: object): void };
      new PerformanceObserver((entries) => {
        for (const entry of entries.getEntries() as EventTiming[]) {
          if (entry.interactionId > 0) {
            const target = entry.target instanceof Element ? entry.target.outerHTML.slice(0, 90) : "";
            report.reportInteraction(`${document}/${entry.interactionId}`, {
              duration: entry.duration,
              event: entry.name,
              target,
            });
          }
        }
        // The minimum that browsers allow.
      }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    });
  }

  /** Attaches the recorded interactions to the test. The browser does not report those below 16 milliseconds. */
  annotate(test: TestInfo): void {
    test.annotations.push({ type: INTERACTIONS, description: JSON.stringify([...this.longest.values()]) });
  }
}
