// Takes the screenshots of every stop.
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { stops } from "../tour/index.ts";
import { expect, optionsFor, test } from "../tour/stage.ts";
import { directory, picturesOf } from "./pictures.ts";

for (const stop of stops) {
  test.describe(() => {
    test.use(optionsFor(stop));

    test(stop.name, async ({ visit }) => {
      const stage = await visit(stop);
      for (const { size, colorScheme, file } of picturesOf(stop)) {
        const path = join(directory, file);
        await rm(path, { force: true });
        await stage.page.setViewportSize(size);
        await stage.page.emulateMedia({ colorScheme });
        await stop.resized?.(stage);
        const picture = await stage.page.screenshot({ path, fullPage: true });
        expect(picture.length, "bytes of a picture that shows something").toBeGreaterThan(5_000);
      }
    });
  });
}
