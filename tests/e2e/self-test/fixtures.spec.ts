// Checks that the fixtures' checks after every test fail the test. The tests under "fails" are expected to fail: if a
// check were lost, its test would pass, and that is reported. The test before them does the same without the fault, to
// show that they do not fail for another reason.
/* eslint-disable playwright/expect-expect -- the assertions are those of the fixtures */
import { expect, test } from "../support/fixtures.ts";
import { alice, bob, carol, demoTokens, root } from "../support/personas.ts";
import { at, heading } from "../support/screens.ts";

test("the API helper sees what the demo data promises", async ({ api }) => {
  expect(await api(root).list()).toHaveLength(51);
  expect(await api(alice).list()).toHaveLength(45);
  expect(await api(carol).list()).toEqual([]);
  for (const { id, name } of Object.values(demoTokens)) {
    expect(await api(root).get(id)).toMatchObject({ id, name });
  }
  expect(await api(root).get(demoTokens.disabledOfBob.id)).toMatchObject({
    owner_id: bob.id,
    enabled: false,
  });
});

test("a page that is only opened passes", async ({ page }) => {
  await page.goto(at.signIn);
  await expect(heading(page, "Sign in")).toBeVisible();
});

test.describe("fails", () => {
  test.fail();

  test("a secret of the demo data in the document", async ({ page, api }) => {
    const { token } = await api(alice).get(demoTokens.firstOfAlice.id);
    await page.goto(at.signIn);
    await page.evaluate((text) => document.body.append(text), token);
  });

  test("a secret of a token that was created meanwhile in the console", async ({ page, api }) => {
    await page.goto(at.signIn);
    const { id, token } = await api(alice).create("e2e self-test");
    await api(alice).delete(id);
    await page.evaluate((text) => console.log(text), token);
  });

  test("a password in localStorage", async ({ page }) => {
    await page.goto(at.signIn);
    await page.evaluate((text) => localStorage.setItem("x", text), alice.password);
  });

  test("an exception in the page", async ({ page }) => {
    await page.goto(at.signIn);
    await page.evaluate(() => {
      setTimeout(() => {
        document.body.dataset["thrown"] = "yes";
        throw new Error("on purpose");
      });
    });
    await page.locator("body[data-thrown]").waitFor({ state: "attached" });
  });

  test("a request to elsewhere", async ({ page }) => {
    await page.route("https://elsewhere.test/**", (route) => route.abort());
    await page.goto(at.signIn);
    await page.evaluate(() => fetch("https://elsewhere.test/").catch(() => {}));
  });

  test("a server that breaks", ({ server }) => {
    // Only the log is checked, so this is equivalent to a line from the server.
    (server.lines as string[]).push("2026-01-01T00:00:00Z ERROR credmgr_server: on purpose");
  });
});
