// Before the console has started: its frame, and the message when it cannot be loaded.
import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { demoTokens, root } from "../support/personas.ts";
import { at, heading, holdWasm, list, signInToList } from "../support/screens.ts";

const WASM = /\.wasm$/;

test("the frame is there before the WebAssembly, and nothing of it stays", async ({ page }) => {
  const release = await holdWasm(page);
  await page.goto(at.signIn, { waitUntil: "commit" });
  await expect(page.getByRole("status")).toHaveText("Starting…");
  const before = await page.getByRole("banner").boundingBox();
  await expect(page.getByRole("banner")).toHaveText("Credential Manager");
  await expectAccessible(page, "starting");
  release();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(page.getByText("Starting…")).toHaveCount(0);
  await expect(page.getByRole("banner")).toHaveCount(1);
  expect(await page.getByRole("banner").boundingBox(), "the banner stays where it is").toEqual(before);
});

test("what cannot be loaded is said, in words that help", async ({ page, watch }) => {
  watch.expectFailures();
  await page.route(WASM, (route) => route.abort("connectionreset"));
  await page.goto(at.signIn);
  await expect(page.getByRole("alert")).toContainText(
    "The console could not be loaded. Check the connection and reload",
  );
  await page.unroute(WASM);
  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
});

const FIRST_PAGE = "/api_tokens/?limit=100&offset=0";

/** Records the requests to the API from now on, as method and path. */
function requestsOf(page: Page): string[] {
  const requests: string[] = [];
  page.on("request", (request) => {
    const [, address] = request.url().split("/api/v1");
    if (address !== undefined) {
      requests.push(`${request.method()} ${address}`);
    }
  });
  return requests;
}

/** Waits until all files except a held WebAssembly are loaded, including the start-up script. */
async function startScriptsCame(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => /credmgr-console.*\.js$/.test(name)),
  );
}

test.describe("whoever stays signed in on the tab", () => {
  test.beforeEach(async ({ page, api, secrets }) => {
    const { token } = await api(root).get(demoTokens.rootDeploy.id);
    await signInToList(page, token, secrets);
  });

  test("has the list asked for while the WebAssembly is on its way, once", async ({ page }) => {
    const requests = requestsOf(page);
    const release = await holdWasm(page);
    await page.reload({ waitUntil: "commit" });
    await expect.poll(() => requests).toEqual([`GET ${FIRST_PAGE}`]);
    release();
    await expect(list.names(page).first()).toBeVisible();
    expect(requests.filter((request) => request === `GET ${FIRST_PAGE}`)).toHaveLength(1);
    expect(await page.evaluate(() => "credmgrFirstPage" in globalThis), "nothing is left of it").toBe(false);
  });

  test("sees that the console cannot be loaded, in place of rows that lead nowhere", async ({
    page,
    watch,
  }) => {
    watch.expectFailures();
    let lose = () => {};
    const rows = new Promise<void>((resolve) => (lose = resolve));
    await page.route(WASM, async (route) => {
      await rows;
      await route.abort("connectionreset");
    });
    await page.reload({ waitUntil: "commit" });
    await expect(page.locator("#starting tbody a").first()).toBeVisible();
    lose();
    const said = page.getByRole("alert");
    await expect(said).toContainText("The console could not be loaded.");
    expect((await said.boundingBox())?.height, "for everybody to see").toBeGreaterThan(16);
    await expect(page.locator("tbody a")).toHaveCount(0);
    await page.unroute(WASM);
    await page.reload();
    await expect(list.names(page).first()).toBeVisible();
  });

  test("is asked to sign in again if that is refused", async ({ page, watch }) => {
    watch.expectFailures();
    await page.route(`**${FIRST_PAGE}`, (route) => route.fulfill({ status: 401, body: "{}" }), { times: 1 });
    await page.reload();
    await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible();
  });

  test("is asked for it again if that fails", async ({ page, watch }) => {
    watch.expectFailures();
    await page.route(`**${FIRST_PAGE}`, (route) => route.abort("connectionreset"), { times: 1 });
    const requests = requestsOf(page);
    await page.reload();
    await expect(list.names(page).first()).toBeVisible();
    expect(requests.filter((request) => request === `GET ${FIRST_PAGE}`).length).toBeGreaterThan(1);
  });

  for (const address of ["/tokens?owner=3", "/tokens/new", "/tokens/1"]) {
    test(`asks for nothing before the console is there at ${address}`, async ({ page }) => {
      const release = await holdWasm(page);
      const requests = requestsOf(page);
      await page.goto(address, { waitUntil: "commit" });
      await expect(page.getByRole("status")).toHaveText("Starting…");
      await startScriptsCame(page);
      expect(requests).toEqual([]);
      release();
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    });
  }
});

test("without a session nothing is asked for", async ({ page }) => {
  const release = await holdWasm(page);
  const requests = requestsOf(page);
  await page.goto(at.tokens, { waitUntil: "commit" });
  await startScriptsCame(page);
  expect(requests).toEqual([]);
  release();
  await expect(heading(page, "Sign in")).toBeVisible();
  expect(requests).toEqual([]);
});
