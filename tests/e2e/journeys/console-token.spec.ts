// Signing in with a password and working with a token that is created for the session and deleted at its end.
import type { Page } from "@playwright/test";

import { openActor } from "../faults/stage.ts";
import type { Api, Token } from "../support/api.ts";
import { expectAccessible } from "../support/axe.ts";
import { FaultProxy, type Rule } from "../support/fault-proxy.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { alice, bob, carol, type Persona, root } from "../support/personas.ts";
import {
  alert,
  at,
  heading,
  list,
  openToken,
  signInAgain,
  signInForm,
  status,
  tokenScreen,
} from "../support/screens.ts";
import { SESSION_KEY, type Secrets } from "../support/secrets.ts";

const test = base.extend<{ behindProxy: { page: Page; proxy: FaultProxy } }>({
  /** The sign-in screen, with a proxy between the page and the server. */
  behindProxy: async ({ browser, server, expectNoSecrets }, use) => {
    const proxy = await FaultProxy.start(server.origin);
    const context = await browser.newContext({ baseURL: proxy.origin });
    const { page, watch } = await openActor(context, proxy.origin);
    await page.goto(at.signIn);
    await use({ page, proxy });
    await expectNoSecrets(page);
    expect(watch.trouble(), "what went wrong behind the screen").toEqual([]);
    await context.close();
    await proxy.stop();
  },
});

/** Returns a user's tokens of console sessions, with their secrets. */
async function consoleTokens(api: Api): Promise<Token[]> {
  const listed = (await api.list()).filter(({ name }) => name.startsWith("console session "));
  // Any of them may be deleted between the two requests.
  const found = await Promise.all(listed.map(({ id }) => api.find(id)));
  return found.filter((token) => token !== undefined);
}

/** Waits until the server has this number of them, and returns them. */
async function expectTokens(api: Api, number: number): Promise<Token[]> {
  await expect.poll(async () => (await consoleTokens(api)).length).toBe(number);
  return consoleTokens(api);
}

/** Fills in and submits the form on the screen, in the page or in the dialog over it. */
async function submitForTemporaryToken(page: Page, persona: Persona): Promise<void> {
  await signInForm.byPassword(page).check();
  await signInForm.username(page).fill(persona.name);
  await signInForm.password(page).fill(persona.password);
  await signInForm.temporaryToken(page).check();
  await signInForm.submit(page).click();
}

/**
 * Signs in, deliberately without allowing the password in sessionStorage, and returns the token that was created.
 */
async function signInForTemporaryToken(
  page: Page,
  persona: Persona,
  api: Api,
  secrets: Secrets,
): Promise<Token> {
  const before = (await consoleTokens(api)).map(({ id }) => id);
  await page.goto(at.signIn);
  await submitForTemporaryToken(page, persona);
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(page.getByRole("banner").getByRole("link", { name: "Temporary token" })).toBeVisible();
  const made = (await consoleTokens(api)).filter(({ id }) => !before.includes(id));
  expect(made).toHaveLength(1);
  const token = made[0] as Token;
  secrets.allowInSession(token.token);
  return token;
}

/** Signs in with the password and without a token of its own. */
async function signInWithPassword(page: Page, persona: Persona, secrets: Secrets): Promise<void> {
  secrets.allowInSession(persona.password);
  await page.goto(at.signIn);
  await signInForm.byPassword(page).check();
  await signInForm.username(page).fill(persona.name);
  await signInForm.password(page).fill(persona.password);
  await signInForm.submit(page).click();
  await expect(heading(page, "API tokens")).toBeVisible();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(heading(page, "Sign in")).toBeVisible();
}

const notesOf = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("credmgr.console-token ")));
const leftBehind = (page: Page) => status(page, /from (an )?earlier console sessions?/);

