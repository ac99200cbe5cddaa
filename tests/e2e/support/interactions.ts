// How long a page takes from a key or a press to what is painted because of it (Interaction to Next Paint), as
// the browser itself measures it (Event Timing). Taken down in every test; interactions-table.ts sums it up.
import type { BrowserContext, TestInfo } from "@playwright/test";

/** What an annotation of a test with its interactions is called. */
export const INTERACTIONS = "interactions";

/** One interaction: all events of a press, or of a key. */
export interface Interaction {
  /** From the input to the paint, in milliseconds; the browser rounds to 8. */
  readonly duration: number;
  /** The event that took longest. */
  readonly event: string;
  /** What was pressed, as it is marked up. */
  readonly target: string;
}

/** What the browser tells, beyond the types of the DOM library. */
interface EventTiming extends PerformanceEntry {
  readonly interactionId: number;
  readonly target: Node | null;
}

export class Interactions {
  /** By document and the browser's own number. */
  private readonly longest = new Map<string, Interaction>();

  /** Begins to take them down in all pages of a context. Has to come before the first page is opened. */
  async attach(context: BrowserContext): Promise<void> {
    await context.exposeBinding("reportInteraction", (source, id: string, interaction: Interaction) => {
      // Of two pages the browser paints one, and only it knows which: the other one's paint is when it comes to
      // the front.
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
        // The least that browsers allow to ask for.
      }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    });
  }

  /** Leaves what was taken down with the test. Shorter ones than 16 milliseconds are not told of. */
  annotate(test: TestInfo): void {
    test.annotations.push({ type: INTERACTIONS, description: JSON.stringify([...this.longest.values()]) });
  }
}
