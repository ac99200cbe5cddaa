// The checks at every stop of the tour: the accessibility tree (aria.ts), axe-core in light, dark and forced colours
// and on a phone, and the layout in windows of all sizes, for mouse and touch (layout.ts).
//
// All in one visit: getting to a stop takes longer than the checks there.
import { expectAccessible, expectAccessibleLayout } from "../support/axe.ts";
import { phone } from "../support/screens.ts";
import { expectSameForAssistiveTechnology } from "./aria.ts";
import { stops } from "./index.ts";
import { expectAnswersInSight, expectFingerSized, expectToFit, expectUsableWhenZoomed } from "./layout.ts";
import { optionsFor, test } from "./stage.ts";

for (const stop of stops) {
  test.describe(() => {
    test.use(optionsFor(stop));

    test(stop.name, async ({ visit }) => {
      const stage = await visit(stop);
      const { page } = stage;
      const resized = async () => stop.resized?.(stage);
      await expectSameForAssistiveTechnology(page, stop);
      await expectAccessible(page, stop.name);
      await page.setViewportSize(phone);
      await resized();
      await expectAccessibleLayout(page, `${stop.name}, on a phone`);
      await expectToFit(page, stop.name, resized);
      await expectFingerSized(page, stop.name, resized);
      await expectUsableWhenZoomed(page, stop.name, resized);
      await expectAnswersInSight(page, stop.name, resized);
    });
  });
}
