// Coming back from a token: the list is as it was left, at the same position.
import type { Page } from "@playwright/test";

import { Api } from "../support/api.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens, root } from "../support/personas.ts";
import {
  at,
  completeSignIn,
  deletionDialog,
  heading,
  list,
  signInWithToken,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";
import type { Secrets } from "../support/secrets.ts";
import { defaultServerOptions } from "../support/server.ts";

test.use({ serverOptions: { ...defaultServerOptions, demoTokens: 300 } });

const filtered = `${at.tokens}?q=deploy&sort=-name&size=50`;

const breadcrumb = (page: Page) => page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link");
const scrolled = (page: Page) => page.evaluate(() => Math.round(scrollY));

/** Signs in with root's token and waits for all rows of this page of the list. */
async function openList(page: Page, api: Api, address: string, secrets: Secrets): Promise<void> {
  const { token } = await api.get(demoTokens.rootDeploy.id);
  await page.goto(address);
  await signInWithToken(page, token, secrets);
  await page.goto(address);
  await expect(list.position(page)).toHaveText(/ of \d+(, of \d+)?$/);
}

// With motion, a screen is left in a view transition, in which the router scrolls to the top before the list is removed.
for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test.describe(`motion: ${reducedMotion}`, () => {
    test.use({ contextOptions: { reducedMotion } });

    test("back leads to the row that was opened, where the page was scrolled to", async ({
      page,
      server,
      secrets,
    }) => {
      await openList(page, new Api(server.origin, root), `${at.tokens}?size=100`, secrets);
      const row = list.names(page).nth(90);
      const name = (await row.textContent()) ?? "";
      await row.scrollIntoViewIfNeeded();
      const before = await scrolled(page);
      expect(before).toBeGreaterThan(1_000);
      for (const back of [() => page.goBack(), () => breadcrumb(page).click()]) {
        await row.press("Enter");
        await expect(heading(page, name)).toBeFocused();
        expect(await scrolled(page)).toBe(0);
        await back();
        await expect(row).toBeFocused();
        await expect(row).toHaveText(name);
        expect(await scrolled(page)).toBe(before);
      }
      // From there, one key leads to the next row.
      await page.keyboard.press("ArrowDown");
      await expect(list.names(page).nth(91)).toBeFocused();
    });
  });
}

test("the way back keeps search, page and order, after a deletion as well", async ({
  page,
  server,
  secrets,
}) => {
  const api = new Api(server.origin, root);
  const name = uniqueName("deploy zz");
  const { token: secret } = await api.create(name);
  secrets.addToken(name, secret);
  await openList(page, api, filtered, secrets);
  const address = page.url();
  await list.token(page, name).press("Enter");
  await expect(heading(page, name)).toBeFocused();
  await breadcrumb(page).press("Enter");
  await expect(list.token(page, name)).toBeFocused();
  expect(page.url()).toBe(address);
  await expect(list.search(page)).toHaveValue("deploy");

  await page.keyboard.press("Enter");
  await tokenScreen.delete(page).click();
  await deletionDialog(page, name).confirm.click();
  // The row is gone, so the focus is on the heading.
  await expect(heading(page, "API tokens")).toBeFocused();
  expect(page.url()).toBe(address);
  await expect(list.token(page, name)).toBeHidden();

  // The product name above every screen leads to all tokens.
  await page.getByRole("link", { name: "Credential Manager" }).click();
  await expect(page).toHaveURL(/\/tokens$/);
});

test("whoever changes what the list shows, or comes from elsewhere, begins at the heading", async ({
  page,
  server,
  secrets,
}) => {
  await openList(page, new Api(server.origin, root), `${at.tokens}?size=100`, secrets);
  await list.names(page).nth(90).press("Enter");
  await expect(breadcrumb(page)).toBeVisible();
  await page.getByRole("link", { name: "Credential Manager" }).click();
  await expect(heading(page, "API tokens")).toBeFocused();
  expect(await scrolled(page)).toBe(0);
  await list.newToken(page).press("Enter");
  await expect(heading(page, "New token")).toBeVisible();
  await page.goBack();
  await expect(heading(page, "API tokens")).toBeFocused();
});

test("the next user is not led to what the last one looked at", async ({ page, server, secrets }) => {
  const api = new Api(server.origin, root);
  await openList(page, api, filtered, secrets);
  await list.names(page).nth(3).press("Enter");
  await expect(breadcrumb(page)).toHaveAttribute("href", /q=deploy/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await completeSignIn(page, alice, secrets);
  await expect(heading(page, "API tokens")).toBeFocused();
  await list.newToken(page).press("Enter");
  await expect(breadcrumb(page)).toHaveAttribute("href", /\/tokens$/);
});
