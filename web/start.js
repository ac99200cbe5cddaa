// Starts the console: loads the glue that wasm-bindgen wrote and the WebAssembly beside it. A file and
// not an inline script, so that it runs under the Content-Security-Policy; Trunk.toml hands the names of
// both files over in a meta tag, and release builds their hashes (docs/decisions/0001-static-distribution.md).
const { js, wasm, wasmIntegrity } = document.querySelector('meta[name="credmgr:start"]').dataset;

/**
 * Asks for the first page of the list while the WebAssembly is on its way, for whoever stays signed in on this tab and
 * comes to the list. The request is the console's own (src/api/transport.rs), which takes its answer instead of sending
 * it (src/api/early.rs). Nothing is asked where the console might not: it decides about settings that are not usual.
 */
function askForFirstPage() {
  const setting = (name, usual) =>
    document.querySelector(`meta[name="credmgr:${name}"]`)?.content.trim() || usual;
  const base = setting("api-base", "/api/v1");
  const header = setting("token-header", "X-API-TOKEN");
  const place = location.pathname.slice(new URL(document.baseURI).pathname.length);
  const isList = /^(tokens\/?)?$/.test(place) && !/[?&]owner=/.test(location.search);
  const isUsual =
    /^\/(?!\/)[\w./~-]*[\w~-]$/.test(base) &&
    /^X-API-(TOKEN|KEY)$/i.test(header) &&
    setting("stay-signed-in", "yes") === "yes";
  const session = isList && isUsual ? sessionStorage.getItem("credmgr.session") : null;
  let { kind, token } = JSON.parse(session ?? "{}");
  if (kind !== "token" || !/^[!-~]+$/.test(token)) {
    return;
  }
  const address = `${base}/api_tokens/?limit=100&offset=0`;
  const controller = new AbortController();
  const answer = fetch(address, {
    headers: { Accept: "application/json", [header]: token },
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
    redirect: "manual",
    signal: controller.signal,
  });
  // Whoever takes it hears of its failure.
  answer.catch(() => {});
  globalThis.credmgrFirstPage = (wanted, withToken) => {
    const isIt = wanted === address && withToken === token;
    token = undefined;
    delete globalThis.credmgrFirstPage;
    if (!isIt) {
      controller.abort();
    }
    return isIt ? [answer, controller] : undefined;
  };
}

try {
  askForFirstPage();
} catch {
  // Without storage, say: the console asks for itself.
}

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
