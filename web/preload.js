// Preloads the WebAssembly unless it is cached. A preload in the page itself would also pass a cached one to the page,
// which takes the thread that is about to draw the first rows (docs/decisions/0017-first-frame-alone.md). web/start.js
// fetches it in any case. A classic script in the head, so that it runs before the page is complete.
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  // What is true of this file is true of all files of the same release.
  const [timing] = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByName(script.src));
  // Nothing is transferred from the cache, and only headers if the server is asked whether it is current.
  const isCached = timing !== undefined && timing.transferSize < timing.encodedBodySize;
  const start = /** @type {HTMLElement | null} */ (document.querySelector('meta[name="credmgr:start"]'));
  if (!isCached && start?.dataset.wasm) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: start.dataset.wasm });
    document.head.append(link);
  }
})();
