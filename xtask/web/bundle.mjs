// Bundles a module with its imports into one file, minified: `node bundle.mjs MODULE FILE`.
import { buildSync } from "esbuild";

const [module, file] = process.argv.slice(2);

const { warnings } = buildSync({
  entryPoints: [module],
  outfile: file,
  bundle: true,
  minify: true,
  format: "esm",
  // Browsers that run today's WebAssembly support all of it; nothing is rewritten for older ones.
  target: "esnext",
  charset: "utf8",
  legalComments: "none",
  logOverride: {
    // wasm-bindgen names a module once for each function that is imported from it, always the same module.
    "duplicate-object-key": "silent",
  },
});

// Already printed. None is expected, so any warning means that something has changed.
if (warnings.length > 0) process.exit(1);
