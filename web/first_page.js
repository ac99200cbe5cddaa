// Asks for the first page of the list while the console is on its way, for whoever stays signed in on this tab and comes
// to the list, and shows its rows as soon as they are there (docs/decisions/0006-first-rows.md). A classic script in the
// head: the request does not wait for anything else.
(() => {
  "use strict";

  /** A character that can be seen: a name without any is blank to the console (src/tokens/model/name.rs). */
  const SEEN = /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\uFFF9-\uFFFB]/u;

  /** The rows of a page, and how many tokens a request brings: as the console has them. */
  const PAGE = 25;
  const LIMIT = 100;

  /** The longest text that rows are looked for in. A hundred tokens are some 5 kB; endless ones have to end. */
  const MOST = 1_000_000;

  /** In milliseconds: so long nothing is painted before the rows. Painting twice takes longer than once. */
  const SOON = 100;

  /** In pixels: the least height of a row, and what is above the first one at least. */
  const ROW = 40;
  const ABOVE = 280;

  /** @typedef {{ address: string, header: string, token: string, user?: { username?: string }, ownToken?: unknown }} Who */

  /**
   * How to ask for the list, if this is a visit to the list of all tokens by somebody who stays signed in; else nothing.
   * @returns {Who | undefined}
   */
  function whoComesToTheList() {
    const setting = (/** @type {string} */ name, /** @type {string} */ usual) =>
      /** @type {HTMLMetaElement | null} */ (
        document.querySelector(`meta[name="credmgr:${name}"]`)
      )?.content.trim() || usual;
    const base = setting("api-base", "/api/v1");
    const header = setting("token-header", "X-API-TOKEN");
    const place = location.pathname.slice(new URL(document.baseURI).pathname.length);
    const isList = /^(tokens\/?)?$/.test(place) && !/[?&]owner=/.test(location.search);
    // The console decides about settings that are not.
    const isUsual =
      /^\/(?!\/)[\w./~-]*[\w~-]$/.test(base) &&
      /^X-API-(TOKEN|KEY)$/i.test(header) &&
      setting("stay-signed-in", "yes") === "yes";
    const session = isList && isUsual ? sessionStorage.getItem("credmgr.session") : null;
    const { kind, token, user, console: ownToken } = JSON.parse(session ?? "{}");
    // When this tab last knew of somebody at work (src/session/presence.rs); nothing, in a session of an earlier release.
    const active = sessionStorage.getItem("credmgr.active");
    const limit = Number(setting("idle-minutes", "15")) * 60_000;
    const isFresh = active === null || limit === 0 || Math.abs(Date.now() - Number(active)) < limit;
    return kind === "token" &&
      typeof token === "string" &&
      /^[!-~]+$/.test(token) &&
      isFresh &&
      !hasEnded(active, base)
      ? { address: `${base}/api_tokens/?limit=${LIMIT}&offset=0`, header, token, user, ownToken }
      : undefined;
  }

  /**
   * Whether somebody has signed out since a tab last knew of work, or the other tabs have locked.
   * @param {string | null} active
   * @param {string} base
   */
  function hasEnded(active, base) {
    const shared = localStorage.getItem(`credmgr ${new URL(document.baseURI).pathname} ${base}`) ?? "0 0 0";
    const [signedOut, locked] = shared.split(" ").map(Number);
    return active !== null && Number(active) <= Math.max(signedOut, locked);
  }

  /**
   * Sends the request that is the console's first (src/api/transport.rs), which takes the answer instead of sending it
   * (src/api/early.rs): the function that is left for it gives it away once, to whoever names its address and its token.
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
    // Whoever takes it hears of its failure.
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
   * Shows the list, without rows yet. Returns what puts some into it: those that the window shows, and the others after the
   * frame with these; for none, what is to come stands there.
   * @param {Element} place
   * @param {Who} who
   */
  function showList(place, { user, ownToken }) {
    const template = /** @type {HTMLTemplateElement} */ (document.querySelector("#starting-list"));
    const list = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    /** @type {Element} */ (list.querySelector(".who")).textContent = user?.username ?? "";
    if (!ownToken) {
      list.querySelector(".badge")?.remove();
    }
    const body = /** @type {HTMLElement} */ (list.querySelector("tbody"));
    const [toCome, row] = body.children;
    const starting = /** @type {Element} */ (place.querySelector(".starting"));
    // On to where somebody wants to already: the console starts there.
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
      // Their places are there at once, so that the page is as long as it will be.
      const places = others.map(() => /** @type {Element} */ (row.cloneNode(false)));
      body.replaceChildren(...tokens.slice(0, inWindow).map(make), ...places);
      // The callbacks of a frame run before it is painted.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => places.forEach((place, index) => place.replaceWith(make(others[index])))),
      );
    };
  }

  /**
   * A row with a token in it.
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
   * What an answer says, but for one that is no success, or longer than it is read. The console reads it by itself.
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
        // Nobody waits for the rest.
        reader.cancel().catch(() => {});
        return undefined;
      }
    }
  }

  /**
   * The first rows of an answer, if they are certainly those that the console makes of it.
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
   * Shows the first rows of an answer, or the list without them where they take longer.
   * @param {Promise<Response>} answer
   * @param {Who} who
   */
  async function showRows(answer, who) {
    const page = document.documentElement;
    const paint = () => void (page.hidden = false);
    page.hidden = true;
    const over = new Promise((over) => setTimeout(over, SOON)).then(paint);
    // What cannot be shown yet the console shows, or says why it cannot.
    const rows = rowsOf(answer).catch(() => []);
    if (document.readyState === "loading") {
      // Scripts that come after the page may still be on their way; its elements are all there.
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
    // With a search, a filter or another page, which rows are first is for the console to say.
    if (who && answer && !location.search) {
      globalThis.credmgrFirstRows = showRows(answer, who).catch(() => {});
    }
  } catch {
    // Without storage, say: the console asks for itself.
  }
})();
