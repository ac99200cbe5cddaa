// admin: everything, except tokens of internal users.
import { expect, test } from "../support/fixtures.ts";
import { admin, bob, demoTokens, root } from "../support/personas.ts";
import {
  at,
  expectNotBlocked,
  notPermitted,
  openToken,
  signIn,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";
import { deleteIt, liveUntilDeletion } from "../support/token-life.ts";

test.beforeEach(async ({ page, secrets, watch }) => {
  // The list contains root's token, and the details of its row are refused.
  watch.expectStatus(403);
  await signIn(page, admin, secrets);
});

test("the whole life of a token", async ({ page, api, secrets, expectNoSecrets }) => {
  const stage = { page, api: api(admin), secrets, expectNoSecrets };
  const token = await liveUntilDeletion(stage, admin);
  await deleteIt(stage, token);
});

test("creates a token for bob, and deletes it", async ({ page, api, secrets }) => {
  const name = uniqueName("for bob");
  await page.goto(at.newToken);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Owner", { exact: true }).selectOption({ label: `${bob.name} (ID ${bob.id})` });
  await page
    .getByRole("spinbutton", { name: "Length" })
    .or(page.getByRole("textbox", { name: "Length" }))
    .fill("64");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Token created" })).toBeVisible();

  const token = await api(bob).named(name);
  expect(token.owner_id).toBe(bob.id);
  expect(token.token).toHaveLength(64);
  secrets.addToken(name, token.token);

  await openToken(page, token);
  await deleteIt({ page, api: api(admin) }, token);
});

test("may not create for root, and may all the same for oneself", async ({ page, api, secrets }) => {
  await page.goto(at.newToken);
  const owner = page.getByLabel("Owner", { exact: true });
  const create = page.getByRole("button", { name: "Create token" });
  const name = uniqueName("for root");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await owner.selectOption({ label: `${root.name} (ID ${root.id})` });
  await create.click();
  await expect(owner).toHaveAccessibleDescription(/^You are not allowed to create tokens for this owner\./);
  await expect(owner).toBeFocused();

  // This says nothing about tokens for the user's own account.
  await expectNotBlocked(create);
  await owner.selectOption({ label: `${admin.name} (you)` });
  await create.click();
  await expect(page.getByRole("heading", { level: 1, name: "Token created" })).toBeVisible();
  const token = await api(admin).named(name);
  expect(token.owner_id).toBe(admin.id);
  secrets.addToken(name, token.token);
  await openToken(page, token);
  await deleteIt({ page, api: api(admin) }, token);
});

test("may not see root's token", async ({ page }) => {
  await page.goto(at.token(demoTokens.rootDeploy.id));
  await expect(page.getByRole("main")).toContainText(notPermitted);
  await expect(page.getByRole("main")).not.toContainText(demoTokens.rootDeploy.name);
  await expect(tokenScreen.show(page)).toHaveCount(0);
});
