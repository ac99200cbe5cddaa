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

/** The factor by which similarity to a function decays with each function after it. */
const MEMORY = 0.97;

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
  const similarTo = similarities(all.map(sequencesOf));
  const likeness = new Float64Array(all.length);
  const left = new Set(all.keys());
  /** @type {number[]} */
  const order = [];
  let next = all.reduce((longest, body, index) => (body.length > all[longest].length ? index : longest), 0);
  while (left.delete(next)) {
    order.push(next);
    const last = next;
    const similarity = similarTo(last);
    let best = -Infinity;
    for (const other of left) {
      likeness[other] = Math.max(likeness[other] * MEMORY, similarity[other]);
      // Among equally similar ones, prefers the one of similar length.
      const score = likeness[other] - Math.abs(all[other].length - all[last].length) / 1_000_000;
      if (score > best) {
        best = score;
        next = other;
      }
    }
  }
  return order;
}

/**
 * Returns the different sequences in the body, as numbers.
 * @param {Buffer} body
 */
function sequencesOf(body) {
  /** @type {Set<number>} */
  const sequences = new Set();
  for (let start = 0; start + SEQUENCE <= body.length; start += 1) {
    sequences.add(body.readUIntBE(start, SEQUENCE));
  }
  return sequences;
}

/**
 * Returns a function that tells how similar each body is to one of them: the number of sequences that occur in both,
 * divided by the number of those that occur in either (Jaccard index). The array that it returns is overwritten by the
 * next call.
 * @param {Set<number>[]} all the sequences of each body
 */
function similarities(all) {
  /** @type {Map<number, number[]>} */
  const bodiesWith = new Map();
  for (const [body, sequences] of all.entries()) {
    for (const sequence of sequences) {
      const bodies = bodiesWith.get(sequence);
      if (bodies) bodies.push(body);
      else bodiesWith.set(sequence, [body]);
    }
  }
  const similarity = new Float64Array(all.length);
  return (/** @type {number} */ one) => {
    similarity.fill(0);
    for (const sequence of all[one]) {
      for (const other of /** @type {number[]} */ (bodiesWith.get(sequence))) similarity[other] += 1;
    }
    for (const [other, { size }] of all.entries()) {
      const either = all[one].size + size - similarity[other];
      // Of two bodies that are shorter than a sequence, nothing is known.
      similarity[other] = either === 0 ? 0 : similarity[other] / either;
    }
    return similarity;
  };
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
