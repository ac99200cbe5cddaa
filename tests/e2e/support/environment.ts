// Where the things under test are. `cargo xtask test` says so in environment variables; the defaults are
// for running Playwright by hand after that.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** The server's program. */
export const serverProgram = process.env["CREDMGR_SERVER"] ?? join(root, "target/debug/credmgr-server");

/** The console built for the root of an origin. */
export const dist = process.env["CREDMGR_DIST"] ?? join(root, "dist");

/** The console built for `/console/`. */
export const distUnderSubPath = process.env["CREDMGR_DIST_SUB_PATH"] ?? join(root, "target/dist-console");

/** Everything that a run leaves behind. */
export const results = resolve(import.meta.dirname, "../results");

/** The documentation, of which tests write some parts. */
export const docs = join(root, "docs");

/** The pictures that the documentation shows. */
export const docImages = join(docs, "images");

/** Nothing that the browser does on its own should disturb a test, or fail it as a request to elsewhere. */
export const browserArguments = [
  // Chromium refuses to run as root with its sandbox, and containers run as root.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser: the variable CHROMIUM, else the first known name on PATH. */
export function findChromium(): string {
  const named = process.env["CHROMIUM"];
  if (named) {
    return named;
  }
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const directory of (process.env["PATH"] ?? "").split(delimiter)) {
      const file = join(directory, name);
      if (isProgram(file)) {
        return file;
      }
    }
  }
  throw new Error("there is no Chromium on PATH: run `cargo xtask setup`, or set the variable CHROMIUM");
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
