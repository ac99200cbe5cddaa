// Runs Lighthouse on every screen: accessibility and best practices must be 100. Performance has its own benchmark with
// a known connection; here the machine is busy with other tests.
import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { navigation } from "lighthouse";
import puppeteer, { type Page as PuppeteerPage } from "puppeteer-core";

import { browserArguments, findHeadlessShell } from "../support/environment.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { demoTokens, root } from "../support/personas.ts";
import { freePort } from "../support/ports.ts";
import { at, heading, signInByToken } from "../support/screens.ts";

const CATEGORIES = ["accessibility", "best-practices"];

/** A page of a browser that both Playwright and Lighthouse control. */
interface Shared {
  readonly page: Page;
  /** Returns the audits without a full score there, in Lighthouse's words. */
  readonly faultsAt: (address: string) => Promise<string[]>;
}

async function faultsOf(page: PuppeteerPage, url: string): Promise<string[]> {
  const result = await navigation(page, url, {
    config: {
      extends: "lighthouse:default",
      settings: {
        onlyCategories: CATEGORIES,
        // Keeps the user signed in.
        disableStorageReset: true,
        formFactor: "desktop",
        screenEmulation: { disabled: true },
        throttlingMethod: "provided",
      },
    },
  });
  if (!result) {
    throw new Error("Lighthouse did not run");
  }
  const { audits, categories, finalDisplayedUrl, runtimeError } = result.lhr;
  expect(runtimeError, "Lighthouse came to its end").toBeUndefined();
  expect(finalDisplayedUrl, "nobody was sent elsewhere").toBe(url);
  return CATEGORIES.flatMap((name) => {
    const category = categories[name];
    if (!category) {
      throw new Error(`Lighthouse has no category ${name}`);
    }
    const faults = category.auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1)
      .map(({ id }) => `${id}: ${JSON.stringify(audits[id]?.details)}`);
    return category.score === 1 ? [] : [`${category.title} ${category.score}`, ...faults];
  });
}

const test = base.extend<{ shared: Shared }>({
  shared: async ({ watch, server, expectNoSecrets }, use) => {
    const port = await freePort();
    const context: BrowserContext = await chromium.launchPersistentContext("", {
      executablePath: findHeadlessShell(),
      args: [...browserArguments, `--remote-debugging-port=${port}`],
      baseURL: server.consoleUrl,
      viewport: null,
    });
    await watch.attach(context);
    const other = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
    const page = context.pages()[0] ?? (await context.newPage());
    const [same] = await other.pages();
    if (!same) {
      throw new Error("Lighthouse has no page");
    }
    await use({ page, faultsAt: (address) => faultsOf(same, new URL(address, server.consoleUrl).href) });
    await expectNoSecrets(page);
    await other.disconnect();
    await context.close();
    expect(watch.unexpected(), "what went wrong behind the screen").toEqual([]);
  },
});

test("sign in, and an address where nothing is", async ({ shared: { page, faultsAt } }) => {
  test.slow();
  await page.goto(at.signIn);
  await expect(heading(page, "Sign in")).toBeVisible();
  expect(await faultsAt(at.signIn)).toEqual([]);
  expect(await faultsAt("nowhere")).toEqual([]);
});

// A user who may do everything: for others the console learns of restrictions through refusals, which Chromium logs to
// its console and Lighthouse counts as errors.
test("every screen of somebody who is signed in", async ({
  shared: { page, faultsAt },
  serverPool,
  server,
  secrets,
}) => {
  test.slow();
  const demo = await serverPool.demoTokens(server);
  const key = demo.find(({ id }) => id === demoTokens.rootDeploy.id)!.token;
  secrets.allowInSession(key);
  await page.goto(at.signIn);
  await page.getByRole("checkbox", { name: "Stay signed in on this tab" }).check();
  await signInByToken(page, key);
  await expect(heading(page, "API tokens")).toBeVisible();
  const { id } = demoTokens.firstOfAlice;
  for (const address of [at.tokens, at.newToken, at.token(id), `${at.token(id)}/rotate`]) {
    expect(await faultsAt(address), address).toEqual([]);
    await expect(page.getByRole("banner"), "still signed in").toContainText(root.name);
  }
});

test("what is wrong is noticed", async ({ shared: { page, faultsAt } }) => {
  await page.addInitScript(() => {
    addEventListener("DOMContentLoaded", () => document.documentElement.removeAttribute("lang"));
  });
  expect((await faultsAt(at.signIn)).join("\n")).toContain("html-has-lang");
});
