// Replacements of the browser's network and clock for the tests. The originals are kept here, so that the next test
// begins with them even if an earlier one failed without cleaning up.

const realTimeout = window.setTimeout;

const real = {
  fetch: window.fetch,
  setTimeout: window.setTimeout.bind(window),
  clearTimeout: window.clearTimeout.bind(window),
  now: Date.now,
  timeout: AbortSignal.timeout,
};

/** Waits by the real clock, even if a test has replaced it. */
export function pause(milliseconds) {
  return new Promise((resolve) => real.setTimeout(resolve, milliseconds));
}

/** How much faster timers run while the network is replaced, so that retries cost no time. */
const FASTER = 50;

/** A timer this long is a time limit, not a wait. If it ran faster, a busy machine would reach it and cause a retry. */
const LIMIT = 20_000;

function soon(run, after = 0) {
  return real.setTimeout(run, after < LIMIT ? after / FASTER : after);
}

// Browsers allow 200 changes of the address in ten seconds. Chromium ignores the ones beyond that and only logs them to
// its console, Firefox throws. People are slower than these tests.
const MOST_CHANGES = 150;
const changes = [];
for (const name of ["pushState", "replaceState"]) {
  const change = history[name].bind(history);
  history[name] = (...what) => {
    changes.push(real.now());
    change(...what);
  };
}

/** Waits until the address may be changed again a number of times. */
export async function roomForAddresses() {
  for (;;) {
    while (changes.length > 0 && changes[0] <= real.now() - 10_000) changes.shift();
    if (changes.length < MOST_CHANGES) return;
    await pause(50);
  }
}

/** Replaces the network by `answer`. As with the network, aborting the request rejects it. */
export function replaceFetch(answer) {
  // A clock that the test has replaced stays.
  if (window.setTimeout === realTimeout) window.setTimeout = soon;
  window.fetch = (resource, init) => {
    const request = new Request(resource, init);
    const given_up = new Promise((_, reject) => {
      const { signal } = request;
      const give_up = () => reject(signal.reason);
      if (signal.aborted) give_up();
      else signal.addEventListener("abort", give_up);
    });
    return Promise.race([given_up, answer(request)]);
  };
}

export function restoreFetch() {
  if (window.setTimeout === soon) window.setTimeout = realTimeout;
  window.fetch = real.fetch;
}

/** Returns the browser's response to a redirect that it must not follow. Scripts cannot construct one. */
export function opaqueRedirect() {
  return Object.defineProperties(new Response(null), {
    type: { value: "opaqueredirect" },
    status: { value: 0 },
  });
}

/**
 * Returns a body that sends `text`. Not the text itself: Firefox reads such a body in another thread, and it is not
 * known how many turns of the event loop that takes.
 */
export function wholeBody(text) {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

/** Returns a body that sends `text` and then fails. */
export function brokenBody(text) {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
    pull: (controller) => controller.error(new TypeError("network error")),
  });
}

/** Returns a body that sends `text` and then stalls. Aborting the request makes it fail, as with a real one. */
export function stalledBody(text, signal) {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      signal.addEventListener("abort", () => controller.error(signal.reason));
    },
  });
}

/** A body that the test sends piece by piece. Aborting the request makes it fail, as with a real one. */
export class SlowBody {
  #controller;

