// Tests the watch itself by provoking what it must notice.
import { expect, type Page, test } from "@playwright/test";

import { isFault } from "../support/server.ts";
import { Watch } from "../support/watch.ts";

const ORIGIN = "https://console.test";

/** Opens a watched page with the console's Content-Security-Policy. */
async function openWatched(page: Page, isKnown?: (id: number) => boolean): Promise<Watch> {
  const watch = new Watch(ORIGIN, isKnown);
  await watch.attach(page.context());
  await page.route(`${ORIGIN}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path.startsWith("/status/")) {
      return route.fulfill({ status: Number(path.slice("/status/".length)), body: "null" });
    }
    if (path.startsWith("/api/v1/api_tokens/")) {
      return route.fulfill({ json: { id: 1, name: "fake", token: "a-secret" } });
    }
    return route.fulfill({
      contentType: "text/html",
      headers: { "content-security-policy": "default-src 'self'; connect-src *" },
      body: "<!doctype html><title>Nothing</title>",
    });
  });
  await page.route("https://elsewhere.test/**", (route) =>
    route.fulfill({ headers: { "access-control-allow-origin": "*" }, body: "" }),
  );
  await page.goto(`${ORIGIN}/`);
  return watch;
}

test("nothing is noticed where nothing happens", async ({ page }) => {
  const watch = await openWatched(page);
  await page.evaluate(() => fetch("/"));
  expect(watch.allProblems()).toEqual([]);
});

const faults: Record<string, { provoke: () => unknown; noticed: RegExp }> = {
  "an exception": {
    provoke: () =>
      setTimeout(() => {
        throw new Error("on purpose");
      }),
    noticed: /^script failed: Error: on purpose/,
  },
  "an unhandled rejection": {
    provoke: () => void Promise.reject(new Error("on purpose")),
    noticed: /^script failed: Error: on purpose/,
  },
  "an error in the console": {
    provoke: () => console.error("on purpose"),
    noticed: /^console error: on purpose/,
  },
  "a warning in the console": {
    provoke: () => console.warn("on purpose"),
    noticed: /^console warning: on purpose/,
  },
  "a request to elsewhere": {
    provoke: () => fetch("https://elsewhere.test/x"),
    noticed: /^request to elsewhere: https:\/\/elsewhere\.test\/x/,
  },
  "an inline style, against the policy": {
    provoke: () => document.body.setAttribute("style", "color: red"),
    noticed: /^Content-Security-Policy: style-src-attr blocked inline/,
  },
  "an answer from 400 on": {
    provoke: () => fetch("/status/403"),
    noticed: /^unexpected answer 403 from https:\/\/console\.test\/status\/403/,
  },
  "an answer from 500 on": {
    provoke: () => fetch("/status/503"),
    noticed: /^answer 503 from/,
  },
};

for (const [what, { provoke, noticed }] of Object.entries(faults)) {
  test(`notices ${what}`, async ({ page }) => {
    const watch = await openWatched(page);
    await page.evaluate(provoke);
    await expect.poll(() => watch.allProblems()).toContainEqual(expect.stringMatching(noticed));
  });
}

test("an expected status is no problem, another one is", async ({ page }) => {
  const watch = await openWatched(page);
  watch.expectStatus(403);
  await page.evaluate(() => fetch("/status/403"));
  await page.evaluate(() => fetch("/status/404"));
  await expect.poll(() => watch.allProblems()).toEqual([expect.stringContaining("unexpected answer 404")]);
});

test("remembers addresses, console texts and secrets in answers", async ({ page }) => {
  const watch = await openWatched(page);
  await page.evaluate(async () => {
    console.log("a text");
    await (await fetch("/api/v1/api_tokens/1?x=y")).json();
  });
  expect(watch.urls).toContain(`${ORIGIN}/api/v1/api_tokens/1?x=y`);
  expect(watch.consoleTexts).toContain("a text");
  expect(await Promise.all(watch.revealed)).toEqual([{ name: "fake", secret: "a-secret" }]);
});

test("leaves answers alone whose secrets are known", async ({ page }) => {
  const watch = await openWatched(page, (id) => id === 1);
  await page.evaluate(() => Promise.all([1, 2, 3].map((id) => fetch(`/api/v1/api_tokens/${id}`))));
  // From the two tokens whose secrets are not known; the response about the known one was not read.
  const fake = { name: "fake", secret: "a-secret" };
  expect(await Promise.all(watch.revealed)).toEqual([fake, fake]);
});

test("faults in the server's log are told from the rest", () => {
  for (const line of [
    "thread 'main' panicked at src/main.rs:1:2:",
    "2026-01-01T00:00:00Z ERROR credmgr_server: broken",
    "\u001b[2m2026\u001b[0m \u001b[31mERROR\u001b[0m \u001b[2mx\u001b[0m: broken",
    '{"level":"ERROR","message":"broken"}',
    "INFO request method=GET path=/x status=503",
    "INFO request \u001b[3mstatus\u001b[0m\u001b[2m=\u001b[0m500",
  ]) {
    expect(isFault(line), line).toBe(true);
  }
  for (const line of ["listening on http://127.0.0.1:5000", "INFO request path=/x status=404 time=500ms"]) {
    expect(isFault(line), line).toBe(false);
  }
});
