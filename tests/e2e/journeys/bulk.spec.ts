// Bulk actions, and actions from a row's menu.
import type { Page } from "@playwright/test";

import type { Api, Token } from "../support/api.ts";
import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, bob } from "../support/personas.ts";
import { list, scrollToEnd, signIn, signInWithToken, status, uniqueName } from "../support/screens.ts";

// They change and count all tokens of a user.
test.use({ freshServer: true });

/** The rows of a page. */
const PAGE = 25;

const bar = (page: Page) => page.getByRole("region", { name: "Selection" });
const results = (page: Page) => page.getByRole("region", { name: "Bulk action" });
const selectPage = (page: Page) => page.getByRole("checkbox", { name: "Select this page" });

/** Creates tokens with a common name prefix. */
async function make(api: Api, count: number): Promise<{ prefix: string; tokens: Token[] }> {
  const prefix = uniqueName("bulk");
  const tokens: Token[] = [];
  for (let number = 1; number <= count; number++) {
    tokens.push(await api.create(`${prefix} ${number}`));
  }
  return { prefix, tokens };
}

/** Shows and selects all tokens with the prefix. */
async function selectAll(page: Page, prefix: string, count: number): Promise<void> {
  await page.getByRole("searchbox", { name: "Search tokens" }).fill(prefix);
  await expect(list.position(page)).toContainText(`of ${count} that match`);
  await selectPage(page).check();
  if (count > PAGE) {
    await page.getByRole("button", { name: `Select all ${count} that match` }).click();
  }
  await expect(bar(page).getByRole("status")).toHaveText(`${count} selected`);
}

const enabledAmong = async (api: Api, tokens: readonly Token[]): Promise<number> => {
  const now = await Promise.all(tokens.map(({ id }) => api.get(id)));
  return now.filter(({ enabled }) => enabled).length;
};

test("disables 60 tokens, says which 5 failed, and retries them", async ({ page, api, secrets, watch }) => {
  test.slow();
  const key = await api(bob).create(uniqueName("key"));
  const { prefix, tokens } = await make(api(bob), 60);
  await signInWithToken(page, key.token, secrets);

  const failing = new Set(tokens.slice(10, 15).map(({ id }) => id));
  await page.route(/\/api\/v1\/api_tokens\/\d+$/, (route, request) => {
    const id = Number(new URL(request.url()).pathname.split("/").pop());
    return request.method() === "PATCH" && failing.has(id)
      ? route.fulfill({ status: 409, json: { code: 409, message: "Conflict" } })
      : route.fallback();
  });
  watch.expectStatus(409);

  await selectAll(page, prefix, 60);
  await scrollToEnd(page);
  await expectAccessible(page, "rows are selected");
  await bar(page).getByRole("button", { name: "Disable" }).click();
  const question = page.getByRole("alertdialog", { name: "Disable 60 tokens?" });
  await question.getByRole("button", { name: "Disable 60 tokens" }).click();
  await expect(results(page)).toContainText("Disabled 55 of 60 tokens. 5 failed.", { timeout: 30_000 });
  await scrollToEnd(page);
  await expectAccessible(page, "results of a bulk action");
  expect(await enabledAmong(api(bob), tokens)).toBe(5);
  const first = tokens[10] as Token;
  await expect(results(page).getByRole("listitem").filter({ hasText: first.name })).toContainText(
    "Not disabled: ",
  );

  failing.clear();
  await results(page).getByRole("button", { name: "Try again" }).click();
  await expect(results(page)).toContainText("Disabled 60 tokens.");
  expect(await enabledAmong(api(bob), tokens)).toBe(0);
  await results(page).getByRole("button", { name: "Dismiss" }).click();
  await expect(results(page)).toBeHidden();
  await expect(page.getByRole("region", { name: "Recently disabled" })).toContainText(prefix);
});

test("a run that is cancelled half-way says what was not started", async ({ page, api, secrets }) => {
  const { prefix, tokens } = await make(api(bob), 12);
  await signIn(page, bob, secrets);
  let patches = 0;
  await page.route(/\/api\/v1\/api_tokens\/\d+$/, async (route, request) => {
    if (request.method() === "PATCH" && ++patches > 4) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
    await route.fallback();
  });
  await selectAll(page, prefix, 12);
  await bar(page).getByRole("button", { name: "Disable" }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Disable 12 tokens" })
    .click({ timeout: 30_000 });
  await expect.poll(() => patches, { timeout: 30_000 }).toBeGreaterThan(4);
  // Leaving asks about it.
  await page.getByRole("link", { name: "New token", exact: true }).click();
  const leave = page.getByRole("alertdialog", { name: "Leave before it is done?" });
  await expect(leave).toContainText("not disabled yet");
  await leave.getByRole("button", { name: "Stay" }).click();
  await results(page).getByRole("button", { name: "Cancel" }).click();
  await expect(results(page)).toContainText(/Disabled \d+ of 12 tokens\. \d+ not started\./, {
    timeout: 30_000,
  });
  const enabled = await enabledAmong(api(bob), tokens);
  expect(enabled).toBeGreaterThan(0);
  await expect(results(page)).toContainText(`${enabled} not started.`);
});

test("the session's own token is left out of a deletion, which asks for the number", async ({
  page,
  api,
  secrets,
}) => {
  const { prefix, tokens } = await make(api(bob), 3);
  const own = tokens[1] as Token;
  await signInWithToken(page, own.token, secrets);
  await page.getByRole("searchbox", { name: "Search tokens" }).fill(prefix);
  await expect(list.names(page)).toHaveCount(3);
  await selectPage(page).check();
  await bar(page).getByRole("button", { name: "Delete" }).click();
  const question = page.getByRole("alertdialog", { name: "Delete 2 of 3 tokens?" });
  await expect(question).toContainText("1 token is left out: you are signed in with it.");
  await expectAccessible(page, "the question before a bulk deletion");
  const confirm = question.getByRole("button", { name: "Delete 2 tokens" });
  await confirm.click();
  await expect(question).toContainText("Type 2, the number of tokens that will be deleted.");
  await question.getByLabel("How many tokens will be deleted?").fill("2");
  await confirm.click();
  await expect(results(page)).toContainText("Deleted 2 tokens.");
  await expect(list.names(page)).toHaveText([own.name]);
  expect(await api(bob).find((tokens[0] as Token).id)).toBeUndefined();
});

test("from its row a token is disabled and deleted", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("row"));
  await signIn(page, alice, secrets);
  await page.getByRole("searchbox", { name: "Search tokens" }).fill(token.name);
  const menu = page.getByRole("button", { name: `Actions for ${token.name}` });
  await menu.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Open" })).toBeFocused();
  await expectAccessible(page, "the menu of a row");
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await menu.click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(status(page, `Disabled ${token.name}`)).toBeVisible();
  expect(await api(alice).get(token.id)).toMatchObject({ enabled: false });
  await menu.click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page
    .getByRole("alertdialog", { name: `Delete ${token.name}?` })
    .getByRole("button", { name: "Delete token" })
    .click();
  await expect(status(page, `Deleted ${token.name}`)).toBeVisible();
  expect(await api(alice).find(token.id)).toBeUndefined();
});

test("the list is saved as a file without secrets", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("=export"));
  await signIn(page, alice, secrets);
  await page.getByRole("searchbox", { name: "Search tokens" }).fill(token.name);
  await expect(list.names(page)).toHaveCount(1);
  await page.getByRole("main").locator("summary", { hasText: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^api-tokens-\d{4}-\d\d-\d\d\.csv$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  expect(text).toContain(token.name);
  expect(text).not.toContain(token.token);
});
