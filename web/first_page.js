// Requests the first page of the list while the console is loading, if the user stays signed in on this tab and opens
// the list, and shows its rows as soon as they arrive (docs/decisions/0006-first-rows.md). A classic script in the
// head, so that the request does not wait for anything else.
(() => {
  "use strict";

  /** A visible character: the console treats a name without any as blank (src/tokens/model/name.rs). */
  const SEEN = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\uFFF9-\uFFFB]/u;

  /** The rows per page and the tokens per request, as in the console. */
  const PAGE = 25;
  const LIMIT = 100;

  /** The longest response text that is parsed. A hundred tokens take some 5 kB; this bounds an endless response. */
  const MOST = 1_000_000;

  /** How long painting waits for the rows, in milliseconds. Painting twice takes longer than once. */
  const SOON = 100;

  /** The minimum height of a row, and the minimum height above the first one, in pixels. */
  const ROW = 40;
  const ABOVE = 280;

  /**
   * @typedef {{ address: string, header: string, token: string, user?: { username?: string }, consoleToken?: unknown }}
   *   Who
   */

  /**
   * Returns how to request the list if a user who stays signed in opens the list of all tokens; otherwise `undefined`.
   * @returns {Who | undefined}
   */
  function whoComesToTheList() {
    const setting = (/** @type {string} */ name, /** @type {string} */ usual) =>
      /** @type {HTMLMetaElement | null} */ (
        document.querySelector(`meta[name="credmgr:${name}"]`)
      )?.content.trim() || usual;
    const base = setting("api-base", "/api/v1");
    const header = setting("token-header", "X-API-TOKEN");
    const path = new URL(document.baseURI).pathname;
    const place = location.pathname.slice(path.length);
    const isList = /^(tokens\/?)?$/.test(place) && !/[?&]owner=/.test(location.search);
    // Unusual settings are left to the console.
    const isUsual =
      /^\/(?!\/)[\w./~-]*[\w~-]$/.test(base) &&
      /^X-API-(TOKEN|KEY)$/i.test(header) &&
      setting("stay-signed-in", "yes") === "yes";
    // The name of this deployment (src/session/deployment.rs).
    const name = `credmgr ${path} ${base}`;
    const session = isList && isUsual ? sessionStorage.getItem(`${name} session`) : null;
    const { kind, token, user, console: consoleToken } = JSON.parse(session ?? "{}");
    // When this tab last saw activity (src/session/presence.rs); `null` in a session of an earlier release.
    const active = sessionStorage.getItem(`${name} active`);
    const limit = Number(setting("idle-minutes", "15")) * 60_000;
    const isFresh = active === null || limit === 0 || Math.abs(Date.now() - Number(active)) < limit;
    return kind === "token" &&
      typeof token === "string" &&
      /^[!-~]+$/.test(token) &&
      isFresh &&
      !hasEnded(active, name)
      ? { address: `${base}/api_tokens/?limit=${LIMIT}&offset=0`, header, token, user, consoleToken }
      : undefined;
  }

  /**
   * Whether the user has signed out, or the other tabs have locked, since this tab last saw activity.
   * @param {string | null} active
   * @param {string} name
   */
  function hasEnded(active, name) {
    const shared = localStorage.getItem(name) ?? "0 0 0";
    const [signedOut, locked] = shared.split(" ").map(Number);
    return active !== null && Number(active) <= Math.max(signedOut, locked);
  }

  /**
   * Sends the request that would be the console's first (src/api/transport.rs). The console takes over its response
   * instead of sending it (src/api/early.rs): the function left for it hands the response over once, to a caller that
   * knows its address and its token.
   * @param {Who} who
   */
  function ask({ address, header, token }) {
    const controller = new AbortController();
    const answer = fetch(address, {
      headers: { Accept: "application/json", [header]: token },
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      redirect: "manual",
      signal: controller.signal,
    });
    // The console handles a failure when it takes the response.
    answer.catch(() => {});
    globalThis.credmgrFirstPage = (wanted, withToken) => {
      const isIt = wanted === address && withToken === token;
      token = /** @type {any} */ (undefined);
      delete globalThis.credmgrFirstPage;
      if (!isIt) {
        controller.abort();
      }
      return isIt ? [answer, controller] : undefined;
    };
    return answer;
  }

  /**
   * Shows the list, without rows yet. Returns a function that fills in rows: first those in the viewport, the others
   * after the frame with these. Without rows it shows placeholders.
   * @param {Element} place
   * @param {Who} who
   */
  function showList(place, { user, consoleToken }) {
    const template = /** @type {HTMLTemplateElement} */ (document.querySelector("#starting-list"));
    const list = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    /** @type {Element} */ (list.querySelector(".who")).textContent = user?.username ?? "";
    if (!consoleToken) {
      list.querySelector(".badge")?.remove();
    }
    const body = /** @type {HTMLElement} */ (list.querySelector("tbody"));
    const [toCome, row] = body.children;
    const starting = /** @type {Element} */ (place.querySelector(".starting"));
    // Follows a link right away: the console starts at that address.
    body.addEventListener("click", (event) => {
      const link = /** @type {Element} */ (event.target).closest("a");
      if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)) {
        event.preventDefault();
        history.pushState(null, "", link.href);
        void globalThis.credmgrFirstPage?.();
        place.querySelector("main")?.replaceChildren(starting);
      }
    });
    place.replaceChildren(list);
    const make = (/** @type {FirstRow} */ token) => filled(row, token);
    return (/** @type {FirstRow[]} */ tokens) => {
      if (tokens.length === 0) {
        body.replaceChildren(...Array.from({ length: PAGE }, () => toCome.cloneNode(true)));
        return;
      }
      const inWindow = Math.ceil((innerHeight - ABOVE) / ROW);
      const others = tokens.slice(inWindow);
      // Their places exist at once, so that the page has its final height.
      const places = others.map(() => /** @type {Element} */ (row.cloneNode(false)));
      body.replaceChildren(...tokens.slice(0, inWindow).map(make), ...places);
      // A frame's callbacks run before it is painted.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => places.forEach((place, index) => place.replaceWith(make(others[index])))),
      );
    };
  }

  /**
   * Returns a copy of the row, filled with a token.
   * @param {Element} row
   * @param {FirstRow} token
   */
  function filled(row, { id, name }) {
    const copy = /** @type {Element} */ (row.cloneNode(true));
    const link = /** @type {HTMLAnchorElement} */ (copy.querySelector("a"));
    link.href = new URL(`tokens/${id}`, document.baseURI).pathname;
    link.textContent = name;
    /** @type {Element} */ (copy.querySelector(".col-id")).textContent = String(id);
    return copy;
  }

  /**
   * Returns the content of a response; `undefined` if it is no success or too long. The console reads its own copy.
   * @param {Response} answer
   * @returns {Promise<unknown>}
   */
  async function contentOf(answer) {
    if (!answer.ok) {
      return undefined;
    }
    const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (answer.clone().body).getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return JSON.parse(text + decoder.decode());
      }
      text += decoder.decode(value, { stream: true });
      if (text.length > MOST) {
        // The rest is not needed.
        reader.cancel().catch(() => {});
        return undefined;
      }
    }
  }

  /**
   * Returns the first rows of a response, if they are certain to be the ones that the console will show.
   * @param {Promise<Response>} answer
   * @returns {Promise<FirstRow[]>}
   */
  async function rowsOf(answer) {
    const page = await contentOf(await answer);
    const isUsual =
      Array.isArray(page) &&
      page.length > 0 &&
      page.every(({ id, name }) => Number.isSafeInteger(id) && typeof name === "string" && SEEN.test(name));
    return isUsual
      ? page
          .map(({ id, name }) => ({ id, name }))
          .sort((one, other) => one.id - other.id)
          .slice(0, PAGE)
      : [];
  }

  /**
   * Shows the first rows of a response, or the list without them if they take longer.
   * @param {Promise<Response>} answer
   * @param {Who} who
   */
  async function showRows(answer, who) {
    const page = document.documentElement;
    const paint = () => void (page.hidden = false);
    page.hidden = true;
    const over = new Promise((over) => setTimeout(over, SOON)).then(paint);
    // If the rows cannot be shown here, the console shows them, or says why it cannot.
    const rows = rowsOf(answer).catch(() => []);
    if (document.readyState === "loading") {
      // Deferred scripts may still be loading then, but all elements exist.
      await new Promise((ready) => document.addEventListener("readystatechange", ready, { once: true }));
    }
    const soon = await Promise.race([rows, over]);
    const place = document.querySelector("#starting:not([data-failed])");
    if (!place) {
      return paint();
    }
    const fill = showList(place, who);
    fill(soon ?? []);
    paint();
    if (!soon) {
      fill(await rows);
    }
  }

  try {
    const who = whoComesToTheList();
    const answer = who && ask(who);
    // With a search, a filter or another page, only the console knows which rows come first.
    if (who && answer && !location.search) {
      globalThis.credmgrFirstRows = showRows(answer, who).catch(() => {});
    }
  } catch {
    // For example without storage: the console sends the request itself.
  }
})();
