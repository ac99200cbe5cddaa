// Combines every fault with every operation. A cell checks that there is no panic, that the messages are right, that
// nothing typed is lost, that nothing is done twice (as seen on the server), and that the screen works again once the
// fault is gone.
import { expect } from "@playwright/test";

import { cell as cellOf, noteOutcome } from "./matrix-table.ts";
import { type Moment, operations } from "./operations.ts";
import { rowFor, rows } from "./rows.ts";
import { test } from "./stage.ts";

for (const row of rows) {
  for (const operation of operations) {
    const moments: Moment[] = ["before"];

    if (operation.writes && row.canComeAfter) {
      moments.push("after");
    }
    if (operation.writes && row.alsoBlind) {
      moments.push("after, blind");
    }

    for (const moment of moments) {
      const when = operation.writes ? ` (${moment})` : "";
      const annotation = cellOf({ row: row.name, column: operation.name, moment });

      test(`${operation.name}: ${row.name}${when}`, { annotation }, async ({ cell }) => {
        const outcome = await operation.play(cell, rowFor(operation.name, row), moment);
        expect(
          cell.proxy.seen.some(({ struck }) => struck),
          "the fault has struck",
        ).toBe(true);
        noteOutcome(test.info(), outcome);
      });
    }
  }
}
