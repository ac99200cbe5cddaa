// Combines all styles into one file, target/style.css. Trunk runs this before each build (Trunk.toml).
//
// style/index.css lists the files, their order and their layers, in CSS syntax; only `@import "file" layer(name);` on a
// line of its own is supported.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const INDEX = "index.css";
const IMPORT = /^@import "(?<file>[^"]+)" layer\((?<layer>[\w-]+)\);$/gm;

/**
 * Reads a file of this directory; its name uses `/` on every system.
 * @param {string} file
 */
function read(file) {
  return readFileSync(join(here, file), "utf8");
}

const imported = new Set();
const bundle = read(INDEX).replace(IMPORT, (_, file, layer) => {
  if (imported.has(file)) fail(`imports ${file} twice`);
  imported.add(file);
  return `@layer ${layer} {\n${read(file)}}`;
});

// A remaining @import would be a request of its own; browsers ignore it after other rules.
if (/^\s*@import/m.test(bundle))
  fail("has an @import that is not understood, or imports a file that has one");

const forgotten = readdirSync(here, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".css") && file !== INDEX && !imported.has(file));
if (forgotten.length > 0) fail(`does not import ${forgotten.join(", ")}`);

const target = join(here, "..", "target");
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "style.css"), bundle);

/** @param {string} why */
function fail(why) {
  throw new Error(`style/${INDEX} ${why}`);
}
