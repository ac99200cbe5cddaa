// Measures how long a visit by a signed-in user takes to its first row, next to a hand-written page that only shows the
// same rows (plain/). Times are from the start of the navigation to the frame with the row: the one that
// web/first_page.js draws, and the console's own, which is interactive.
import { join } from "node:path";

import type { Browser, BrowserContext, Page } from "@playwright/test";

import { measure, watchWasmMemory } from "../e2e/faults/memory.ts";
import { Api } from "../e2e/support/api.ts";
import { expect, test } from "../e2e/support/fixtures.ts";
import { demoTokens, root } from "../e2e/support/personas.ts";
import { at, heading, signInByToken, signInForm } from "../e2e/support/screens.ts";
import { SESSION_KEY } from "../e2e/support/secrets.ts";
import { defaultServerOptions, Server } from "../e2e/support/server.ts";
import { median, milliseconds, report } from "./figures.ts";
import { throttle } from "./throttle.ts";

/** The budgets of the design: relative to the plain page, and in bytes. */
const COLD_RATIO = 1.3;
const SLOW_RATIO = 1.6;
const WARM_RATIO = 1.0;
const MEMORY = 5_000_000;

/** The visits of each kind, interleaved so that a busy machine affects both alike. */
const ROUNDS = 9;
const SLOW_ROUNDS = 5;

/** The browser recompiles the WebAssembly until it has visited the page a few times. */
const WARMING = 4;

declare global {
  interface Window {
    /** When the first row was in a frame, in milliseconds since the start of the navigation. */
    firstRow?: number;
    /** The same for the console's own row. */
    ownRow?: number;
    /** Hands over both once they are known. A question of the test's, asked meanwhile, would delay them. */
    tellRows?: (firstRow: number, ownRow: number) => void;
  }
}

/** A page to measure, and the session in which it is visited. */
interface Visited {
  readonly server: Server;
  readonly session: string;
}

/** The console, with a user who stays signed in on the tab. */
async function startConsole(browser: Browser): Promise<Visited> {
  const server = await Server.start(defaultServerOptions);
  const { token } = await new Api(server.origin, root).get(demoTokens.rootDeploy.id);
  const page = await browser.newPage({ baseURL: server.origin });
  await page.goto(at.signIn);
  await signInForm.stay(page).check();
  await signInByToken(page, token);
  await expect(heading(page, "API tokens")).toBeVisible();
  const session = await page.evaluate((key) => sessionStorage.getItem(key), SESSION_KEY);
  await page.context().close();
  return { server, session: session ?? "" };
}

/** The page without a framework, served by its own server with the same data. */
async function startPlain(): Promise<Visited> {
  const server = await Server.start({
    ...defaultServerOptions,
    dist: join(import.meta.dirname, "plain"),
  });
  const { token } = await new Api(server.origin, root).get(demoTokens.rootDeploy.id);
  return { server, session: JSON.stringify({ token }) };
}

/** Times of visits, in milliseconds. */
interface Times {
  readonly first: number[];
  readonly own: number[];
}

/** A page to visit, with a function that waits for the rows of the visit that has just started. */
interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly noteRows: (times: Times) => Promise<void>;
}

async function open(browser: Browser, { session }: Visited): Promise<Visitor> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const told: (readonly [number, number])[] = [];
  await page.exposeFunction("tellRows", (firstRow: number, ownRow: number) => told.push([firstRow, ownRow]));
  await page.addInitScript(
    ([key, session]) => {
      sessionStorage.setItem(key, session);
      // After the frame that contains it.
      const note = (what: "firstRow" | "ownRow") =>
        requestAnimationFrame(() =>
          setTimeout(() => {
            window[what] ??= performance.now();
            if (window.firstRow && window.ownRow) {
              window.tellRows?.(window.firstRow, window.ownRow);
            }
          }),
        );
      const look = () => {
        if (document.querySelector("tbody a[href*='/tokens/']")) {
          note("firstRow");
        }
        if (document.querySelector("table[aria-label='API tokens'] tbody a[href*='/tokens/']")) {
          note("ownRow");
          observer.disconnect();
        }
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true });
    },
    [SESSION_KEY, session] as const,
  );
  const noteRows = async ({ first, own }: Times) => {
    await expect.poll(() => told.length, { timeout: 120_000 }).toBe(1);
    const [firstRow, ownRow] = told.pop()!;
    first.push(firstRow);
    own.push(ownRow);
  };
  return { context, page, noteRows };
}

