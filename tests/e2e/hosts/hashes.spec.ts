// Everything that runs has a hash, and files that are loaded ahead are transferred only once.
import { expect, test } from "../support/fixtures.ts";
import { at, heading } from "../support/screens.ts";

test("every script and every style has a hash", async ({ page }) => {
  await page.goto(at.signIn);
  await expect(heading(page, "Sign in")).toBeVisible();
  const withoutHash = await page.evaluate(() =>
    [...document.querySelectorAll("script, link[rel~=stylesheet], link[rel~=modulepreload]")]
      .filter((element) => !/^sha384-/.test(element.getAttribute("integrity") ?? ""))
      .map((element) => element.outerHTML),
  );
  expect(withoutHash).toEqual([]);
  const start = page.locator('meta[name="credmgr:start"]');
  await expect(start).toHaveAttribute("data-wasm-integrity", /^sha384-/);
});

test("what is loaded ahead is what is used: every file comes once", async ({ page }) => {
  await page.goto(at.signIn);
  await expect(heading(page, "Sign in")).toBeVisible();
  const times = await page.evaluate(() => {
    const times: Record<string, number> = {};
    for (const entry of performance.getEntriesByType("resource") as PerformanceResourceTiming[]) {
      // 0 for responses from a cache.
      if (entry.transferSize > 0) {
        const name = new URL(entry.name).pathname.split("/").at(-1)!;
        times[name] = (times[name] ?? 0) + 1;
      }
    }
    return times;
  });
  const files = Object.entries(times).filter(([name]) => /\.(js|css|wasm)$/.test(name));
  expect(files.map(([, count]) => count)).toEqual(files.map(() => 1));
  // The glue, two scripts, the styles and the main WebAssembly; plus the part with the form and its shared code.
  const parts = files.map(([name]) => name).filter((name) => /-[0-9a-f]{16}\.wasm$/.test(name));
  expect(files).toHaveLength(5 + parts.length);
  expect(parts).toContainEqual(expect.stringMatching(/^credmgr-console-sign-in-/));
});

// web/preload.js: a preload of what is cached would delay the first rows.
test("the WebAssembly is preloaded by a first visit, and not by a reload", async ({ page }) => {
  const preloads = page.locator('link[rel="preload"]');
  await page.goto(at.signIn);
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(preloads).toHaveCount(1);
  await expect(preloads).toHaveAttribute("href", /_bg\.wasm$/);
  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(preloads).toHaveCount(0);
});
