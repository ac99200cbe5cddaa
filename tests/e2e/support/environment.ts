// Where the things under test are. `cargo xtask test` says so in environment variables; the defaults are
// for running Playwright by hand after that.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../..");

/** The server's program. */
export const serverProgram = process.env["CREDMGR_SERVER"] ?? join(root, "target/debug/credmgr-server");

/** The console built for the root of an origin. */
export const dist = process.env["CREDMGR_DIST"] ?? join(root, "dist");

/** What `cargo xtask dist` makes, for each path that the tests serve it at. */
export const distributions = process.env["CREDMGR_DISTRIBUTIONS"] ?? join(root, "target/test-dist");

/** The console for `/console/`. */
export const distUnderSubPath = join(distributions, "sub-path/console");

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

const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser: the variable CHROMIUM, else the first known name on PATH. */
export function findChromium(): string {
  return find("CHROMIUM", CHROMIUM);
}

/**
 * The browser without windows, which most tests run in: the variable HEADLESS_SHELL, else the first known name on PATH. A test
 * costs the processors less in it by a third. Where there is none, the whole browser.
 */
export function findHeadlessShell(): string {
  return find("HEADLESS_SHELL", ["chromium-headless-shell", "chrome-headless-shell", ...CHROMIUM]);
}

/** A program: the one that the variable names, else the first of the names on PATH. */
export function find(variable: string, names: readonly string[]): string {
  const named = process.env[variable];
  if (named) {
    return named;
  }
  // Web servers are in the second of these, which is on the PATH of administrators only.
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
