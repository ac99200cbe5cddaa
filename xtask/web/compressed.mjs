// Prints, as JSON, the size of each file of a directory: uncompressed, and compressed as strongly as possible.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { brotli, filesBelow, gzip } from "./compression.mjs";

const directory = process.argv[2];

const sizes = filesBelow(directory).map((name) => {
  const bytes = readFileSync(join(directory, name));
  return { name, raw: bytes.length, brotli: brotli(bytes).length, gzip: gzip(bytes).length };
});

console.log(JSON.stringify(sizes));