  constructor(signal) {
    this.stream = new ReadableStream({ start: (controller) => (this.#controller = controller) });
    signal.addEventListener("abort", () => this.#controller.error(signal.reason));
  }

  send(text) {
    this.#controller.enqueue(new TextEncoder().encode(text));
  }

  end() {
    this.#controller.close();
  }
}

/** A body of `pieces` pieces that counts how many were read and knows whether it was cancelled. */
export class LongBody {
  sent = 0;
  cancelled = false;

  constructor(pieces, pieceLength) {
    const piece = new Uint8Array(pieceLength).fill(0x20);
    this.stream = new ReadableStream({
      pull: (controller) => {
        if (this.sent === pieces) {
          controller.close();
        } else {
          this.sent += 1;
          controller.enqueue(piece.slice());
        }
      },
      cancel: () => {
        this.cancelled = true;
      },
    });
  }
}

/** A clock that moves only when the test says so, for `setTimeout`, `Date.now` and `AbortSignal.timeout`. */
export class Clock {
  #now = real.now();
  #timers = new Map();
  #next = 1;

  constructor() {
    Date.now = () => this.#now;
    window.setTimeout = (run, after = 0) => {
      this.#timers.set(this.#next, { run, at: this.#now + after });
      return this.#next++;
    };
    window.clearTimeout = (timer) => this.#timers.delete(timer);
    AbortSignal.timeout = (milliseconds) => {
      const controller = new AbortController();
      const late = () => controller.abort(new DOMException("signal timed out", "TimeoutError"));
      window.setTimeout(late, milliseconds);
      return controller.signal;
    };
  }

  /** Lets time pass and runs the timers that are due, in their order. */
  advance(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (due.length === 0) break;
      const [timer, { run, at }] = due[0];
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, at);
      run();
    }
    this.#now = end;
  }

  /** Lets time pass as on a machine that sleeps: no timer runs. */
  sleep(milliseconds) {
    this.#now += milliseconds;
  }

  restore() {
    Date.now = real.now;
    window.setTimeout = realTimeout;
    window.clearTimeout = real.clearTimeout;
    AbortSignal.timeout = real.timeout;
  }
}

/** Presses a key where the focus is, and returns whether the page prevented its default action. */
export function pressKey(key) {
  return pressKeyOn(document.activeElement, key);
}

/** Moves the focus as Tab does, so that it is visible. */
export function tabTo(element) {
  element.focus({ focusVisible: true });
}

/** Repeats a key that is held down where the focus is. */
export function holdKey(key) {
  return dispatchKey(document.activeElement, { key, repeat: true });
}

/** Presses a key together with Ctrl where the focus is. */
export function pressChord(key) {
  return dispatchKey(document.activeElement, { key, ctrlKey: true });
}

/** Presses a key on an element that need not have the focus. */
export function pressKeyOn(element, key) {
  return dispatchKey(element, { key });
}

function dispatchKey(element, keys) {
  const event = new KeyboardEvent("keydown", { ...keys, bubbles: true, cancelable: true });
  return !element.dispatchEvent(event);
}

/** Asks a dialog to close, as Escape or the back gesture does; its `cancel` event may refuse. */
export function requestClose(dialog) {
  dialog.requestClose();
}

/** Makes the page believe that its tab goes to the background or comes back. */
export function setHidden(hidden) {
  if (hidden) Object.defineProperty(document, "hidden", { value: true, configurable: true });
  else delete document.hidden;
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}

/** Makes the page believe that the network goes away or comes back. */
export function setOnline(online) {
  if (online) delete navigator.onLine;
  else Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  window.dispatchEvent(new Event(online ? "online" : "offline"));
}

/** Holds a lock as another tab does, until the returned function is called. */
export async function holdLock(name) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await new Promise((granted) => {
    navigator.locks.request(name, { mode: "shared" }, () => {
      granted();
      return held;
    });
  });
  return release;
}

/** Takes the locks from the browser, as on plain http, or gives them back. */
export function setLocks(there) {
  if (there) delete navigator.locks;
  else Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
}

/** Makes the page believe that it goes away; `persisted` if the browser keeps it for the way back. */
export function hidePage(persisted) {
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted }));
}

/** Makes the page believe that it comes back. */
export function showPage(persisted) {
  window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted }));
}

/** Replaces writing to the clipboard by `write`. */
export function replaceClipboard(write) {
  Object.defineProperty(navigator.clipboard, "writeText", { value: write, configurable: true });
}

export function restoreClipboard() {
  delete navigator.clipboard.writeText;
}

/** Reads the type and text of a file that the page has created, over the browser's own network. */
export async function readBlob(url) {
  const answer = await real.fetch.call(window, url);
  return { type: answer.headers.get("Content-Type"), text: await answer.text() };
}

/** Waits until two frames have begun, so that all that comes with a frame, such as scroll events, has arrived. */
export function framesPass() {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

/** Holds back the page's callbacks for the next frames. */
export class HeldFrames {
  #original = window.requestAnimationFrame;
  #held = [];

  constructor() {
    window.requestAnimationFrame = (callback) => this.#held.push(callback);
  }

  release() {
    window.requestAnimationFrame = this.#original;
    this.#held.forEach((callback) => window.requestAnimationFrame(callback));
  }
}

/** A request for the first page of the list, sent before the console started, as web/first_page.js leaves it. */
export class FirstPage {
  static left(address, token) {
    return new FirstPage(address, token);
  }

  constructor(address, token) {
    const controller = new AbortController();
    this.signal = controller.signal;
    const answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.signal.addEventListener("abort", () => reject(this.signal.reason));
    });
    answer.catch(() => {});
    window.credmgrFirstPage = (wanted, with_token) => {
      delete window.credmgrFirstPage;
      if (wanted === address && with_token === token) return [answer, controller];
      controller.abort();
    };
  }

  answer(body) {
    this.resolve(new Response(body, { headers: { "Content-Type": "application/json" } }));
  }

  fail() {
    this.reject(new TypeError("Failed to fetch"));
  }

  isGivenUp() {
    return this.signal.aborted;
  }
}
