// Brotli and gzip at their strongest. With Node, which has both built in and is needed anyway.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** @param {Buffer} bytes */
export function brotli(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/**
 * Gives the same bytes on every system and at any time: without a timestamp (Node writes none), and without the
 * operating system.
 * @param {Buffer} bytes
 */
export function gzip(bytes) {
  const packed = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  const SYSTEM = 9;
  const UNKNOWN = 255;
  packed[SYSTEM] = UNKNOWN;
  return packed;
}

/**
 * Returns the files below a directory, with `/` as separator.
 * @param {string} directory
 */
export function filesBelow(directory) {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"));
}
