// A network that comes and goes, a server that asks clients to wait, and a browser that blocks requests. The effects of
// all other faults on all operations are in ../faults.
import type { Locator, Page } from "@playwright/test";

import { Api } from "../support/api.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { bob, demoTokens } from "../support/personas.ts";
import {
  alert,
  at,
  heading,
  list,
  openToken,
  signInByToken,
  signInForm,
  status,
  tokenScreen,
} from "../support/screens.ts";
import { serve, serveConsole, type Site } from "../support/site.ts";
import { openActor } from "../faults/stage.ts";

const test = base.extend<{ behindProxy: { page: Page; proxy: FaultProxy } }>({
  /** Bob's list, with a proxy between the page and the server. */
  behindProxy: async ({ browser, server }, use) => {
    const proxy = await FaultProxy.start(server.origin);
    const { token } = await new Api(server.origin, bob).get(demoTokens.laptopOfBob.id);
    const context = await browser.newContext({ baseURL: proxy.origin });
    const { page, watch } = await openActor(context, proxy.origin);
    await page.goto(at.signIn);
    await signInByToken(page, token);
    await expect(heading(page, "API tokens")).toBeVisible();
    await expect(list.table(page).getByText("Loading")).toHaveCount(0);
    await use({ page, proxy });
    expect(watch.trouble(), "what went wrong behind the screen").toEqual([]);
    await context.close();
    await proxy.stop();
  },
});

const READING = { methods: ["GET"], path: /api_tokens\/$/, strikes: "before the server" } as const;
/** The line that says what the console is waiting for. It floats, so its live region has no size of its own. */
function waiting(page: Page, words: string | RegExp): Locator {
  return page.getByRole("status").getByText(words);
}

const offline = /This device is offline\. The console continues/;

test("without a network the list waits, and goes on when it is back", async ({ behindProxy: { page } }) => {
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(waiting(page, offline)).toBeVisible();
  // The content stays, and nothing is reported as a failure.
  await expect(list.token(page, demoTokens.laptopOfBob.name)).toBeVisible();
  await expect(alert(page)).toHaveCount(0);
  await page.context().setOffline(false);
  await expect(waiting(page, offline)).toBeHidden();
  await expect(page.getByRole("button", { name: "Refresh" })).not.toHaveAttribute("aria-busy", "true");
  await expect(alert(page)).toHaveCount(0);
});

test("without a network nothing is changed behind one's back", async ({ behindProxy: { page, proxy } }) => {
  await openToken(page, demoTokens.laptopOfBob);
  proxy.forget();
  await page.context().setOffline(true);
  await tokenScreen.name(page).fill("bob-typed-offline");
  await tokenScreen.save(page).click();
  await expect(alert(page)).toContainText("The changes were not saved: this device is offline.");
  await expect(alert(page)).toContainText("Nothing was changed.");
  await expect(tokenScreen.name(page)).toHaveValue("bob-typed-offline");

  await page.context().setOffline(false);
  await tokenScreen.save(page).click();
  await expect(status(page, "Saved bob-typed-offline.")).toBeVisible();
  expect(proxy.seen.filter(({ method }) => method === "PATCH")).toHaveLength(1);
  await tokenScreen.name(page).fill(demoTokens.laptopOfBob.name);
  await tokenScreen.save(page).click();
  await expect(status(page, `Saved ${demoTokens.laptopOfBob.name}.`)).toBeVisible();
});

test("a server that asks for time gets it, counting down", async ({ behindProxy: { page, proxy } }) => {
  proxy.forget();
  proxy.hold({
    ...READING,
    fault: { kind: "answer", status: 429, headers: { "retry-after": "3" } },
    times: 1,
  });
  const asked = Date.now();
  await page.getByRole("button", { name: "Refresh" }).click();
  const line = waiting(page, "The server is limiting requests.");
  await expect(line).toContainText(/Trying again in [34] s/);
  await expect(line).toContainText(/Trying again in 1 s/);
  await expect(line).toBeHidden();
  expect(Date.now() - asked, "milliseconds until it was sent again").toBeGreaterThanOrEqual(3_000);
  await expect(alert(page)).toHaveCount(0);
  // `OPTIONS` uses the same URL, perhaps after the test started counting.
  const readings = proxy.seen.filter(({ method, path }) => method === "GET" && READING.path.test(path));
  expect(readings).toHaveLength(2);
});

test("nobody has to wait for it", async ({ behindProxy: { page, proxy } }) => {
  proxy.hold({ ...READING, fault: { kind: "answer", status: 503, headers: { "retry-after": "50" } } });
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("button", { name: "Stop trying" }).click();
  await expect(alert(page)).toContainText("The list could not be loaded completely");
  await expect(alert(page)).toContainText(/You can try again in \d+ s/);
  proxy.release();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(list.token(page, demoTokens.laptopOfBob.name)).toBeVisible();
});

test.describe("a server on another origin", () => {
  const apiAt = ({ origin }: Site) => ({ "api-base": `${origin}/api/v1` });

  // Not the watched page: these requests are blocked on purpose.
  async function signInAt(page: Page, console: Site): Promise<void> {
    await page.goto(`${console.origin}/${at.signIn}`);
    await signInForm.token(page).fill("abc");
    await signInForm.submit(page).click();
  }

  test("is not reached through the page's own policy, and that is said", async ({ browser, server }) => {
    const api = await serve((_, response) => response.end("{}"));
    const console = await serveConsole(server.origin, apiAt(api), (policy) => policy);
    const page = await browser.newPage();
    await signInAt(page, console);
    await expect(alert(page)).toContainText("this page's Content-Security-Policy blocks the server");
    await expect(alert(page)).toContainText("connect-src");
    await page.close();
    [api, console].forEach((site) => site.stop());
  });

  test("has to allow this page to read its answers, and that is said", async ({ browser, server }) => {
    const api = await serve((_, response) => response.end("{}"));
    const console = await serveConsole(server.origin, apiAt(api), () => undefined);
    const page = await browser.newPage();
    await signInAt(page, console);
    await expect(alert(page)).toContainText("the server does not let this page read its response (CORS)");

    // A server that does not run is distinguished from that.
    api.stop();
    await signInAt(page, console);
    await expect(alert(page)).toContainText("the server cannot be reached");
    await page.close();
    console.stop();
  });
});
