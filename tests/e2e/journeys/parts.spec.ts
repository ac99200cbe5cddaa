// Parts of the console in separate WebAssemblies: each is loaded when needed, once, and a failure to load is reported.
import { expect, test } from "../support/fixtures.ts";
import { alice } from "../support/personas.ts";
import { alert, at, heading, list, openCommandMenu, signIn } from "../support/screens.ts";

/** The part with the screens of a single token, without code shared with other parts. */
const OF_A_TOKEN = /\/credmgr-console-token-[0-9a-f]{16}\.wasm$/;
/** The part with the bulk actions. */
const MORE = /\/credmgr-console-more-[0-9a-f]{16}\.wasm$/;
/** Every part, but not the main WebAssembly. */
const A_PART = /\/credmgr-console-[a-z0-9-]+-[0-9a-f]{16}\.wasm$/;

test("the list needs no part; whoever moves gets them, each once", async ({ page, secrets, watch }) => {
  await signIn(page, alice, secrets);
  const before = watch.urls.length;
  const parts = () => watch.urls.slice(before).filter((url) => A_PART.test(url));
  await page.reload();
  await expect(list.names(page).first()).toBeVisible();
  await expect(list.position(page)).toHaveText(/of \d+$/);
  const wasm = watch.urls.slice(before).filter((url) => url.endsWith(".wasm"));
  expect(wasm).toHaveLength(1);
  expect(parts()).toEqual([]);

  await page.mouse.move(200, 200);
  await page.mouse.move(210, 210);
  // They are loaded one after the other; this is the last one.
  await expect.poll(() => parts().filter((url) => url.includes("-sign-in-"))).toHaveLength(1);
  const all = parts();
  expect(new Set(all).size, "each once").toBe(all.length);
  await list.newToken(page).click();
  await expect(heading(page, "New token")).toBeVisible();
  await openCommandMenu(page);
  expect(parts(), "nothing more is needed").toEqual(all);
});

test("a part that nobody had asked for comes with its screen", async ({ page, secrets, watch }) => {
  await signIn(page, alice, secrets);
  const before = watch.urls.length;
  await page.goto(at.newToken);
  await expect(heading(page, "New token")).toBeVisible();
  expect(watch.urls.slice(before).filter((url) => OF_A_TOKEN.test(url))).toHaveLength(1);
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
    await page.reload();
    await list.newToken(page).click();
    await expect(alert(page)).toContainText("This part of the console could not be loaded.");
    await page.unroute(OF_A_TOKEN);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(heading(page, "New token")).toBeVisible();
    await expect(alert(page)).toHaveCount(0);
  });
}

test("the actions for selected rows that cannot be loaded are said, and can be tried again", async ({
  page,
  secrets,
  watch,
}) => {
  await signIn(page, alice, secrets);
  watch.expectFailures();
  await page.route(MORE, (route) => route.abort("connectionreset"));
  await page.reload();
  await page.getByRole("checkbox", { name: "Select alice-token-01" }).click();
  const said = alert(page).filter({ hasText: "This part of the console could not be loaded." });
  await expect(said).toBeVisible();
  await page.unroute(MORE);
  await said.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("region", { name: "Selection" }).getByRole("status")).toHaveText("1 selected");
  await expect(alert(page)).toHaveCount(0);
});
