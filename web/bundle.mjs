// Combines the scripts of the page's head into one file, target/head.js, so that they take one request. Trunk runs this
// before each build (Trunk.toml).

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** In this order: the first one sends the request for the list, and the last one may wait for the browser's storage. */
const SCRIPTS = ["first_page.js", "preload.js", "theme.js"];

const target = join(here, "..", "target");
mkdirSync(target, { recursive: true });
writeFileSync(
  join(target, "head.js"),
  SCRIPTS.map((file) => readFileSync(join(here, file), "utf8")).join("\n"),
);
