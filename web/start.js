// Starts the console: loads the glue that wasm-bindgen wrote and the WebAssembly beside it. A file and
// not an inline script, so that it runs under the Content-Security-Policy; Trunk.toml hands the names of
// both files over in a meta tag.
const { js, wasm } = document.querySelector('meta[name="credmgr:start"]').dataset;

try {
  const { default: init } = await import(js);
  await init({ module_or_path: wasm });
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
