// The results of a matrix run, as a table: printed at the end, and written to docs/fault-matrix.md by a complete run
// with UPDATE_DOC_TABLES=1.
import { readFileSync, writeFileSync } from "node:fs";

import type { TestInfo } from "@playwright/test";
import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";
import { format } from "prettier";

import { docs } from "../support/environment.ts";

const CELL = "cell of the fault matrix";
const OUTCOME = "outcome";

interface Place {
  readonly row: string;
  readonly column: string;
  readonly moment: string;
}

interface Cell extends Place {
  outcome?: string;
  result: "not played" | "holds" | "failed";
}

/** Marks a test as a cell. */
export function cell(place: Place) {
  return { type: CELL, description: JSON.stringify(place) };
}

/** Records the outcome of a cell. */
export function noteOutcome(info: TestInfo, outcome: string): void {
  info.annotations.push({ type: OUTCOME, description: outcome });
}

const INTRODUCTION = `# The fault matrix

What the console does when the network or the server fails, as observed by the tests in \`tests/e2e/faults\`
with a proxy in front of the embedded server. Do not edit this page by hand; the tests write it:
\`UPDATE_DOC_TABLES=1 cargo xtask test --only e2e\`.

Every cell means: no panic; the console says what failed, why, and what to do next; nothing typed is lost;
nothing is done twice, as checked on the server; and the screen works again once the fault is gone.
A creation or a change is sent once, whatever happens. Requests that are safe to repeat, including deletions,
are retried a few times before the failure is reported. If a fault can occur after the server has done what was
asked, "after" gives the outcome of that case, and "blind" the outcome if the follow-up check fails as well.
`;

const PAGE = `${docs}/fault-matrix.md`;

/** A Playwright reporter. Silent unless the matrix was run. */
export default class MatrixTable implements Reporter {
  /** In the order of rows and columns, independently of the order in which they run. */
  private readonly cells = new Map<string, Cell>();

  onBegin(_config: unknown, suite: { allTests(): TestCase[] }): void {
    for (const test of suite.allTests()) {
      const place = described(test.annotations, CELL);
      if (place) {
        this.cells.set(test.id, { ...(JSON.parse(place) as Place), result: "not played" });
      }
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const cell = this.cells.get(test.id);
    if (cell) {
      cell.result = result.status === "passed" ? "holds" : "failed";
      const outcome = described(result.annotations, OUTCOME);
      if (outcome) {
        cell.outcome = outcome;
      }
    }
  }

  async onEnd(): Promise<{ status: "failed" } | undefined> {
    const cells = [...this.cells.values()];
    const holding = cells.filter(({ result }) => result === "holds").length;
    if (cells.every(({ result }) => result === "not played")) {
      return undefined;
    }
    const table = await format(tableOf(cells), { parser: "markdown" });
    process.stdout.write(`\nFault matrix: ${holding} of ${cells.length} cells hold\n\n${table}\n`);
    const page = `${INTRODUCTION}\n${table}`;
    const before = readFileSync(PAGE, "utf8");
    if (cells.length < before.split("✓").length - 1) {
      // Only some cells were run, as when debugging one of them.
      return undefined;
    }
    if (holding < cells.length) {
      process.stdout.write("docs/fault-matrix.md stays as it is: not every cell holds\n");
    } else if (process.env["UPDATE_DOC_TABLES"] === "1") {
      writeFileSync(PAGE, page);
    } else if (before !== page) {
      process.stdout.write("docs/fault-matrix.md says something else; UPDATE_DOC_TABLES=1 writes it anew\n");
      return { status: "failed" };
    }
    return undefined;
  }
}

function described(annotations: TestCase["annotations"], type: string): string | undefined {
  return annotations.find((annotation) => annotation.type === type)?.description;
}

function tableOf(cells: readonly Cell[]): string {
  const rows = [...new Set(cells.map(({ row }) => row))];
  const columns = [...new Set(cells.map(({ column }) => column))];
  const line = (texts: string[]) => `| ${texts.join(" | ")} |`;
  const text = (row: string, column: string) =>
    cells
      .filter((cell) => cell.row === row && cell.column === column)
      .map(textOf)
      .join("<br>");
  return [
    line(["fault", ...columns]),
    line(["---", ...columns.map(() => "---")]),
    ...rows.map((row) => line([row, ...columns.map((column) => text(row, column))])),
  ].join("\n");
}

function textOf({ moment, outcome, result }: Cell): string {
  const when = { before: "", after: "after: ", "after, blind": "blind: " }[moment] ?? "";
  return { holds: `✓ ${when}${outcome}`, failed: `✗ ${when}failed`, "not played": "–" }[result];
}
