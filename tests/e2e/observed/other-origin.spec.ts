// The console on another origin than the API: scripts cannot read `Allow` there, and a path that the server does not
// route is a network error.
import { alice, carol } from "../support/personas.ts";
import {
  alert,
  expectBlocked,
  expectNotBlocked,
  heading,
  list,
  notPermitted,
  openToken,
  signIn,
  signInWithToken,
  tokenScreen,
} from "../support/screens.ts";
import { deleteIt, liveUntilDeletion } from "../support/token-life.ts";
import { before2020 } from "./credential-manager.ts";
import { expect, test } from "./stage.ts";

test.use({ isElsewhere: true });

test("alice: the whole life of a token", async ({ page, api, secrets, expectNoSecrets }) => {
  await signIn(page, alice, secrets);
  const stage = { page, api: api(alice), secrets, expectNoSecrets };
  await deleteIt(stage, await liveUntilDeletion(stage, alice));
});

test("carol: what is not known to be forbidden can be tried, once", async ({
  page,
  secrets,
  manager,
  watch,
}) => {
  watch.expectStatus(403);
  const { id, name } = manager.named("carol-notebook");
  await signIn(page, carol, secrets);
  await openToken(page, { id, name });
  await expectNotBlocked(tokenScreen.delete(page));
  await tokenScreen.delete(page).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Delete token" }).click();
  await expect(dialog.getByRole("alert")).toContainText(notPermitted);
  await dialog.getByRole("button", { name: /Cancel|Close/ }).click();
  await expectBlocked(tokenScreen.delete(page), notPermitted);
  expect(manager.row(id)).toBeDefined();
});

test.describe("a release before April 2020, without users", () => {
  test.use({ release: before2020 });

  test.beforeEach(({ watch }) => {
    // The request for the current user fails, and the browser logs that. Then the console checks, without credentials,
    // whether the server responds at all.
    watch.expectStatus(401);
    watch.expectMessage(/has been blocked by CORS policy/);
    watch.expectMessage(/^console error: Failed to load resource: net::ERR_FAILED/);
  });

  test("signs in with a token", async ({ page, secrets, manager }) => {
    const own = manager.named("alice-token-01");
    await signInWithToken(page, own.token, secrets);
    await expect(list.position(page)).toHaveText("Page 1: tokens 1 to 25 of 45");
    await expect(alert(page)).toHaveCount(0);
    await list.token(page, "alice-token-02").click();
    await expect(heading(page, "alice-token-02")).toBeVisible();
    await expect(tokenScreen.enabled(page)).toBeChecked();
  });

  test("signs in with a password", async ({ page, api, secrets, expectNoSecrets }) => {
    await signIn(page, alice, secrets);
    await expect(list.position(page)).toHaveText("Page 1: tokens 1 to 25 of 45");
    const stage = { page, api: api(alice), secrets, expectNoSecrets };
    await deleteIt(stage, await liveUntilDeletion(stage, alice));
  });
});
