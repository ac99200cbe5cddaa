// The token that the session is signed in with, and the effects of disabling or deleting it.
import type { Page } from "@playwright/test";

import type { Token } from "../support/api.ts";
import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { bob } from "../support/personas.ts";
import {
  deletionDialog,
  heading,
  list,
  openToken,
  signInAgain,
  signInForm,
  signInWithToken,
  status,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";
import type { Secrets } from "../support/secrets.ts";

const row = (page: Page, token: Token) => list.table(page).getByRole("row").filter({ hasText: token.name });

async function goOnWithPassword(page: Page, secrets: Secrets): Promise<void> {
  secrets.allowInSession(bob.password);
  await signInForm.password(page).fill(bob.password);
  await signInForm.password(page).press("Enter");
  await expect(signInAgain(page)).toBeHidden();
}

test("is marked, and disabling it says before and after that it ends the session", async ({
  page,
  api,
  secrets,
}) => {
  const token = await api(bob).create(uniqueName("own"));
  await signInWithToken(page, token.token, secrets);
  await expect(row(page, token)).toContainText("This session");
  await expect(list.table(page).getByText("This session")).toHaveCount(1);
  await list.token(page, token.name).click();
  await expect(heading(page, token.name)).toBeVisible();
  await expect(page.getByRole("main").getByText("This session", { exact: true })).toBeVisible();
  await expect(tokenScreen.enabled(page)).toHaveAccessibleDescription(/Disabling it ends your session/);
  await expectAccessible(page, "the session's own token");

  await tokenScreen.enabled(page).uncheck();
  await expect(tokenScreen.enabled(page)).toHaveAccessibleDescription(/Saving this ends your session/);
  await tokenScreen.save(page).click();
  await expect(signInAgain(page)).toContainText(
    `You disabled the token you were signed in with, ${token.name} (ID ${token.id}).`,
  );
  await expectAccessible(page, "sign in again after disabling one's own token");
  expect(await api(bob).get(token.id)).toMatchObject({ enabled: false });
  // The disabled token is remembered; the credentials are not.
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(["credmgr / /api/v1 disabled"]);

  await goOnWithPassword(page, secrets);
  await expect(status(page, `Saved: ${token.name} is disabled.`)).toBeVisible();
  await expect(page.getByText("This session", { exact: true })).toHaveCount(0);
  await api(bob).delete(token.id);
});

test("deleting it says so before and after, and that it was deleted", async ({ page, api, secrets }) => {
  const token = await api(bob).create(uniqueName("own"));
  await signInWithToken(page, token.token, secrets);
  await openToken(page, token);
  await tokenScreen.delete(page).click();
  const { dialog, confirm } = deletionDialog(page, token.name);
  await expect(dialog).toHaveAccessibleDescription(/Deleting it ends your session/);
  await confirm.click();
  await expect(signInAgain(page)).toContainText(
    `You deleted the token you were signed in with, ${token.name} (ID ${token.id}).`,
  );
  expect(await api(bob).find(token.id)).toBeUndefined();

  await goOnWithPassword(page, secrets);
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(list.table(page)).toBeVisible();
  await expect(status(page, `Deleted ${token.name}`)).toBeVisible();
  await page.getByRole("region", { name: "Activity" }).locator("summary").click();
  await expect(page.getByRole("log")).toContainText(token.name);
});
