// alice: a regular user, with 45 tokens of her own.
import type { Page } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import {
  at,
  expectListed,
  heading,
  notPermitted,
  openToken,
  signIn,
  status,
  tokenScreen,
} from "../support/screens.ts";
import { deleteIt, liveUntilDeletion } from "../support/token-life.ts";

test.beforeEach(async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
});

test("the whole life of a token", async ({ page, api, secrets, expectNoSecrets, watch }) => {
  const stage = { page, api: api(alice), secrets, expectNoSecrets };
  const token = await liveUntilDeletion(stage, alice);
  await deleteIt(stage, token);

  watch.expectStatus(404);
  await page.goto(at.token(token.id));
  await expect(heading(page, /not found/i)).toBeVisible();
});

test("copies a token without showing it", async ({ page, api, expectNoSecrets }) => {
  const { token } = await api(alice).get(demoTokens.firstOfAlice.id);
  await openToken(page, demoTokens.firstOfAlice);
  await tokenScreen.copy(page).click();
  await expect(status(page, /copied/i)).toBeVisible();
  expect(await pasted(page)).toBe(token);
  await expectNoSecrets(page);
});

test("without a clipboard, the token is shown and selected", async ({ page, api, secrets }) => {
  const { token } = await api(alice).get(demoTokens.firstOfAlice.id);
  secrets.allow(token);
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await openToken(page, demoTokens.firstOfAlice);
  await tokenScreen.copy(page).click();
  await expect(tokenScreen.secret(page)).toHaveValue(token);
  await expect(tokenScreen.secret(page)).toBeFocused();
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe(token);
});

test("may not see bob's token", async ({ page, watch }) => {
  watch.expectStatus(403);
  await page.goto(at.token(demoTokens.laptopOfBob.id));
  await expect(page.getByRole("main")).toContainText(notPermitted);
  await expect(page.getByRole("main")).not.toContainText(demoTokens.laptopOfBob.name);
  await expect(tokenScreen.show(page)).toHaveCount(0);
  await expect(tokenScreen.delete(page)).toHaveCount(0);
});

/** Returns what Ctrl+V would insert. Scripts may not read the clipboard here; users may. */
async function pasted(page: Page): Promise<string> {
  const text = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener(
          "paste",
          (event) => {
            event.preventDefault();
            resolve(event.clipboardData?.getData("text/plain") ?? "");
          },
          { once: true },
        );
      }),
  );
  await tokenScreen.name(page).press("ControlOrMeta+V");
  return text;
}

test.describe("with the demo data untouched", () => {
  test.use({ freshServer: true });

  test("every one of her tokens is in the list, once", async ({ page, api }) => {
    const expected = (await api(alice).list()).sort((a, b) => a.id - b.id).map(({ name }) => name);
    expect(expected).toHaveLength(45);

    await expectListed(page, expected);
  });
});
