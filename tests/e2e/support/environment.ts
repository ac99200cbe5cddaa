// Where the things under test are. `cargo xtask test` sets environment variables; the defaults are for running
// Playwright by hand after that.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** The server's binary. */
export const serverProgram = process.env["CREDMGR_SERVER"] ?? join(root, "target/debug/credmgr-server");

/** The console built for the root path of an origin. */
export const dist = process.env["CREDMGR_DIST"] ?? join(root, "dist");

/** The distributions built by `cargo xtask dist`, one for each path at which the tests serve it. */
export const distributions = process.env["CREDMGR_DISTRIBUTIONS"] ?? join(root, "target/test-dist");

/** The console for `/console/`. */
export const distUnderSubPath = join(distributions, "sub-path/console");

/** The output folder of a run. */
export const results = resolve(import.meta.dirname, "../results");

/** The documentation, parts of which the tests write. */
export const docs = join(root, "docs");

/** The images of the documentation. */
export const docImages = join(docs, "images");

/** Turns off what the browser does on its own: it could disturb a test, or fail it as a request to another origin. */
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

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Finds the browser: the variable CHROMIUM, otherwise the first known name on PATH. */
export function findChromium(): string {
  return find("CHROMIUM", CHROMIUM);
}

/**
 * Finds the headless shell, which most tests run in: the variable HEADLESS_SHELL, otherwise the first known name on
 * PATH. A test takes a third less processor time in it. Falls back to the full browser.
 */
export function findHeadlessShell(): string {
  return find("HEADLESS_SHELL", ["chromium-headless-shell", "chrome-headless-shell", ...CHROMIUM]);
}

/** Finds a program: the one named by the variable, otherwise the first of the names on PATH. */
export function find(variable: string, names: readonly string[]): string {
  const named = process.env[variable];
  if (named) {
    return named;
  }
  // Web servers are in the second of these, which is only on an administrator's PATH.
  const directories = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  for (const name of names) {
    for (const directory of directories) {
      const file = join(directory, name);
      if (isProgram(file)) {
        return file;
      }
    }
  }
  throw new Error(
    `there is no ${names[0]} on PATH: run \`cargo xtask setup\`, or set the variable ${variable}`,
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
