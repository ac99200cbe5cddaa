// Prints, as JSON, how large each file of a directory is: as it is, and compressed as strongly as brotli and gzip
// can. By Node, which has both built in and is there anyway.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const directory = process.argv[2];

const sizes = readdirSync(directory, { recursive: true })
  .filter((name) => statSync(join(directory, name)).isFile())
  .map((name) => {
    const bytes = readFileSync(join(directory, name));
    const brotli = brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    });
    const gzip = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
    return { name: name.replaceAll("\\", "/"), raw: bytes.length, brotli: brotli.length, gzip: gzip.length };
  });

console.log(JSON.stringify(sizes));
