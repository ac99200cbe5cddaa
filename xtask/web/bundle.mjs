// Puts a module, with what it imports, into one file, as short as it can be: `node bundle.mjs MODULE FILE`.
import { buildSync } from "esbuild";

const [module, file] = process.argv.slice(2);

const { warnings } = buildSync({
  entryPoints: [module],
  outfile: file,
  bundle: true,
  minify: true,
  format: "esm",
  // What browsers have that WebAssembly of today runs in; nothing is rewritten for older ones.
  target: "esnext",
  charset: "utf8",
  legalComments: "none",
  logOverride: {
    // wasm-bindgen names a module once for each function that is imported from it, always the same one.
    "duplicate-object-key": "silent",
  },
});

// Printed already. None is expected, so each means that something is not as it was.
if (warnings.length > 0) process.exit(1);
