// axe-core at every stop of the tour: light, dark, and in forced colours.
import { expectAccessible } from "../support/axe.ts";
import { stops } from "./index.ts";
import { optionsFor, test } from "./stage.ts";

for (const stop of stops) {
  test.describe(() => {
    test.use(optionsFor(stop));

    test(stop.name, async ({ visit }) => {
      const { page } = await visit(stop);
      await expectAccessible(page, stop.name);
    });
  });
}
