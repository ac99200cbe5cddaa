// root: an internal user, above the admins.
import { expect, test } from "../support/fixtures.ts";
import { admin, demoTokens, root } from "../support/personas.ts";
import { expectNotBlocked, openToken, signIn, tokenScreen, uniqueName } from "../support/screens.ts";
import { deleteIt, liveUntilDeletion } from "../support/token-life.ts";

test.beforeEach(async ({ page, secrets }) => {
  await signIn(page, root, secrets);
});

test("the whole life of a token", async ({ page, api, secrets, expectNoSecrets }) => {
  const stage = { page, api: api(root), secrets, expectNoSecrets };
  const token = await liveUntilDeletion(stage, root);
  await deleteIt(stage, token);
});

test("deletes a token of an admin", async ({ page, api }) => {
  const token = await api(admin).create(uniqueName("of admin"));
  await openToken(page, token);
  await deleteIt({ page, api: api(root) }, token);
});

test("may change a token of her own that admins cannot see", async ({ page }) => {
  await openToken(page, demoTokens.rootDeploy);
  await expectNotBlocked(tokenScreen.delete(page));
  await expectNotBlocked(tokenScreen.enabled(page));
});

test("sees that a token is disabled", async ({ page }) => {
  await openToken(page, demoTokens.disabledOfBob);
  await expect(tokenScreen.enabled(page)).not.toBeChecked();
});
