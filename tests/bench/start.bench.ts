// How long a visit takes to its first row, for somebody who is signed in, beside a page written by hand that shows
// the same rows and does nothing else (plain/). From the start of the navigation to the frame with the row.
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
    firstRow?: number;
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
    const look = () => {
      if (!document.querySelector("tbody a[href*='/tokens/']")) {
        return;
      }
      observer.disconnect();
      // After the frame that it is in.
      requestAnimationFrame(() => setTimeout(() => (window.firstRow = performance.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
  }, session);
  return [context, page];
}

/** The time to the first row of a navigation that was just begun, in milliseconds. */
async function firstRow(page: Page): Promise<number> {
  const found = await page.waitForFunction(() => window.firstRow, undefined, {
    polling: 100,
    timeout: 120_000,
  });
  return (await found.jsonValue()) ?? NaN;
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
async function coldVisit(browser: Browser, visited: Visited, isSlow: boolean): Promise<number> {
  const [context, page] = await open(browser, visited);
  if (isSlow) {
    await slowDown(page);
  }
  await page.goto(visited.server.consoleUrl + at.tokens, { waitUntil: "commit" });
  const time = await firstRow(page);
  await context.close();
  return time;
}

function compare(what: string, budget: number, console: number[], plain: number[]): void {
  const ratio = median(console) / median(plain);
  report(what, milliseconds(console));
  report("  the plain page", milliseconds(plain));
  report("  ratio", `${ratio.toFixed(2)} (budget ${budget.toFixed(1)})`);
  expect.soft(ratio, what).toBeLessThanOrEqual(budget);
}

test("from the start of a visit to its first row", async ({ browser }) => {
  const console = await startConsole(browser);
  const plain = await startPlain();
  process.stdout.write("\n");

  const times = { console: [] as number[], plain: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.console.push(await coldVisit(browser, console, false));
    times.plain.push(await coldVisit(browser, plain, false));
  }
  compare("first visit", COLD_RATIO, times.console, times.plain);

  const slow = { console: [] as number[], plain: [] as number[] };
  for (let round = 0; round < SLOW_ROUNDS; round += 1) {
    slow.console.push(await coldVisit(browser, console, true));
    slow.plain.push(await coldVisit(browser, plain, true));
  }
  compare("first visit, 1.6 Mbit/s, 150 ms, slowed processor", SLOW_RATIO, slow.console, slow.plain);

  const [context, page] = await open(browser, console);
  await watchWasmMemory(context);
  const [plainContext, plainPage] = await open(browser, plain);
  for (const [each, { server }] of [
    [page, console],
    [plainPage, plain],
  ] as const) {
    for (let visit = 0; visit < WARMING; visit += 1) {
      await each.goto(server.consoleUrl + at.tokens);
      await firstRow(each);
      await each.waitForTimeout(1_000);
    }
    await throttle(each);
  }
  const warm = { console: [] as number[], plain: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.reload({ waitUntil: "commit" });
    warm.console.push(await firstRow(page));
    await plainPage.reload({ waitUntil: "commit" });
    warm.plain.push(await firstRow(plainPage));
  }
  compare("reload, slowed processor", WARM_RATIO, warm.console, warm.plain);

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
