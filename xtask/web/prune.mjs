// Removes what nobody reads from the main WebAssembly, after wasm-bindgen: `node prune.mjs WASM PRUNED NAMES SCRIPT…`.
//
// - The messages of panics. There is no standard error to write them to; with and without them, a panic is a trap with
//   its stack trace in the browser's log. The code that formats the messages goes as well, once wasm-opt has found it
//   unused.
// - The source locations of panics, which those messages would have named.
// - The value in the messages of serde_json's errors, which here only say that something was not understood. It
//   requires all of the formatting of floating-point numbers.
// - The functions of `wasm-streams`, which Leptos brings, by which scripts could read a stream that Rust writes.
//   Nothing here does.
// - Exports that no SCRIPT names.
// - The long names of imports and exports, which the glue repeats: they are replaced by short ones. NAMES receives each
//   old name with its new one, for the glue.
import { readFileSync, writeFileSync } from "node:fs";

import binaryen from "binaryen";

import { segments } from "./sections.mjs";

/** The functions that panics end in, which never return. */
const PANICS = [
  /^core::panicking::/,
  /^core::option::(expect|unwrap)_failed$/,
  /^core::result::unwrap_failed$/,
  /^core::cell::panic_already_(mutably_)?borrowed$/,
  /^core::slice::index::slice_\w+_fail$/,
  /^core::slice::copy_from_slice_impl::len_mismatch_fail$/,
  /^core::str::slice_error_fail(_rt)?$/,
  /^alloc::raw_vec::(capacity_overflow|handle_error)$/,
  /^alloc::alloc::handle_alloc_error$/,
  /^std::panicking::(begin_panic|panic_handler|panic_with_hook)\b/,
  /^__rustc::rust_begin_unwind$/,
];

/**
 * The function that writes that value. It has the same code as no other function, so none can have been merged with it,
 * as happened to the one for `{:?}` (docs/decisions/0013-what-nobody-reads.md).
 */
const UNEXPECTED = "<serde_json::error::JsonUnexpected as core::fmt::Display>::fmt";

/** The exports of `wasm-streams` for streams that Rust writes. */
const WRITABLE_STREAMS = /^(__wbg_)?intounderlying(byte)?(source|sink)_/;

/** The exports with a hash in their names: those that call closures of Rust. */
const CLOSURES = /^wasm_bindgen__convert__closures_/;

const [input, output, namesFile, ...scripts] = process.argv.slice(2);
const binary = readFileSync(input);
withoutPlaces(binary);
const module = binaryen.readBinary(binary);
// Keeps the names, for anybody who wants to know what the functions are.
binaryen.setDebugInfo(true);
const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => {
  const reference = module.getFunctionByIndex(index);
  return { reference, ...binaryen.getFunctionInfo(reference) };
});

/**
 * Returns a function's name as in Rust: without the hashes of crates, and with Binaryen's escapes undone.
 * @param {string} name
 */
function readable(name) {
  return name
    .replace(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\[[0-9a-f]+\]/g, "")
    .replace(/::h[0-9a-f]{16}$/, "");
}

/**
 * Sets the body of a function. By Binaryen's types this belongs to a module, but it is not a method of modules.
 * @param {number} reference
 * @param {number} body
 */
function setBody(reference, body) {
  /** @type {any} */ (binaryen).Function.setBody(reference, body);
}

let panics = 0;
let unexpected = 0;
for (const { reference, name, base, results } of functions) {
  if (!base && PANICS.some((panic) => panic.test(readable(name)))) {
    if (results !== binaryen.none) throw new Error(`${name} is taken for a panic, and comes back`);
    setBody(reference, module.unreachable());
    panics += 1;
  } else if (!base && readable(name) === UNEXPECTED) {
    // Returns success.
    setBody(reference, module.i32.const(0));
    unexpected += 1;
  }
}
// Without names, these functions cannot be recognised.
if (panics < 10) throw new Error(`only ${panics} functions that panic were found in ${input}`);
if (unexpected !== 1) throw new Error(`${unexpected} functions are ${UNEXPECTED} in ${input}`);

/**
 * Returns the shortest possible names: a, b, … z, aa, …
 * @param {number} number
 * @returns {string}
 */
function short(number) {
  const letter = String.fromCharCode(97 + (number % 26));
  return number < 26 ? letter : short(Math.floor(number / 26) - 1) + letter;
}

// The splitter's script provides the other imports, by their names.
const imports = functions.filter(({ module: from }) => from?.endsWith("_bg.js"));
const importPairs = imports.map(({ name, module: from, base, params, results }, index) => {
  const renamed = short(index);
  module.removeFunction(name);
  module.addFunctionImport(name, String(from), renamed, params, results);
  return [base, renamed];
});

const named = new Set(scripts.flatMap((script) => readFileSync(script, "utf8").match(/\w+/g)));
const exported = Array.from({ length: module.getNumExports() }, (_, index) =>
  binaryen.getExportInfo(module.getExportByIndex(index)),
);
const [kept, unnamed] = [true, false].map((isKept) =>
  exported.filter(({ name }) => isKept === (named.has(name) && !WRITABLE_STREAMS.test(name))),
);
unnamed.forEach(({ name }) => module.removeExport(name));
const closures = kept.filter(({ name }) => CLOSURES.test(name));
const exportPairs = closures.map(({ name, value }, index) => {
  const renamed = short(index);
  module.removeExport(name);
  module.addFunctionExport(value, renamed);
  return [name, renamed];
});

/**
 * Blanks all source locations: the address and length of a Rust file's name, a line and a column, and the name itself.
 * @param {Buffer} wasm
 */
function withoutPlaces(wasm) {
  const data = segments(wasm);
  /** @param {number} address */
  const bytesAt = (address) => {
    const segment = data.find((one) => address >= one.address && address < one.address + one.bytes.length);
    return segment?.bytes.subarray(address - segment.address);
  };
  const [LINES, COLUMNS] = [20_000, 500];
  // Finds all before blanking any, because locations share file names.
  /** @type {Buffer[]} */
  const found = [];
  for (const { bytes } of data) {
    for (let at = 0; at + 16 <= bytes.length; at += 4) {
      const [address, length, line, column] = [0, 4, 8, 12].map((word) => bytes.readUInt32LE(at + word));
      const file = bytesAt(address)?.subarray(0, length);
      const isPlace = line > 0 && line < LINES && column > 0 && column < COLUMNS && file?.length === length;
      if (isPlace && /^[ -~]+\.rs$/.test(file.toString("latin1"))) {
        found.push(file, bytes.subarray(at, at + 16));
      }
    }
  }
  if (found.length < 200)
    throw new Error(`only ${found.length / 2} places in the sources were found in ${input}`);
  found.forEach((bytes) => bytes.fill(0));
}

if (!module.validate()) throw new Error(`${input} is not valid any more`);
writeFileSync(output, module.emitBinary());
writeFileSync(namesFile, JSON.stringify({ imports: importPairs, exports: exportPairs }));