test("the password is used twice and then forgotten; signing out deletes the token", async ({
  page,
  api,
  secrets,
  expectNoSecrets,
}) => {
  const sent: { method: string; kind: string }[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/")) {
      const kind = "authorization" in request.headers() ? "password" : "token";
      sent.push({ method: request.method(), kind });
    }
  });
  await page.goto(at.signIn);
  await signInForm.byPassword(page).check();
  await expect(signInForm.temporaryToken(page)).not.toBeChecked();
  await expect(signInForm.temporaryToken(page)).toHaveAccessibleDescription(/Less work for the server/);
  await expectAccessible(page, "sign in with a token of its own");

  const token = await signInForTemporaryToken(page, alice, api(alice), secrets);
  expect(token.name).toMatch(/^console session \d{4}-\d\d-\d\d \d\d:\d\d \w{4}$/);
  expect(token).toMatchObject({ owner_id: alice.id, enabled: true });
  expect(sent.filter(({ kind }) => kind === "password").map(({ method }) => method)).toEqual(["GET", "POST"]);
  await expect(list.table(page)).toBeVisible();
  await expectNoSecrets(page);

  await page.getByRole("banner").getByRole("link", { name: "Temporary token" }).click();
  await expect(heading(page, token.name)).toBeVisible();
  await expect(page.getByRole("main").getByText("This session", { exact: true })).toBeVisible();
  await expectAccessible(page, "a session with a token of its own");

  await signOut(page);
  await expectTokens(api(alice), 0);
  secrets.disallowInSession(token.token);
  await expectNoSecrets(page);
  await expect.poll(() => notesOf(page)).toEqual([]);
  await expect(alert(page)).toHaveCount(0);
});

test("a reload goes on with the token of a session that is kept", async ({ page, api, secrets }) => {
  const token = await signInForTemporaryToken(page, bob, api(bob), secrets);
  await page.reload();
  await expect(page.getByRole("banner").getByRole("link", { name: "Temporary token" })).toBeVisible();
  await expect(list.table(page).getByText("This session")).toBeVisible();
  expect((await expectTokens(api(bob), 1))[0]?.id).toBe(token.id);
  await signOut(page);
  await expectTokens(api(bob), 0);
});

test("a reload ends a session that is not kept, and its token", async ({ page, api, secrets, watch }) => {
  await page.goto(at.signIn);
  await signInForm.stay(page).uncheck();
  await submitForTemporaryToken(page, alice);
  await expect(heading(page, "API tokens")).toBeVisible();
  await expectTokens(api(alice), 1);
  expect(await page.evaluate((key) => sessionStorage.getItem(key), SESSION_KEY)).toBeNull();
  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expectTokens(api(alice), 0);
  // No tab learned that it was deleted; the next sign-in finds out and does not mention it.
  watch.expectStatus(404);
  await signInWithPassword(page, alice, secrets);
  await expect.poll(() => notesOf(page)).toEqual([]);
  await expect(leftBehind(page)).toHaveCount(0);
});

test("what a closed tab left behind is offered; a live tab's is not", async ({
  page,
  context,
  api,
  secrets,
}) => {
  // Four sign-ins in three tabs.
  test.slow();
  const closed = await context.newPage();
  const left = await signInForTemporaryToken(closed, alice, api(alice), secrets);
  const live = await context.newPage();
  const used = await signInForTemporaryToken(live, alice, api(alice), secrets);
  await closed.close();
  expect(await expectTokens(api(alice), 2)).toHaveLength(2);

  // Another user of the same browser is not told.
  await signInWithPassword(page, bob, secrets);
  await expect(list.table(page)).toBeVisible();
  await expect(leftBehind(page)).toHaveCount(0);
  await page.evaluate(() => sessionStorage.clear());

  await signInWithPassword(page, alice, secrets);
  await expect(leftBehind(page)).toContainText("1 token from an earlier console session was left behind.");
  await expect(leftBehind(page)).toContainText(left.name);
  await expect(leftBehind(page)).not.toContainText(used.name);
  await expectAccessible(page, "tokens left behind");
  await page.getByRole("button", { name: "Delete it", exact: true }).click();
  await expect(leftBehind(page)).toContainText("Deleted the token from an earlier console session.");
  await expectAccessible(page, "tokens left behind, deleted");
  expect((await expectTokens(api(alice), 1))[0]?.id).toBe(used.id);
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(leftBehind(page)).toHaveCount(0);
  // The other tab keeps working.
  await list.refresh(live).click();
  await expect(signInAgain(live)).toHaveCount(0);

  await signOut(page);
  await expect(heading(live, "Sign in")).toBeVisible();
  await expectTokens(api(alice), 0);
});

