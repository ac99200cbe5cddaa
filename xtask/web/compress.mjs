// Writes a .br and a .gz beside each file of a directory, for web servers that send precompressed files.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { brotli, filesBelow, gzip } from "./compression.mjs";

/** Anything smaller fits into one packet anyway, and its headers weigh as much. */
const SMALLEST = 256;

const directory = process.argv[2];

for (const name of filesBelow(directory)) {
  const bytes = readFileSync(join(directory, name));
  if (bytes.length >= SMALLEST) {
    writeFileSync(join(directory, `${name}.br`), brotli(bytes));
    writeFileSync(join(directory, `${name}.gz`), gzip(bytes));
  }
}
