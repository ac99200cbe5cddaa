// Prints how long interactions took, per test file, after all tests have run.
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

import { results } from "./environment.ts";
import { type Interaction, INTERACTIONS } from "./interactions.ts";

/** An interaction, and the test it was part of. */
interface Measured extends Interaction {
  readonly file: string;
  readonly test: string;
}

/** The 98th percentile, as Interaction to Next Paint is defined. */
function nextPaint(sorted: readonly Measured[]): number {
  return sorted[Math.floor(sorted.length / 50)]?.duration ?? 0;
}

export default class InteractionsTable implements Reporter {
  private readonly measured: Measured[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    for (const { type, description } of result.annotations) {
      if (type === INTERACTIONS && description) {
        const file = relative(join(import.meta.dirname, ".."), test.location.file);
        for (const interaction of JSON.parse(description) as Interaction[]) {
          this.measured.push({ ...interaction, file, test: test.title });
        }
      }
    }
  }

  onEnd(): void {
    const sorted = this.measured.sort((one, other) => other.duration - one.duration);
    if (sorted.length === 0) {
      return;
    }
    console.log("\ninteractions of 16 ms and longer, with all that runs beside: number, INP, longest");
    const files = [...new Set(sorted.map(({ file }) => file))].sort();
    for (const file of files) {
      const those = sorted.filter((each) => each.file === file);
      const longest = those[0]?.duration ?? 0;
      const figures = [those.length, nextPaint(those), longest].map((figure) => String(figure).padStart(6));
      console.log(`${file.padEnd(44)}${figures.join("")}`);
    }
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, "interactions.json"), JSON.stringify(sorted, null, 1));
  }

  printsToStdio(): boolean {
    return false;
  }
}
