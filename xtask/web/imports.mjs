// Prints, as JSON, the names of a WebAssembly's imports: `node imports.mjs WASM`.
import { readFileSync } from "node:fs";

const module = new WebAssembly.Module(readFileSync(process.argv[2]));
console.log(JSON.stringify(WebAssembly.Module.imports(module).map(({ name }) => name)));
