// carol: active but not regular. She may create and edit tokens, not delete them.
import { expect, test } from "../support/fixtures.ts";
import { carol, root } from "../support/personas.ts";
import {
  expectBlocked,
  expectNotBlocked,
  notPermitted,
  openToken,
  signIn,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";
import { liveUntilDeletion } from "../support/token-life.ts";

test.beforeEach(async ({ page, secrets }) => {
  await signIn(page, carol, secrets);
});

test("the whole life of a token, which she cannot end", async ({ page, api, secrets, expectNoSecrets }) => {
  const token = await liveUntilDeletion({ page, api: api(carol), secrets, expectNoSecrets }, carol);

  await expectBlocked(tokenScreen.delete(page), notPermitted);
  // The button looks disabled and says so; it must also ignore clicks and keys.
  await tokenScreen.delete(page).click({ force: true });
  await tokenScreen.delete(page).press("Enter");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  expect(await api(carol).find(token.id)).toBeDefined();

  await api(root).delete(token.id);
});

test("may edit, and is told why she may not delete", async ({ page, api }) => {
  const token = await api(carol).create(uniqueName("of carol"));
  await openToken(page, token);
  await expectNotBlocked(tokenScreen.enabled(page));
  await expectBlocked(tokenScreen.delete(page), notPermitted);
  // Visible to everyone, not only to screen readers.
  await expect(page.getByRole("main").getByText(notPermitted)).toBeVisible();
  await api(root).delete(token.id);
});
