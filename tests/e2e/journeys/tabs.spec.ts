// Two tabs of one browser.
import type { BrowserContext, Page } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { alice, bob } from "../support/personas.ts";
import { at, heading, list, signIn, signInAgain, signInForm, uniqueName } from "../support/screens.ts";
import { SESSION_KEY, type Secrets } from "../support/secrets.ts";

function kept(page: Page): Promise<string | null> {
  return page.evaluate((key) => sessionStorage.getItem(key), SESSION_KEY);
}

/** A second tab with its own sign-in. */
async function secondTab(context: BrowserContext, secrets: Secrets): Promise<Page> {
  const page = await context.newPage();
  await signIn(page, alice, secrets);
  return page;
}

test("signing out in one tab signs out of the others, and they say so", async ({
  page,
  context,
  secrets,
  expectNoSecrets,
}) => {
  await signIn(page, alice, secrets);
  const other = await secondTab(context, secrets);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(heading(other, "Sign in")).toBeVisible();
  await expect(other.getByRole("status").filter({ hasText: "You signed out in another tab." })).toBeVisible();
  await expect(page.getByText("in another tab")).toHaveCount(0);
  secrets.disallowInSession(alice.password);
  for (const tab of [page, other]) {
    await expectNoSecrets(tab);
    expect(await kept(tab)).toBeNull();
  }
});

test("unsaved work in another tab stays, under the question who one is", async ({
  page,
  context,
  api,
  secrets,
}) => {
  const other = await secondTab(context, secrets);
  await signIn(page, alice, secrets);
  const typed = uniqueName("other tab");
  await list.newToken(other).click();
  await other.getByLabel("Name", { exact: true }).fill(typed);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(signInAgain(other)).toContainText("You signed out in another tab.");
  expect(await kept(other)).toBeNull();
  await expect(other.getByLabel("Name", { exact: true })).toHaveValue(typed);

  await signInForm.password(other).fill(alice.password);
  await signInForm.password(other).press("Enter");
  await expect(signInAgain(other)).toBeHidden();
  await other.getByRole("button", { name: "Create token" }).click();
  await expect(heading(other, "Token created")).toBeVisible();
  await api(alice).delete((await api(alice).named(typed)).id);
  // The user has signed in there, not here.
  await expect(heading(page, "Sign in")).toBeVisible();
});

test("a duplicated tab is signed out as well", async ({ page, context, secrets }) => {
  await signIn(page, bob, secrets);
  const opened = context.waitForEvent("page");
  await page.evaluate(() => void window.open(location.href));
  const duplicate = await opened;
  await expect(heading(duplicate, "API tokens")).toBeVisible();
  expect(await kept(duplicate)).not.toBeNull();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(duplicate, "Sign in")).toBeVisible();
  expect(await kept(duplicate)).toBeNull();
});

test("a tab that was elsewhere when somebody signed out is signed out when it comes back", async ({
  page,
  context,
  secrets,
}) => {
  await signIn(page, alice, secrets);
  const away = await secondTab(context, secrets);
  await away.goto("about:blank");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();
  await away.goBack();
  await expect(heading(away, "Sign in")).toBeVisible();
  expect(await kept(away)).toBeNull();
  // After signing in again, it stays.
  await signIn(away, alice, secrets);
  await away.reload();
  await expect(heading(away, "API tokens")).toBeVisible();
});

test("activity in one tab keeps the others, and they lock together", async ({ page, context, secrets }) => {
  await context.clock.install();
  await signIn(page, alice, secrets);
  const busy = await secondTab(context, secrets);
  await page.goto(at.newToken);
  await page.getByLabel("Name", { exact: true }).fill("half a na");
  const warning = page.getByRole("alert").filter({ hasText: "this page locks in a moment" });

  await context.clock.runFor("14:30");
  await expect(warning).toBeVisible();
  await busy.bringToFront();
  await busy.mouse.move(200, 200);
  await busy.mouse.move(210, 210);
  await expect(warning).toBeHidden();
  await context.clock.runFor("10:00");
  await expect(signInAgain(page)).toBeHidden();
  await expect(signInAgain(busy)).toBeHidden();

  await context.clock.runFor("06:00");
  for (const tab of [page, busy]) {
    await expect(signInAgain(tab)).toContainText("Locked after 15 minutes without activity.");
    expect(await kept(tab)).toBeNull();
  }
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("half a na");
});