test("a duplicated tab shares the token and its end", async ({ page, context, api, secrets, watch }) => {
  await signInForTemporaryToken(page, bob, api(bob), secrets);
  const opened = context.waitForEvent("page");
  await page.evaluate(() => void window.open(location.href));
  const duplicate = await opened;
  await expect(list.table(duplicate).getByText("This session")).toBeVisible();
  await expectTokens(api(bob), 1);
  // The second of the two deletions is refused, or told that the token is gone.
  watch.expectStatus(401, 404);
  await signOut(page);
  await expect(heading(duplicate, "Sign in")).toBeVisible();
  await expectTokens(api(bob), 0);
  await expect.poll(() => notesOf(page)).toEqual([]);
  for (const tab of [page, duplicate]) {
    await expect(alert(tab)).toHaveCount(0);
  }
});

test("a lock deletes the token; signing in again makes another", async ({ page, context, api, secrets }) => {
  await context.clock.install();
  const first = await signInForTemporaryToken(page, alice, api(alice), secrets);
  await context.clock.runFor("15:00");
  await expect(signInAgain(page)).toContainText("Locked after 15 minutes without activity.");
  await expectTokens(api(alice), 0);
  await expect(signInForm.temporaryToken(page)).toBeChecked();
  await signInForm.password(page).fill(alice.password);
  await signInForm.password(page).press("Enter");
  await expect(signInAgain(page)).toBeHidden();
  const [second] = await expectTokens(api(alice), 1);
  expect(second?.name).not.toBe(first.name);
  secrets.allowInSession(second?.token ?? "");
  await signOut(page);
  await expectTokens(api(alice), 0);
});

