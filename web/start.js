// Starts the console: loads the glue that wasm-bindgen wrote and the WebAssembly beside it. A file and
// not an inline script, so that it runs under the Content-Security-Policy; Trunk.toml hands the names of
// both files over in a meta tag, and release builds their hashes (docs/decisions/0001-static-distribution.md).
const { js, wasm, wasmIntegrity } = /** @type {{ dataset: Record<string, any> }} */ (
  /** @type {unknown} */ (document.querySelector('meta[name="credmgr:start"]'))
).dataset;

/** In milliseconds: so long the console waits for its first rows to be shown (first_page.js). */
const PATIENCE = 200;

/**
 * What becomes of a promise, or nothing if that takes longer.
 * @param {number} milliseconds
 * @param {Promise<unknown> | undefined} promise
 */
function within(milliseconds, promise) {
  return Promise.race([promise, new Promise((over) => setTimeout(over, milliseconds))]);
}

/** Until what is in the page now is painted: the callbacks of a frame run before that, the next one's after it. */
function frame() {
  return new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
}

/**
 * A WebAssembly; or the answer it comes in, if its server does not say what it is: the glue takes that all the same.
 * @param {Promise<Response>} answer
 */
async function compiled(answer) {
  const response = await answer;
  return response.headers.get("content-type") === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : response;
}

try {
  /** @type {NodeListOf<HTMLLinkElement>} */
  const styles = document.querySelectorAll('link[rel="stylesheet"]');
  for (const link of styles) {
    if (!link.sheet) throw new Error(`${link.href} could not be loaded`);
  }
  // Hashing and compiling keep all threads busy, painting included, so rows that are about to appear are awaited first. The
  // files are on their way since the page's preloads.
  await within(PATIENCE, globalThis.credmgrFirstRows?.then(frame));
  delete globalThis.credmgrFirstRows;
  // The page has a `modulepreload` of this with its hash: a browser imports what that has let through.
  const glue = import(js);
  // Taken from the page's preload. Development builds have no hash, and nothing is compared then.
  const answer = fetch(wasm, { integrity: wasmIntegrity });
  const [{ default: init }, module_or_path] = await Promise.all([glue, compiled(answer)]);
  await init({ module_or_path });
} catch (error) {
  console.error(error);
  const starting = /** @type {HTMLElement | null} */ (document.querySelector("#starting"));
  if (starting) {
    // In place of rows as well, which lead nowhere now, and of those that are still to come (first_page.js).
    starting.dataset.failed = "";
    const words = document.createElement("p");
    words.className = "starting";
    words.setAttribute("role", "alert");
    words.textContent =
      "The console could not be loaded. Check the connection and reload the page. " +
      "It needs a browser of 2024 or newer with WebAssembly.";
    starting.querySelector("main")?.replaceChildren(words);
  }
}
