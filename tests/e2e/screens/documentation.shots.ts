// Takes the images in docs/images, on request: `UPDATE_DOC_IMAGES=1 cargo xtask screens`.
import { join } from "node:path";

import { docImages } from "../support/environment.ts";
import { stops } from "../tour/index.ts";
import { expect, optionsFor, test } from "../tour/stage.ts";

interface Documented {
  readonly stop: string;
  /** The file name without its extension. */
  readonly file: string;
  /** The relevant part of a window of 1280 × 800. */
  readonly clip: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

const below = (height: number) => ({ x: 48, y: 0, width: 1184, height });

const documented: readonly Documented[] = [
  { stop: "sign in: with a password", file: "sign-in", clip: { x: 400, y: 60, width: 480, height: 680 } },
  { stop: "list: first page", file: "tokens", clip: below(640) },
  { stop: "token created: hidden", file: "token-created", clip: below(640) },
  { stop: "token: verified", file: "token", clip: below(640) },
  { stop: "rotation: both work", file: "rotation", clip: below(800) },
  { stop: "rows: some selected", file: "selection", clip: below(800) },
];

for (const { stop: name, file, clip } of process.env["UPDATE_DOC_IMAGES"] ? documented : []) {
  const stop = stops.find((each) => each.name === name);
  if (!stop) {
    throw new Error(`the tour has no stop '${name}'`);
  }

  test.describe(() => {
    test.use({ ...optionsFor(stop), viewport: { width: 1280, height: 800 }, colorScheme: "light" });

    test(`for the documentation: ${name}`, async ({ visit }) => {
      const { page } = await visit(stop);
      // The pointer is still over the element that was pressed.
      await page.mouse.move(0, 0);
      const picture = await page.screenshot({ path: join(docImages, `${file}.png`), clip });
      expect(picture.length, "bytes").toBeLessThan(150_000);
    });
  });
}
