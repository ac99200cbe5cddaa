// Where the screenshots are, and their names.
import { join } from "node:path";

import { colourSchemes } from "../support/axe.ts";
import { results } from "../support/environment.ts";
import type { Stop } from "../tour/stop.ts";

/** The directory with all screenshots, and the page that shows them. */
export const directory = join(results, "screens");
export const contactSheet = join(directory, "index.html");

const sizes = [
  { width: 390, height: 844 },
  { width: 768, height: 1024 },
  { width: 1280, height: 800 },
] as const;

export interface Picture {
  readonly size: { readonly width: number; readonly height: number };
  readonly colorScheme: (typeof colourSchemes)[number];
  /** The path within the directory. */
  readonly file: string;
}

/** The screenshots of a stop, in the order in which they are taken and shown. */
export function picturesOf({ name }: Stop): Picture[] {
  const slug = name.replace(/[^a-z]+/gi, "-").toLowerCase();
  return sizes.flatMap((size) =>
    colourSchemes.map((colorScheme) => ({
      size,
      colorScheme,
      file: `${slug}-${size.width}-${colorScheme}.png`,
    })),
  );
}
