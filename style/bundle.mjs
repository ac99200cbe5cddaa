// Puts all styles into one file, target/style.css. Trunk runs this before each build (Trunk.toml).
//
// style/index.css says what belongs to it, in which order and in which layer, in the words of CSS itself; of those
// only `@import "file" layer(name);` on a line of its own is understood here.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const INDEX = "index.css";
const IMPORT = /^@import "(?<file>[^"]+)" layer\((?<layer>[\w-]+)\);$/gm;

/**
 * A file of this directory, with `/` in its name on every system.
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

// What is left would be a request of its own, or is not read by browsers at all behind other rules.
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
