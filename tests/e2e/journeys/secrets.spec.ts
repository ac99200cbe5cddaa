// Secrets on the screen: handing over a new one, and verifying one.
import { readFile } from "node:fs/promises";

import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import {
  at,
  created,
  heading,
  list,
  openToken,
  signIn,
  status,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";

test.beforeEach(async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
});

test("hands a new token over as a file, and snippets without it", async ({
  page,
  api,
  secrets,
  expectNoSecrets,
}) => {
  const name = uniqueName("hand over");
  await list.newToken(page).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(heading(page, "Token created")).toBeVisible();
  const token = await api(alice).named(name);
  secrets.addToken(name, token.token);

  await page.getByText("curl", { exact: true }).click();
  await expect(page.locator("pre", { hasText: "curl --header" })).toBeVisible();
  await expectAccessible(page, "token created, with a snippet");
  await expectNoSecrets(page);

  await created.done(page).click();
  const question = page.getByRole("alertdialog", { name: "Leave without the secret?" });
  await expect(question).toContainText("You can see it again on");
  await expectAccessible(page, "leave without the secret");
  await question.getByRole("button", { name: "Stay" }).click();

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download .env" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^[a-z0-9_]+\.env$/);
  expect(await readFile(await file.path(), "utf8")).toMatch(new RegExp(`^[A-Z0-9_]+=${token.token}\n$`));
  await expectNoSecrets(page);
  await created.done(page).click();
  await expect(heading(page, "API tokens")).toBeVisible();
  await api(alice).delete(token.id);
});

test("copies while the secret is still being fetched, and clears the clipboard", async ({
  page,
  api,
  expectNoSecrets,
}) => {
  const { token } = await api(alice).get(demoTokens.firstOfAlice.id);
  await openToken(page, demoTokens.firstOfAlice);
  // The console writes a promise to the clipboard: the click is long over when the response arrives.
  await page.evaluate(() => {
    const clipboard = navigator.clipboard;
    const write = clipboard.write.bind(clipboard);
    clipboard.write = async (items) => {
      document.documentElement.dataset["written"] = String(items.length);
      return write(items);
    };
  });
  await page.route(`**/api_tokens/${demoTokens.firstOfAlice.id}`, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await tokenScreen.copy(page).click();
  await expect(page.locator("html")).toHaveAttribute("data-written", "1", { timeout: 300 });
  await expect(status(page, /Copied to the clipboard/)).toBeVisible();
  expect(token).not.toBe("");
  await page.getByRole("button", { name: "Clear clipboard" }).click();
  await expect(status(page, /The clipboard is now empty/)).toBeVisible();
  await expectNoSecrets(page);
});

test("verifies a token beside the session", async ({ page, api, expectNoSecrets }) => {
  const token = await api(alice).create(uniqueName("verified"));
  await page.goto(at.token(token.id));
  await expect(page.getByText("Never")).toBeVisible();
  await page.getByRole("button", { name: "Verify token" }).click();
  await expect(status(page, `“${token.name}” works: it acts for alice.`)).toBeVisible();
  await expect(page.getByText("Never")).toBeHidden();
  await expectAccessible(page, "a token that was verified");
  await expectNoSecrets(page);
  expect((await api(alice).get(token.id)).last_used).not.toBeNull();
  await api(alice).delete(token.id);
});

test("a disabled token is said not to work, and the session goes on", async ({ page, api, watch }) => {
  const token = await api(alice).create(uniqueName("disabled"));
  await page.goto(at.token(token.id));
  await tokenScreen.enabled(page).uncheck();
  await tokenScreen.save(page).click();
  await expect(status(page, /is disabled/)).toBeVisible();
  watch.expectStatus(401);
  await page.getByRole("button", { name: "Verify token" }).click();
  await expect(page.getByRole("alert").filter({ hasText: `“${token.name}” does not work` })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await api(alice).delete(token.id);
});
