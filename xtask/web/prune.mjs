// Takes out of the main WebAssembly, as wasm-bindgen has left it, what nobody reads: `node prune.mjs WASM PRUNED NAMES
// SCRIPT…`.
//
// - The words of panics. There is no standard error that they could be written to; a panic is a trap with its stack in the
//   browser's log, before and after this. What puts the words together goes with them, once wasm-opt has seen that.
// - The places in the sources that panics are at, which those words would have named.
// - The value in the words of serde_json's errors, which say no more here than that something was not understood. It
//   brings all that numbers with a point are written by.
// - What scripts could call of `wasm-streams`, which Leptos brings, to read a stream that Rust writes. Here nobody does.
// - Exports that no SCRIPT names.
// - The long names of imports and exports, which the glue has a second time: in their place are short ones. NAMES gets each
//   old one with its new one, for the glue.
import { readFileSync, writeFileSync } from "node:fs";

import binaryen from "binaryen";

import { segments } from "./sections.mjs";

/** What a panic ends in: functions that do not come back. */
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
 * What writes that value. No other function does what it does, so no other one can have been made one with it: what `{:?}`
 * writes was (docs/decisions/0013-what-nobody-reads.md).
 */
const UNEXPECTED = "<serde_json::error::JsonUnexpected as core::fmt::Display>::fmt";

/** The exports of `wasm-streams` for streams that Rust writes. */
const WRITABLE_STREAMS = /^(__wbg_)?intounderlying(byte)?(source|sink)_/;

/** The exports that have a hash in their names: what calls closures of Rust. */
const CLOSURES = /^wasm_bindgen__convert__closures_/;

const [input, output, namesFile, ...scripts] = process.argv.slice(2);
const binary = readFileSync(input);
withoutPlaces(binary);
const module = binaryen.readBinary(binary);
// For whoever wants to know what its functions are.
binaryen.setDebugInfo(true);
const functions = Array.from({ length: module.getNumFunctions() }, (_, index) => {
  const reference = module.getFunctionByIndex(index);
  return { reference, ...binaryen.getFunctionInfo(reference) };
});

/**
 * The name of a function as Rust has it: without the hashes of crates, and what Binaryen escapes put back.
 * @param {string} name
 */
function readable(name) {
  return name
    .replace(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\[[0-9a-f]+\]/g, "")
    .replace(/::h[0-9a-f]{16}$/, "");
}

/**
 * Binaryen's types say that this is of a module, whose method it is not.
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
    // That it could be written.
    setBody(reference, module.i32.const(0));
    unexpected += 1;
  }
}
// Without their names they cannot be told.
if (panics < 10) throw new Error(`only ${panics} functions that panic were found in ${input}`);
if (unexpected !== 1) throw new Error(`${unexpected} functions are ${UNEXPECTED} in ${input}`);

/**
 * The shortest names that there are: a, b, … z, aa, …
 * @param {number} number
 * @returns {string}
 */
function short(number) {
  const letter = String.fromCharCode(97 + (number % 26));
  return number < 26 ? letter : short(Math.floor(number / 26) - 1) + letter;
}

// The others come from the splitter's script, by their names.
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
 * Blanks all places in the sources: where the name of a file of Rust lies and how long it is, a line and a column.
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
  // All first, since places share the names of files.
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
