// Names the functions of a WebAssembly by the order in which they compress best: `node order.mjs WASM NAMED`. wasm-opt
// then sorts them by these names (`--reorder-functions-by-name`), and removes the names again.
//
// The same generic code, compiled for different types, has nearly the same bytes, but is scattered. The nearer a
// repetition is, the fewer bits brotli needs for it. So the next function is always the one most similar to those
// before it.
import { readFileSync, writeFileSync } from "node:fs";

import { bodies, importedFunctions } from "./sections.mjs";

/** The length in bytes of the sequences by which functions are compared: all those that occur in them. */
const SEQUENCE = 4;

/**
 * The number of hashes per function to compare: the share of equal hashes approximates the share of equal sequences
 * (MinHash).
 */
const HASHES = 48;

/** The factor by which similarity to a function decays with each function after it. */
const MEMORY = 0.99;

const [input, output] = process.argv.slice(2);
const binary = readFileSync(input);
const imports = importedFunctions(binary);
/** @type {Map<number, string>} */
const names = new Map();
for (let index = 0; index < imports; index += 1) names.set(index, `import ${padded(index)}`);
inOrder(bodies(binary)).forEach((body, place) => names.set(imports + body, `place ${padded(place)}`));
writeFileSync(output, Buffer.concat([binary, nameSection(names)]));

/**
 * Pads a number so that names sort in numerical order.
 * @param {number} number
 */
function padded(number) {
  return String(number).padStart(8, "0");
}

/**
 * Returns the bodies' indices, beginning with the longest, each followed by the one most similar to the last ones.
 * @param {Buffer[]} all
 */
function inOrder(all) {
  const signatures = all.map(signature);
  const likeness = new Float64Array(all.length);
  const left = new Set(all.keys());
  /** @type {number[]} */
  const order = [];
  let next = all.reduce((longest, body, index) => (body.length > all[longest].length ? index : longest), 0);
  while (left.delete(next)) {
    order.push(next);
    const last = next;
    let best = -Infinity;
    for (const other of left) {
      likeness[other] = Math.max(likeness[other] * MEMORY, equal(signatures[last], signatures[other]));
      // Among equally similar ones, prefers the one of similar length.
      const score = likeness[other] - Math.abs(all[other].length - all[last].length) / 20_000;
      if (score > best) {
        best = score;
        next = other;
      }
    }
  }
  return order;
}

/**
 * Returns, for each of the hashes, the smallest value over all sequences in the body.
 * @param {Buffer} body
 */
function signature(body) {
  const smallest = new Uint32Array(HASHES).fill(2 ** 32 - 1);
  for (let start = 0; start + SEQUENCE <= body.length; start += 1) {
    let sequence = 2_166_136_261;
    for (let byte = start; byte < start + SEQUENCE; byte += 1) {
      sequence = Math.imul(sequence ^ body[byte], 16_777_619);
    }
    for (let hash = 0; hash < HASHES; hash += 1) {
      let mixed = Math.imul(sequence ^ Math.imul(hash, 0x9e3779b1), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
      if (mixed < smallest[hash]) smallest[hash] = mixed;
    }
  }
  return smallest;
}

/**
 * @param {Uint32Array} one
 * @param {Uint32Array} other
 */
function equal(one, other) {
  let count = 0;
  for (let hash = 0; hash < HASHES; hash += 1) {
    if (one[hash] === other[hash]) count += 1;
  }
  return count;
}

/**
 * Returns the custom section that names functions.
 * @param {Map<number, string>} names
 */
function nameSection(names) {
  const functions = Buffer.concat([
    leb(names.size),
    ...[...names].flatMap(([index, name]) => [leb(index), text(name)]),
  ]);
  const content = Buffer.concat([text("name"), Buffer.from([1]), leb(functions.length), functions]);
  return Buffer.concat([Buffer.from([0]), leb(content.length), content]);
}

/** @param {string} characters */
function text(characters) {
  return Buffer.concat([leb(characters.length), Buffer.from(characters)]);
}

/** @param {number} number */
function leb(number) {
  const bytes = [];
  do {
    bytes.push((number % 128) + (number >= 128 ? 128 : 0));
    number = Math.floor(number / 128);
  } while (number > 0);
  return Buffer.from(bytes);
}
