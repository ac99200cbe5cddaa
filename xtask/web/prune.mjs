// Takes out of the main WebAssembly, as wasm-bindgen has left it, what nobody reads: `node prune.mjs WASM PRUNED NAMES`.
//
// - The words of panics. There is no standard error that they could be written to; a panic is a trap with its stack in the
//   browser's log, before and after this. What puts the words together goes with them, once wasm-opt has seen that.
// - What scripts could call of `wasm-streams`, which `gloo-net` brings, to read a stream that Rust writes. Here nobody does.
// - The names of imports, which the glue has a second time: in their place are short ones. NAMES gets each old one with
//   its new one, for the glue.
import { readFileSync, writeFileSync } from "node:fs";

import binaryen from "binaryen";

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

/** The exports of `wasm-streams` for streams that Rust writes. */
const WRITABLE_STREAMS = /^(__wbg_)?intounderlying(byte)?(source|sink)_/;

const [input, output, names] = process.argv.slice(2);
const module = binaryen.readBinary(readFileSync(input));
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

let panics = 0;
for (const { reference, name, base, results } of functions) {
  if (!base && PANICS.some((panic) => panic.test(readable(name)))) {
    if (results !== binaryen.none) throw new Error(`${name} is taken for a panic, and comes back`);
    // Binaryen's types say that of a module, whose method it is not.
    /** @type {any} */ (binaryen).Function.setBody(reference, module.unreachable());
    panics += 1;
  }
}
// Without their names they cannot be told.
if (panics < 10) throw new Error(`only ${panics} functions that panic were found in ${input}`);

const exported = Array.from(
  { length: module.getNumExports() },
  (_, index) => binaryen.getExportInfo(module.getExportByIndex(index)).name,
);
exported.filter((name) => WRITABLE_STREAMS.test(name)).forEach((name) => module.removeExport(name));

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
const pairs = imports.map(({ name, module: from, base, params, results }, index) => {
  const renamed = short(index);
  module.removeFunction(name);
  module.addFunctionImport(name, String(from), renamed, params, results);
  return [base, renamed];
});

if (!module.validate()) throw new Error(`${input} is not valid any more`);
writeFileSync(output, module.emitBinary());
writeFileSync(names, JSON.stringify(pairs));
