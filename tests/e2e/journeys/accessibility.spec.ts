// axe-core on every screen, state and dialog, in both colour schemes.
import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, carol, demoTokens, root } from "../support/personas.ts";
import {
  alert,
  at,
  created,
  deletionDialog,
  expectBlocked,
  heading,
  list,
  notPermitted,
  openToken,
  signIn,
  signInForm,
  status,
  submitPassword,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";

test("sign in", async ({ page, watch }) => {
  watch.expectStatus(401);
  await page.goto(at.signIn);
  await signInForm.byToken(page).check();
  await expectAccessible(page, "sign in with a token");
  await signInForm.byPassword(page).check();
  await expectAccessible(page, "sign in with a password");
  await signInForm.submit(page).click();
  await expectAccessible(page, "sign in with nothing typed");
  await submitPassword(page, alice.name, "wrong");
  await expect(alert(page)).toBeVisible();
  await expectAccessible(page, "sign in refused");
});

test("the list", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeVisible();
  await expectAccessible(page, "list, first page");
  await list.nextPage(page).click();
  await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeHidden();
  await expectAccessible(page, "list, second page");
});

test("the list while it loads, when it is empty, and when it fails", async ({ page, secrets, watch }) => {
  await signIn(page, carol, secrets);
  await expect(page.getByRole("main")).toContainText(/no tokens/i);
  await expectAccessible(page, "list, empty");

  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/api\/v1\/api_tokens\/\?/, async (route) => {
    await held;
    await route.fulfill({ status: 403, json: { status: 403, message: "No." } });
  });
  watch.expectStatus(403);
  await page.reload();
  await expect(heading(page, "API tokens")).toBeVisible();
  await expectAccessible(page, "list, loading");
  answer();
  await expect(page.getByRole("main")).toContainText(notPermitted);
  await expectAccessible(page, "list, refused");
});

test("a new token", async ({ page, api, secrets, watch }) => {
  watch.expectStatus(409);
  await signIn(page, root, secrets);
  await list.newToken(page).click();
  await expect(heading(page, "New token")).toBeVisible();
  await expect(page.getByLabel("Owner", { exact: true })).toBeVisible();
  await expectAccessible(page, "new token");

  await page.getByLabel("Name", { exact: true }).fill("ab");
  await create(page);
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page, "new token, name too short");

  await page.getByLabel("Name", { exact: true }).fill(demoTokens.rootDeploy.name);
  await create(page);
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page, "new token, name taken");

  const name = uniqueName("accessible");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await create(page);
  await expect(heading(page, "Token created")).toBeVisible();
  await expectAccessible(page, "token created");
  const token = await api(root).named(name);
  secrets.allow(token.token);
  await created.show(page).click();
  await expect(created.secret(page)).toHaveValue(token.token);
  await expectAccessible(page, "token created, shown");
  await api(root).delete(token.id);
});

test("a token", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("accessible"));
  await signIn(page, alice, secrets);
  await openToken(page, token);
  await expect(tokenScreen.enabled(page)).toBeVisible();
  await expectAccessible(page, "token");

  secrets.allow(token.token);
  await tokenScreen.show(page).click();
  await expect(tokenScreen.hide(page)).toBeVisible();
  await expectAccessible(page, "token, shown");
  await tokenScreen.hide(page).click();
  secrets.disallow(token.token);

  await tokenScreen.name(page).fill("ab");
  await tokenScreen.save(page).click();
  await expect(tokenScreen.name(page)).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page, "token, name too short");

  await tokenScreen.name(page).fill(`${token.name} renamed`);
  await tokenScreen.save(page).click();
  await expect(status(page, "Saved")).toBeVisible();
  await expectAccessible(page, "token, saved");

  await page.getByRole("region", { name: "Activity" }).locator("summary").click();
  await expect(page.getByRole("log")).toContainText(token.name);
  await expectAccessible(page, "token, with the activity unfolded");

  await tokenScreen.delete(page).click();
  await expect(deletionDialog(page, `${token.name} renamed`).cancel).toBeFocused();
  await expectAccessible(page, "token, deletion asked for");
  await api(alice).delete(token.id);
});

test("a token that may not be deleted", async ({ page, api, secrets }) => {
  const token = await api(carol).create(uniqueName("accessible"));
  await signIn(page, carol, secrets);
  await openToken(page, token);
  await expectBlocked(tokenScreen.delete(page), notPermitted);
  await expectAccessible(page, "token, deletion blocked");
  await api(root).delete(token.id);
});

test("what cannot be shown", async ({ page, secrets, watch }) => {
  watch.expectStatus(403, 404);
  await signIn(page, alice, secrets);
  await page.goto(at.token(demoTokens.laptopOfBob.id));
  await expect(page.getByRole("main")).toContainText(notPermitted);
  await expectAccessible(page, "token, refused");
  await page.goto(at.token(4711));
  await expect(heading(page, /not found/i)).toBeVisible();
  await expectAccessible(page, "token, not found");
  await page.goto("nowhere");
  await expect(heading(page, /not found/i)).toBeVisible();
  await expectAccessible(page, "address not found");
});

async function create(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create token" }).click();
}
