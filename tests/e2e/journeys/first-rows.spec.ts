// The first rows of the list, which users who stay signed in see before the console has started (web/first_page.js):
// they are the same rows that the console shows, in the same places.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { demoTokens, root } from "../support/personas.ts";
import { at, heading, holdWasm, list, phone, signInByToken, signInToList } from "../support/screens.ts";
import { SESSION_KEY } from "../support/secrets.ts";

const FIRST_PAGE = "**/api_tokens/?limit=100&offset=0";

/** The names in the early rows, before the console gives the table a role and a name. */
const names = (page: Page) => page.locator("#starting tbody a");

/** The rows of a page, and those visible in a window of 800 pixels. */
const PAGE = 25;
const IN_WINDOW = 12;

/** Waits long enough for a response that has arrived to be shown. */
async function frames(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 10; frame += 1) {
      await new Promise(requestAnimationFrame);
    }
  });
}

/** Returns the positions of what is drawn, to compare them before and after the console starts. */
function places(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(() => {
    const found: Record<string, unknown> = {};
    const note = (name: string, element: Element | null | undefined) => {
      const { left, top, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
      found[name] = [left, top, width, height].map((pixels) => Math.round(pixels * 10) / 10).join(" ");
    };
    const noteAll = (name: string, selector: string) => {
      [...document.querySelectorAll(selector)].forEach((each, index) => note(`${name} ${index + 1}`, each));
    };
    noteAll("banner", ".banner");
    noteAll("of the banner", ".banner :is(.brand, .palette-button, .who, .banner-user .button)");
    noteAll("heading", "h1");
    noteAll("button", ".actions :is(a, button, .button), .filters-button, .open-by-id .button");
    noteAll("field", ".list-tools :is(label, input, select)");
    noteAll("header", "thead .sort");
    noteAll("cell", "tbody td");
    noteAll("checkbox", "tbody .tick-box");
    noteAll("name", "tbody a");
    noteAll("menu", "tbody .menu-button");
    return found;
  });
}

test.beforeEach(async ({ page, api, secrets }) => {
  const { token } = await api(root).get(demoTokens.rootDeploy.id);
  await signInToList(page, token, secrets);
});

for (const { name, size } of [
  { name: "1280 pixels wide", size: { width: 1280, height: 800 } },
  { name: "768 pixels wide", size: { width: 768, height: 1024 } },
  { name: "on a phone", size: phone },
]) {
  test(`are there before the console, ${name}, and nothing moves when it comes`, async ({ page, api }) => {
    await page.setViewportSize(size);
    // Details differ from their placeholders.
    await page.route(/\/api_tokens\/\d+$/, () => {});
    const release = await holdWasm(page);
    await page.reload({ waitUntil: "commit" });
    const tokens = (await api(root).list()).sort((one, other) => one.id - other.id).slice(0, PAGE);
    await expect(names(page)).toHaveText(tokens.map(({ name }) => name));
    await expect(heading(page, "API tokens")).toBeVisible();
    await expectAccessible(page, "first rows");
    const before = await places(page);

    release();
    await expect(list.names(page)).toHaveText(tokens.map(({ name }) => name));
    await expect(page.locator("#starting")).toHaveCount(0);
    expect(await places(page)).toEqual(before);
  });
}

/** Counts the names in each frame, from the next page load on. */
async function countInFrames(page: Page): Promise<() => Promise<number[]>> {
  await page.addInitScript(() => {
    const counts: number[] = [];
    const look = () => {
      counts.push(document.querySelectorAll("tbody a").length);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(globalThis, { counts });
  });
  return () => page.evaluate(() => (globalThis as unknown as { counts: number[] }).counts);
}

test("stay until the console has its own", async ({ page }) => {
  const counts = await countInFrames(page);
  const release = await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  await expect(names(page)).toHaveCount(PAGE);
  release();
  await expect(list.position(page)).toBeVisible();
  await expect(list.names(page)).toHaveCount(PAGE);
  await expect.poll(async () => (await counts()).at(-1), "rows of the latest frame").toBe(PAGE);
  const all = await counts();
  const since = all.slice(all.indexOf(PAGE));
  // The console's own rows come in two steps; the first covers at least the window.
  expect(Math.min(...since), "rows in each frame since the first ones").toBeGreaterThanOrEqual(IN_WINDOW);
  expect(since.at(-1)).toBe(PAGE);
});

test("come with the frame after the next, where the window does not show them", async ({ page }) => {
  const counts = await countInFrames(page);
  await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  // They are counted before each frame is painted, and so once more before the frame after they appeared.
  await expect.poll(async () => (await counts()).at(-1)).toBe(PAGE);
  const [first = 0, ...others] = (await counts()).filter((count) => count > 0);
  expect(first, "rows of the first frame that has some").toBeGreaterThanOrEqual(IN_WINDOW);
  expect(first, "rows of the first frame that has some").toBeLessThan(PAGE);
  expect(new Set(others.filter((count) => count !== first)), "rows of those after it").toEqual(
    new Set([PAGE]),
  );
});

test("do not keep the page from being painted when they are late", async ({ page }) => {
  let answer = () => {};
  const late = new Promise<void>((resolve) => (answer = resolve));
  await page.route(FIRST_PAGE, async (route) => {
    await late;
    await route.continue();
  });
  await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(page.locator("#starting .skeleton").first()).toBeVisible();
  await expect(names(page)).toHaveCount(0);
  answer();
  await expect(names(page)).toHaveCount(PAGE);
  await expect(names(page).first()).toBeVisible();
});

test("lead to their tokens before the console is there", async ({ page }) => {
  const release = await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  const first = await names(page).first().innerText();
  await names(page).first().click();
  await expect(page).toHaveURL(/\/tokens\/\d+$/);
  await expect(page.getByRole("status")).toHaveText("Starting…");
  release();
  await expect(heading(page, first)).toBeVisible();
  await page.goBack();
  await expect(list.token(page, first)).toBeVisible();
});

test("are not kept for whoever signs in where the console takes the session for none", async ({
  page,
  api,
  secrets,
}) => {
  await page.evaluate((key) => {
    const session = JSON.parse(sessionStorage.getItem(key) ?? "{}") as object;
    sessionStorage.setItem(key, JSON.stringify({ ...session, console: "not as it was written" }));
  }, SESSION_KEY);
  const release = await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  await expect(names(page)).toHaveCount(PAGE);
  release();
  await expect(heading(page, "Sign in")).toBeVisible();

  const { token } = await api(root).get(demoTokens.firstOfAlice.id);
  secrets.allowInSession(token);
  await page.route(FIRST_PAGE, () => {});
  await signInByToken(page, token);
  await expect(page.getByRole("status").filter({ hasText: "Loading the tokens" })).toBeVisible();
  await frames(page);
  await expect(page.locator("tbody a")).toHaveCount(0);
});

test("are only text", async ({ page }) => {
  const hostile = [
    { id: 1, name: "<img src=x onerror=\"document.body.textContent='executed'\">", token: "secret" },
    { id: 2, name: "\u202Etxt.exe" },
    { id: 3, name: "x".repeat(2_000) },
  ];
  await page.route(FIRST_PAGE, (route) => route.fulfill({ json: hostile }));
  // No responses: the server's own tokens with these IDs have other names.
  await page.route(/\/api\/v1\/api_tokens\/\d+$/, () => Promise.resolve());
  const release = await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  await expect(names(page)).toHaveText(hostile.map(({ name }) => name));
  expect(await page.content()).not.toContain("secret");
  release();
  await expect(list.names(page)).toHaveText(hostile.map(({ name }) => name));
});

const unusual: Record<string, { readonly status?: number; readonly body: string }> = {
  "an answer that is no list": { body: '{"detail":"no"}' },
  "a web page": { body: "<html>" },
  "no token": { body: "[]" },
  "a number that JavaScript does not have": { body: '[{"id":9007199254740993,"name":"one"}]' },
  "a name that cannot be seen": { body: '[{"id":1,"name":" "}]' },
  "a name of characters without a shape": { body: '[{"id":1,"name":"\\u200b\\u2060\\ufeff"}]' },
  "a refusal": { status: 403, body: '[{"id":1,"name":"one"}]' },
  "longer than a list is": { body: JSON.stringify([{ id: 1, name: "x".repeat(1_000_000) }]) },
};
for (const [what, answer] of Object.entries(unusual)) {
  test(`are left to the console if the answer is ${what}`, async ({ page, watch }) => {
    watch.expectFailures();
    await page.route(FIRST_PAGE, (route) => route.fulfill({ ...answer, contentType: "application/json" }));
    const release = await holdWasm(page);
    const answered = page.waitForResponse(FIRST_PAGE);
    await page.reload({ waitUntil: "commit" });
    await answered;
    await expect(page.locator("#starting tbody tr")).toHaveCount(PAGE);
    await frames(page);
    await expect(names(page)).toHaveCount(0);
    release();
    await expect(page.locator("#starting")).toHaveCount(0);
    await expect(heading(page, "API tokens")).toBeVisible();
    await expect(page.locator(".skeleton")).toHaveCount(0);
  });
}

test("of an answer without an end are not waited for, and it is ended", async ({ page, watch }) => {
  watch.expectFailures();
  let isOpen = false;
  const endless = createServer(({ socket }, response) => {
    isOpen = true;
    socket.once("close", () => (isOpen = false));
    response.writeHead(200, { "Content-Type": "application/json" });
    response.write("[");
    const row = `${JSON.stringify({ id: 1, name: "x".repeat(50_000) })},`;
    const more = () => {
      while (!socket.destroyed && response.write(row));
    };
    response.on("drain", more);
    more();
  }).listen(0, "127.0.0.1");
  await once(endless, "listening");
  const { port } = endless.address() as AddressInfo;
  await page.route(FIRST_PAGE, (route) => route.continue({ url: `http://127.0.0.1:${port}/` }), { times: 1 });

  const release = await holdWasm(page);
  await page.reload({ waitUntil: "commit" });
  await expect(page.locator("#starting tbody tr")).toHaveCount(PAGE);
  await expect(names(page)).toHaveCount(0);
  release();
  // The console requests it again, in a smaller page.
  await expect(list.names(page).first()).toBeVisible();
  await expect.poll(() => isOpen, "whether it still comes").toBe(false);
  endless.close();
});

/** Sets the times that tabs store for a tab that is away: this tab's last activity, and the shared times. */
async function leaveTimes(page: Page, active: number, shared: (now: number) => string): Promise<void> {
  await page.evaluate(
    ([active, shared]) => {
      sessionStorage.setItem("credmgr / /api/v1 active", active);
      localStorage.setItem("credmgr / /api/v1", shared);
    },
    [String(active), shared(Date.now())] as const,
  );
}

const MINUTE = 60_000;

test("are not asked for when the session was left alone for too long, which locks it", async ({ page }) => {
  await leaveTimes(page, Date.now() - 16 * MINUTE, (now) => `0 0 ${now - 16 * MINUTE}`);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.reload();
  const question = page.getByRole("dialog", { name: "Sign in again" });
  await expect(question).toContainText("Locked after 15 minutes without activity.");
  expect(asked.filter((url) => url.includes("/api/"))).toEqual([]);
  await expect(page.locator("tbody a")).toHaveCount(0);
});

test("are not shown when somebody has signed out in another tab meanwhile", async ({ page, watch }) => {
  watch.expectFailures();
  await leaveTimes(page, Date.now() - MINUTE, (now) => `${now - MINUTE / 2} 0 ${now}`);
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
  expect(sent.filter((url) => url.includes("/api/"))).toEqual([]);
  await expect(page.locator("tbody a")).toHaveCount(0);
});

test("are not asked for with the session of another console on the same origin", async ({ page, watch }) => {
  await page.evaluate(
    ([ours, theirs]) => {
      sessionStorage.setItem(theirs, sessionStorage.getItem(ours) ?? "");
      sessionStorage.removeItem(ours);
    },
    [SESSION_KEY, "credmgr /console/ /api/v1 session"] as const,
  );
  watch.expectFailures();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
  expect(sent.filter((url) => url.includes("/api/"))).toEqual([]);
});

test("are those of a session that somebody works with in another tab", async ({ page }) => {
  await leaveTimes(page, Date.now() - 16 * MINUTE, (now) => `0 0 ${now}`);
  await page.reload();
  await expect(list.names(page).first()).toBeVisible();
});

test("are not drawn where the address asks for others", async ({ page }) => {
  const release = await holdWasm(page);
  const answered = page.waitForResponse(FIRST_PAGE);
  await page.goto(`${at.tokens}?q=root`, { waitUntil: "commit" });
  await answered;
  await expect(page.getByRole("status")).toHaveText("Starting…");
  await frames(page);
  await expect(names(page)).toHaveCount(0);
  release();
  await expect(list.names(page).first()).toBeVisible();
});
