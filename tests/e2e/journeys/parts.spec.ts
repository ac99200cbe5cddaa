// Parts of the console in WebAssemblies of their own: they come when they are needed, once, and it is said when one does
// not come.
import { expect, test } from "../support/fixtures.ts";
import { alice } from "../support/personas.ts";
import { alert, at, completeSignIn, heading, list, signIn, signInForm } from "../support/screens.ts";

/** The part with the screens of a single token, not what it shares with others. */
const OF_A_TOKEN = /\/credmgr-console-token-[0-9a-f]{16}\.wasm$/;
/** Every part, and not the main one. */
const A_PART = /\/credmgr-console-[a-z0-9-]+-[0-9a-f]{16}\.wasm$/;

test("a part comes when it is needed, and once", async ({ page, secrets, watch }) => {
  const asked = () => watch.urls.filter((url) => OF_A_TOKEN.test(url)).length;
  await signIn(page, alice, secrets);
  expect(asked(), "before one of its screens is there").toBe(0);
  await list.newToken(page).click();
  await expect(heading(page, "New token")).toBeVisible();
  await page.goBack();
  await expect(heading(page, "API tokens")).toBeVisible();
  await list.newToken(page).click();
  await expect(heading(page, "New token")).toBeVisible();
  expect(asked(), "after one was there twice").toBe(1);
});

test("the list needs no part", async ({ page, secrets, watch }) => {
  await page.goto(at.signIn);
  await signInForm.stay(page).check();
  await completeSignIn(page, alice, secrets);
  const before = watch.urls.length;
  await page.goto(at.tokens);
  await expect(list.names(page).first()).toBeVisible();
  const asked = watch.urls.slice(before);
  expect(asked.filter((url) => url.endsWith(".wasm"))).toHaveLength(1);
  expect(asked.filter((url) => A_PART.test(url))).toEqual([]);
});

for (const { what, answer } of [
  { what: "is missing", answer: { status: 404, contentType: "text/plain", body: "" } },
  { what: "is a page of something in between", answer: { contentType: "text/html", body: "<p>Log in</p>" } },
  { what: "does not come at all", answer: undefined },
]) {
  test(`a part that ${what} is said, and can be tried again`, async ({ page, secrets, watch }) => {
    await signIn(page, alice, secrets);
    watch.expectFailures();
    await page.route(OF_A_TOKEN, (route) =>
      answer === undefined ? route.abort("connectionreset") : route.fulfill(answer),
    );
    await list.newToken(page).click();
    await expect(alert(page)).toContainText("This part of the console could not be loaded.");
    await page.unroute(OF_A_TOKEN);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(heading(page, "New token")).toBeVisible();
    await expect(alert(page)).toHaveCount(0);
  });
}