function noTimes(): { console: Times; plain: Times } {
  return { console: { first: [], own: [] }, plain: { first: [], own: [] } };
}

/** A slow connection: 1.6 Mbit/s, 150 ms. */
async function slowDown(page: Page): Promise<void> {
  const client = await throttle(page);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 1_600_000 / 8,
    uploadThroughput: 1_600_000 / 8,
  });
}

/** The first visit of a browser with an empty cache. */
async function coldVisit(browser: Browser, visited: Visited, isSlow: boolean, times: Times): Promise<void> {
  const { context, page, noteRows } = await open(browser, visited);
  if (isSlow) {
    await slowDown(page);
  }
  await page.goto(visited.server.consoleUrl + at.tokens, { waitUntil: "commit" });
  await noteRows(times);
  await context.close();
}

function compare(what: string, budget: number, { console, plain }: ReturnType<typeof noTimes>): void {
  const ratio = median(console.first) / median(plain.first);
  report(what, milliseconds(console.first));
  report("  the console's own row", milliseconds(console.own));
  report("  the plain page", milliseconds(plain.first));
  report("  ratio", `${ratio.toFixed(2)} (budget ${budget.toFixed(1)})`);
  report("  of the console's own row", (median(console.own) / median(plain.first)).toFixed(2));
  expect.soft(ratio, what).toBeLessThanOrEqual(budget);
}

test("from the start of a visit to its first row", async ({ browser }) => {
  const console = await startConsole(browser);
  const plain = await startPlain();
  process.stdout.write("\n");

  const times = noTimes();
  for (let round = 0; round < ROUNDS; round += 1) {
    await coldVisit(browser, console, false, times.console);
    await coldVisit(browser, plain, false, times.plain);
  }
  compare("first visit", COLD_RATIO, times);

  const slow = noTimes();
  for (let round = 0; round < SLOW_ROUNDS; round += 1) {
    await coldVisit(browser, console, true, slow.console);
    await coldVisit(browser, plain, true, slow.plain);
  }
  compare("first visit, 1.6 Mbit/s, 150 ms, slowed processor", SLOW_RATIO, slow);

  const own = await open(browser, console);
  await watchWasmMemory(own.context);
  const beside = await open(browser, plain);
  for (const [{ page, noteRows }, { server }] of [
    [own, console],
    [beside, plain],
  ] as const) {
    for (let visit = 0; visit < WARMING; visit += 1) {
      await page.goto(server.consoleUrl + at.tokens);
      await noteRows(noTimes().console);
      await page.waitForTimeout(1_000);
    }
  }
  const warm = noTimes();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [{ page, noteRows }, times] of [
      [own, warm.console],
      [beside, warm.plain],
    ] as const) {
      // One at a time: what slows down a page keeps a processor busy.
      const client = await throttle(page);
      await page.reload({ waitUntil: "commit" });
      await noteRows(times);
      await page.waitForTimeout(500);
      await client.detach();
    }
  }
  compare("reload, slowed processor", WARM_RATIO, warm);

  // Requests started before the response with the first rows: later ones cannot delay them.
  const asked = await own.page.evaluate(() => {
    const requests = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(
      ({ name }) => name.includes("/api/"),
    );
    const answered = requests.find(({ name }) => name.includes("/api_tokens/?"))?.responseEnd ?? 0;
    return requests.filter(({ startTime }) => startTime < answered).length;
  });
  report("requests to the API before the first row", String(asked));
  expect.soft(asked, "requests before the first row").toBe(1);

  const memory = await measure(own.page, 0);
  report("memory after it", String(memory));
  const { heap } = await measure(beside.page, 0);
  report("  the plain page", `heap ${(heap / 1024 / 1024).toFixed(2)} MiB`);
  expect.soft(memory.heap + memory.wasm, "bytes of memory").toBeLessThanOrEqual(MEMORY);

  await own.context.close();
  await beside.context.close();
  await console.server.stop();
  await plain.server.stop();
});
