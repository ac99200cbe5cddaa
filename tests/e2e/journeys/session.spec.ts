// Signing in, staying signed in, and leaving no traces afterwards.
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import {
  at,
  completeSignIn,
  heading,
  list,
  openToken,
  signIn,
  signInForm,
  submitPassword,
} from "../support/screens.ts";
import { SESSION_KEY } from "../support/secrets.ts";

test("signs in with a token", async ({ page, api, secrets }) => {
  const { token } = await api(alice).get(demoTokens.firstOfAlice.id);
  secrets.allowInSession(token);
  await page.goto(at.signIn);
  await signInForm.byToken(page).check();
  await signInForm.token(page).fill(token);
  await signInForm.submit(page).click();
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(page.getByRole("banner")).toContainText(alice.name);
  await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeVisible();
});

test("sends one kind of credential, and no cookies", async ({ page, context, server, secrets }) => {
  const headers: Record<string, string>[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/")) {
      headers.push(request.headers());
    }
  });
  // The website of a real server sets such a cookie, which would win over our credentials.
  await context.addCookies([{ name: "session", value: "somebody-else", url: server.origin }]);
  await signIn(page, alice, secrets);
  await expect(list.table(page)).toBeVisible();
  expect(headers.length).toBeGreaterThan(0);
  for (const header of headers) {
    expect(header["authorization"]).toMatch(/^Basic /);
    expect(header).not.toHaveProperty("x-api-token");
    expect(header).not.toHaveProperty("cookie");
    expect(header["referer"] ?? "").toBe("");
  }
});

test("stays signed in across a reload, in this tab only", async ({ page, context, secrets }) => {
  await signIn(page, alice, secrets);
  await page.reload();
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeVisible();

  const other = await context.newPage();
  await other.goto(at.tokens);
  await expect(heading(other, "Sign in")).toBeVisible();
});

test("says so where the browser keeps nothing for it", async ({ page, secrets }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  await signIn(page, alice, secrets);
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(page.getByRole("status").getByText("This tab will not stay signed in.")).toBeVisible();
});

test("a reload ends a session that was not to be kept, and leads back", async ({ page, secrets }) => {
  await page.goto(at.signIn);
  await expect(signInForm.stay(page)).toBeChecked();
  await signInForm.stay(page).uncheck();
  // Deliberately without allowing the password in sessionStorage.
  await submitPassword(page, alice.name, alice.password);
  await expect(heading(page, "API tokens")).toBeVisible();
  expect(await page.evaluate((key) => sessionStorage.getItem(key), SESSION_KEY)).toBeNull();
  await list.token(page, demoTokens.firstOfAlice.name).click();
  await expect(heading(page, demoTokens.firstOfAlice.name)).toBeVisible();

  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
  await completeSignIn(page, alice, secrets);
  await expect(heading(page, demoTokens.firstOfAlice.name)).toBeVisible();
});

test("signing out wipes everything", async ({ page, secrets, expectNoSecrets }) => {
  await signIn(page, alice, secrets);
  await openToken(page, demoTokens.firstOfAlice);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();

  secrets.disallowInSession(alice.password);
  await expectNoSecrets(page);
  expect(
    await page.evaluate(() => JSON.stringify([Object.entries(sessionStorage), Object.entries(localStorage)])),
  ).not.toContain(alice.name);

  await page.goBack();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(page.getByText(demoTokens.firstOfAlice.name)).toHaveCount(0);
  await page.goto(at.tokens);
  await expect(heading(page, "Sign in")).toBeVisible();
});
