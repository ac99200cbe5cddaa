// What the server allows can be pressed, and nothing else. Responses that the embedded server does not give by itself
// are given in its place.
import type { Page } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import {
  at,
  expectBlocked,
  expectNotBlocked,
  heading,
  list,
  notPermitted,
  openToken,
  signIn,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";
import { deleteIt } from "../support/token-life.ts";

const COLLECTION = /\/api\/v1\/api_tokens\/?(\?.*)?$/;
const ONE_TOKEN = /\/api\/v1\/api_tokens\/\d+$/;

/** Responds to OPTIONS in the server's place: with this header, or so that a script cannot read any. */
async function answerOptions(page: Page, address: RegExp, allow: string | undefined): Promise<void> {
  await page.route(address, (route) =>
    route.request().method() === "OPTIONS"
      ? route.fulfill({ status: 204, headers: allow === undefined ? {} : { allow } })
      : route.fallback(),
  );
}

test("where creating is not allowed, New token is blocked and says why", async ({ page, secrets }) => {
  await answerOptions(page, COLLECTION, "GET, OPTIONS");
  await signIn(page, alice, secrets);
  await expectBlocked(list.newToken(page), notPermitted);
  await list.newToken(page).click({ force: true });
  await expect(heading(page, "API tokens")).toBeVisible();

  // The form can be reached by its URL, but not submitted.
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      posts.push(request.url());
    }
  });
  await page.goto(at.newToken);
  await expectBlocked(page.getByRole("button", { name: "Create token" }), notPermitted);
  await page.getByLabel("Name", { exact: true }).fill(uniqueName("refused"));
  await page.getByLabel("Name", { exact: true }).press("Enter");
  await expect(heading(page, "New token")).toBeVisible();
  expect(posts).toEqual([]);
});

test("where nobody can tell what is allowed, it may be tried", async ({ page, api, secrets }) => {
  await answerOptions(page, COLLECTION, undefined);
  await answerOptions(page, ONE_TOKEN, undefined);
  await signIn(page, alice, secrets);
  await expectNotBlocked(list.newToken(page));

  const token = await api(alice).create(uniqueName("unknown"));
  await openToken(page, token);
  await expectNotBlocked(tokenScreen.enabled(page));
  await expectNotBlocked(tokenScreen.delete(page));
  await deleteIt({ page, api: api(alice) }, token);
});

test("a refusal corrects what was thought to be allowed", async ({ page, secrets, watch }) => {
  watch.expectStatus(405);
  await answerOptions(page, COLLECTION, undefined);
  await page.route(COLLECTION, (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 405,
          headers: { allow: "GET, OPTIONS" },
          json: { message: "The method is not allowed for the requested URL." },
        })
      : route.fallback(),
  );
  await signIn(page, alice, secrets);
  await list.newToken(page).click();
  const name = uniqueName("refused");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create token" }).click();

  await expect(page.getByRole("main").getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
  await expectBlocked(page.getByRole("button", { name: "Create token" }), notPermitted);
});

test("where changing is not allowed, the form is blocked and says why", async ({ page, secrets }) => {
  await answerOptions(page, ONE_TOKEN, "GET, OPTIONS");
  await signIn(page, alice, secrets);
  await openToken(page, demoTokens.firstOfAlice);
  await expectBlocked(tokenScreen.enabled(page), notPermitted);
  await expectBlocked(tokenScreen.save(page), notPermitted);
  await expectBlocked(tokenScreen.delete(page), notPermitted);
});
