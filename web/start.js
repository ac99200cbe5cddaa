// Starts the console: loads the glue that wasm-bindgen wrote and the WebAssembly beside it. A file and
// not an inline script, so that it runs under the Content-Security-Policy; Trunk.toml hands the names of
// both files over in a meta tag, and release builds their hashes (docs/decisions/0001-static-distribution.md).
const { js, wasm, wasmIntegrity } = document.querySelector('meta[name="credmgr:start"]').dataset;

try {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
    if (!link.sheet) throw new Error(`${link.href} could not be loaded`);
  }
  const [{ default: init }, module_or_path] = await Promise.all([
    // The page has a `modulepreload` of this with its hash: a browser imports what that has let through.
    import(js),
    // Taken from the page's preload. Development builds have no hash, and nothing is compared then.
    fetch(wasm, { integrity: wasmIntegrity }),
  ]);
  await init({ module_or_path });
} catch (error) {
  console.error(error);
  const words = document.querySelector("#starting p");
  if (words) {
    words.textContent =
      "The console could not be loaded. Check the connection and reload the page. " +
      "It needs a browser of 2024 or newer with WebAssembly.";
    words.setAttribute("role", "alert");
  }
}