test("a token that gets a name of one's own outlives the session", async ({ page, api, secrets }) => {
  const token = await signInForTemporaryToken(page, bob, api(bob), secrets);
  await openToken(page, token);
  await tokenScreen.name(page).fill(`kept ${token.name}`);
  await tokenScreen.save(page).click();
  await expect(status(page, /^Saved/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Temporary token" })).toHaveCount(0);
  await signOut(page);
  expect(await notesOf(page)).toEqual([]);
  expect(await api(bob).get(token.id)).toMatchObject({ name: `kept ${token.name}` });
  await api(bob).delete(token.id);
});

test("a token that an administrator deletes asks to sign in again", async ({ page, api, secrets, watch }) => {
  const token = await signInForTemporaryToken(page, alice, api(alice), secrets);
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);
  watch.expectStatus(401, 404);
  await api(alice).delete(token.id);
  await list.refresh(page).click();
  await expect(signInAgain(page)).toContainText("The server no longer accepts your credentials.");
  secrets.allowInSession(alice.password);
  await signInForm.temporaryToken(page).uncheck();
  await signInForm.password(page).fill(alice.password);
  await signInForm.password(page).press("Enter");
  await expect(signInAgain(page)).toBeHidden();
  await expect.poll(() => notesOf(page)).toEqual([]);
  await expect(leftBehind(page)).toHaveCount(0);
});

test("a user who may not delete tokens is told, and works with the password", async ({
  page,
  api,
  secrets,
}) => {
  secrets.allowInSession(carol.password);
  await page.goto(at.signIn);
  await submitForTemporaryToken(page, carol);
  await expect(heading(page, "API tokens")).toBeVisible();
  const [token] = await expectTokens(api(carol), 1);
  const notice = status(page, "You are signed in with your password");
  await expect(notice).toContainText("because you are not allowed to delete tokens");
  await expect(notice).toContainText(`“${token?.name}” was created to check this and is now disabled`);
  await expectAccessible(page, "working with the password after a refusal");
  expect(token).toMatchObject({ enabled: false });
  expect(await notesOf(page)).toEqual([]);
  await api(root).delete(token?.id ?? 0);
});

const CREATION: Pick<Rule, "methods" | "path"> = { methods: ["POST"], path: /api_tokens\/$/ };

test("a creation that is refused costs nothing but the token", async ({ behindProxy, api, secrets }) => {
  const { page, proxy } = behindProxy;
  secrets.allowInSession(alice.password);
  proxy.hold({
    ...CREATION,
    fault: { kind: "answer", status: 405, headers: { allow: "GET, OPTIONS" } },
    strikes: "before the server",
  });
  await submitForTemporaryToken(page, alice);
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(status(page, "You are signed in with your password")).toContainText(
    "The server does not allow it.",
  );
  expect(proxy.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  await expectTokens(api(alice), 0);
});

test("a creation whose answer got lost is found and used", async ({ behindProxy, api, secrets }) => {
  const { page, proxy } = behindProxy;
  proxy.hold({ ...CREATION, fault: { kind: "reset" }, strikes: "after the server", times: 1 });
  await submitForTemporaryToken(page, alice);
  await expect(page.getByRole("link", { name: "Temporary token" })).toBeVisible();
  expect(proxy.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  const [token] = await expectTokens(api(alice), 1);
  secrets.allowInSession(token?.token ?? "");
  await expect(list.table(page)).toBeVisible();
  await signOut(page);
  await expectTokens(api(alice), 0);
});

/** Chromium resends a POST by itself when a keep-alive connection closes: then the name is taken. */
test("a connection that closes without an answer makes one token", async ({ behindProxy, api, secrets }) => {
  const { page, proxy } = behindProxy;
  proxy.hold({ ...CREATION, fault: { kind: "closed" }, strikes: "after the server", times: 1 });
  await submitForTemporaryToken(page, alice);
  await expect(page.getByRole("link", { name: "Temporary token" })).toBeVisible();
  const [token] = await expectTokens(api(alice), 1);
  secrets.allowInSession(token?.token ?? "");
  await signOut(page);
  await expectTokens(api(alice), 0);
});

test("a deletion that fails is said, and offered after the next sign-in", async ({
  behindProxy,
  api,
  secrets,
}) => {
  const { page, proxy } = behindProxy;
  await submitForTemporaryToken(page, alice);
  await expect(heading(page, "API tokens")).toBeVisible();
  const [token] = await expectTokens(api(alice), 1);
  secrets.allowInSession(token?.token ?? "");
  proxy.hold({ methods: ["DELETE"], path: /./, fault: { kind: "closed" }, strikes: "before the server" });
  await signOut(page);
  await expect(alert(page)).toContainText("The token may have been deleted");
  await expect(alert(page)).toContainText(token?.name ?? "no name");
  await expectAccessible(page, "a token that was not deleted");
  proxy.release();
  await expectTokens(api(alice), 1);

  await signInWithPassword(page, alice, secrets);
  await expect(alert(page)).toHaveCount(0);
  await expect(leftBehind(page)).toContainText("1 token from an earlier console session was left behind.");
  await page.getByRole("button", { name: "Delete it", exact: true }).click();
  await expect(leftBehind(page)).toContainText("Deleted the token from an earlier console session.");
  await expectTokens(api(alice), 0);
  await expect.poll(() => notesOf(page)).toEqual([]);
  await expect(list.table(page)).toBeVisible();
});
