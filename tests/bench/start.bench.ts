// How long a visit takes to its first row, for somebody who is signed in, beside a page written by hand that shows
// the same rows and does nothing else (plain/). From the start of the navigation to the frame with the row: with the one
// that web/start.js draws, and with the console's own, which can be worked with.
import { join } from "node:path";

import type { Browser, BrowserContext, Page } from "@playwright/test";

import { measure, watchWasmMemory } from "../e2e/faults/memory.ts";
import { Api } from "../e2e/support/api.ts";
import { expect, test } from "../e2e/support/fixtures.ts";
import { demoTokens, root } from "../e2e/support/personas.ts";
import { at, heading, signInByToken, signInForm } from "../e2e/support/screens.ts";
import { defaultServerOptions, Server } from "../e2e/support/server.ts";
import { median, milliseconds, report } from "./figures.ts";
import { throttle } from "./throttle.ts";

/** The budgets of the design: beside the plain page, and in bytes. */
const COLD_RATIO = 1.3;
const SLOW_RATIO = 1.6;
const WARM_RATIO = 1.0;
const MEMORY = 5_000_000;

/** Visits of each kind, in turns: a machine that gets busy spoils both. */
const ROUNDS = 9;
const SLOW_ROUNDS = 5;

/** A browser compiles WebAssembly anew until it has been there a few times. */
const WARMING = 4;

declare global {
  interface Window {
    /** When it was in a frame, in milliseconds since the start of the navigation. */
    firstRow?: number;
    /** The same of the console's own. */
    ownRow?: number;
  }
}

/** A page to measure, and the session to visit it in. */
interface Visited {
  readonly server: Server;
  readonly session: string;
}

/** The console, signed in as one is who stays signed in on a tab. */
async function startConsole(browser: Browser): Promise<Visited> {
  const server = await Server.start(defaultServerOptions);
  const { token } = await new Api(server.origin, root).get(demoTokens.rootDeploy.id);
  const page = await browser.newPage({ baseURL: server.origin });
  await page.goto(at.signIn);
  await signInForm.stay(page).check();
  await signInByToken(page, token);
  await expect(heading(page, "API tokens")).toBeVisible();
  const session = await page.evaluate(() => sessionStorage.getItem("credmgr.session"));
  await page.context().close();
  return { server, session: session ?? "" };
}

/** The page without a framework, on a server of its own with the same data. */
async function startPlain(): Promise<Visited> {
  const server = await Server.start({
    ...defaultServerOptions,
    dist: join(import.meta.dirname, "plain"),
  });
  const { token } = await new Api(server.origin, root).get(demoTokens.rootDeploy.id);
  return { server, session: JSON.stringify({ token }) };
}

async function open(browser: Browser, { session }: Visited): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript((session) => {
    sessionStorage.setItem("credmgr.session", session);
    // After the frame that it is in.
    const note = (what: "firstRow" | "ownRow") =>
      requestAnimationFrame(() => setTimeout(() => (window[what] ??= performance.now())));
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
  }, session);
  return [context, page];
}

/** Of visits, in milliseconds. */
interface Times {
  readonly first: number[];
  readonly own: number[];
}

/** Waits for the rows of a navigation that was just begun. */
async function noteRows(page: Page, { first, own }: Times): Promise<void> {
  const found = await page.waitForFunction(
    () => window.firstRow && window.ownRow && { firstRow: window.firstRow, ownRow: window.ownRow },
    undefined,
    { polling: 100, timeout: 120_000 },
  );
  const { firstRow = NaN, ownRow = NaN } = (await found.jsonValue()) || {};
  first.push(firstRow);
  own.push(ownRow);
}

function noTimes(): { console: Times; plain: Times } {
  return { console: { first: [], own: [] }, plain: { first: [], own: [] } };
}

/** A slow line: 1.6 Mbit/s, 150 ms. */
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

/** The first visit of a browser that was never there. */
async function coldVisit(browser: Browser, visited: Visited, isSlow: boolean, times: Times): Promise<void> {
  const [context, page] = await open(browser, visited);
  if (isSlow) {
    await slowDown(page);
  }
  await page.goto(visited.server.consoleUrl + at.tokens, { waitUntil: "commit" });
  await noteRows(page, times);
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

  const [context, page] = await open(browser, console);
  await watchWasmMemory(context);
  const [plainContext, plainPage] = await open(browser, plain);
  for (const [each, { server }] of [
    [page, console],
    [plainPage, plain],
  ] as const) {
    for (let visit = 0; visit < WARMING; visit += 1) {
      await each.goto(server.consoleUrl + at.tokens);
      await noteRows(each, noTimes().console);
      await each.waitForTimeout(1_000);
    }
    await throttle(each);
  }
  const warm = noTimes();
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.reload({ waitUntil: "commit" });
    await noteRows(page, warm.console);
    await plainPage.reload({ waitUntil: "commit" });
    await noteRows(plainPage, warm.plain);
  }
  compare("reload, slowed processor", WARM_RATIO, warm);

  // What is begun before the answer with the first rows is there: what comes after it does not hold them up.
  const asked = await page.evaluate(() => {
    const requests = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(
      ({ name }) => name.includes("/api/"),
    );
    const answered = requests.find(({ name }) => name.includes("/api_tokens/?"))?.responseEnd ?? 0;
    return requests.filter(({ startTime }) => startTime < answered).length;
  });
  report("requests to the API before the first row", String(asked));
  expect.soft(asked, "requests before the first row").toBe(1);

  const memory = await measure(page, 0);
  const beside = await measure(plainPage, 0);
  report("memory after it", String(memory));
  report("  the plain page", `heap ${(beside.heap / 1024 / 1024).toFixed(2)} MiB`);
  expect.soft(memory.heap + memory.wasm, "bytes of memory").toBeLessThanOrEqual(MEMORY);

  await context.close();
  await plainContext.close();
  await console.server.stop();
  await plain.server.stop();
});
