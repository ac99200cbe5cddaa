// Nothing typed is lost by a wrong click, by "back", or by a reload.
import type { Page } from "@playwright/test";

import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice } from "../support/personas.ts";
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

const COLLECTION = /\/api\/v1\/api_tokens\/?$/;

function question(page: Page, name = "Leave without saving?") {
  const dialog = page.getByRole("alertdialog", { name });
  return {
    dialog,
    stay: dialog.getByRole("button", { name: "Stay" }),
    leave: dialog.getByRole("button", { name: "Leave" }),
  };
}

const name = (page: Page) => page.getByLabel("Name", { exact: true });
const cancel = (page: Page) => page.getByRole("link", { name: "Cancel" });

/** The form for a new token, reached from the list, with a name typed key by key. */
async function typeName(page: Page, typed: string): Promise<void> {
  await list.newToken(page).click();
  await expect(name(page)).toBeFocused();
  await name(page).pressSequentially(typed);
}

/** Reloads, and responds to the browser's own dialog. */
async function reload(page: Page, { leave }: { leave: boolean }): Promise<void> {
  const asked = page.waitForEvent("dialog");
  const reloaded = page.reload().catch((error: unknown) => {
    if (leave) {
      throw error;
    }
  });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await (leave ? dialog.accept() : dialog.dismiss());
  if (leave) {
    await reloaded;
  }
}

test.beforeEach(async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
});

test("a link asks first, by keyboard alone", async ({ page }) => {
  await typeName(page, "half a na");
  await cancel(page).focus();
  await page.keyboard.press("Enter");
  const { dialog, stay, leave } = question(page);
  await expect(dialog).toHaveAccessibleDescription(/What you typed for the new token will be lost/);
  await expect(stay).toBeFocused();
  await expectAccessible(page, "the question before leaving");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(cancel(page)).toBeFocused();
  await expect(name(page)).toHaveValue("half a na");

  await page.keyboard.press("Enter");
  await expect(stay).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(heading(page, "New token")).toBeVisible();
  await expect(cancel(page)).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(stay).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(leave).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(page, "API tokens")).toBeFocused();
  // Discarded: the draft does not come back.
  await list.newToken(page).click();
  await expect(name(page)).toHaveValue("");
});

test("a link that is opened in a new tab is no reason to ask", async ({ page, context }) => {
  await typeName(page, "half a na");
  const opened = context.waitForEvent("page");
  await cancel(page).click({ modifiers: ["ControlOrMeta"] });
  await (await opened).close();
  await expect(question(page).dialog).toBeHidden();
  await expect(name(page)).toHaveValue("half a na");
});

test("back and forward ask, and lead there after all", async ({ page }) => {
  await typeName(page, "half a na");
  const { dialog, stay, leave } = question(page);
  for (let time = 0; time < 2; time += 1) {
    await page.evaluate(() => history.back());
    await expect(stay).toBeFocused();
    await expect(page).toHaveURL(/\/tokens\/new$/);
    await stay.click();
    await expect(dialog).toBeHidden();
    await expect(name(page)).toHaveValue("half a na");
  }
  await page.evaluate(() => history.back());
  await leave.click();
  await expect(heading(page, "API tokens")).toBeVisible();
  await expect(page).toHaveURL(/\/tokens$/);

  // Forward to the form, which is empty now, and back without a question.
  await page.goForward();
  await expect(heading(page, "New token")).toBeVisible();
  await expect(name(page)).toHaveValue("");
  await page.goBack();
  await expect(heading(page, "API tokens")).toBeVisible();
  await page.goForward();
  await name(page).pressSequentially("again");
  await page.evaluate(() => history.back());
  await expect(dialog).toBeVisible();
  await leave.click();
  await expect(heading(page, "API tokens")).toBeVisible();
});

test("forward asks as well", async ({ page, api }) => {
  const token = await api(alice).create(uniqueName("forward"));
  await openToken(page, token);
  await page.getByRole("link", { name: "API tokens" }).click();
  await expect(heading(page, "API tokens")).toBeVisible();
  await page.goBack();
  await expect(heading(page, token.name)).toBeVisible();
  await tokenScreen.enabled(page).click();
  const { dialog, stay, leave } = question(page);
  await page.evaluate(() => history.forward());
  await expect(dialog).toHaveAccessibleDescription(/the status “disabled”/);
  await expect(page).toHaveURL(new RegExp(`/tokens/${token.id}$`));
  await stay.click();
  await expect(tokenScreen.enabled(page)).not.toBeChecked();
  await page.getByRole("link", { name: "API tokens" }).click();
  await leave.click();
  await expect(heading(page, "API tokens")).toBeVisible();
  expect(await api(alice).get(token.id)).toMatchObject({ enabled: true });
  await api(alice).delete(token.id);
});

test("what is saved may be left", async ({ page, api }) => {
  const token = await api(alice).create(uniqueName("saved"));
  await openToken(page, token);
  await tokenScreen.name(page).fill(`${token.name} renamed`);
  await tokenScreen.save(page).click();
  await expect(status(page, "Saved")).toBeVisible();
  await page.getByRole("link", { name: "Credential Manager" }).click();
  await expect(heading(page, "API tokens")).toBeVisible();
  await api(alice).delete(token.id);
});

test("signing out asks too", async ({ page, secrets }) => {
  await typeName(page, "half a na");
  const { stay, leave } = question(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await stay.click();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeFocused();
  await page.keyboard.press("Enter");
  await leave.click();
  await expect(heading(page, "Sign in")).toBeVisible();
  secrets.disallowInSession(alice.password);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test("a draft survives a reload, after the browser's own question", async ({ page }) => {
  await typeName(page, "half a na");
  await page.getByLabel("Length", { exact: true }).fill("64");
  await reload(page, { leave: false });
  await expect(name(page)).toHaveValue("half a na");
  await reload(page, { leave: true });
  await expect(status(page, "Your draft was restored.")).toBeVisible();
  await expect(name(page)).toHaveValue("half a na");
  await expect(page.getByLabel("Length", { exact: true })).toHaveValue("64");
  await expectAccessible(page, "a restored draft");

  await page.getByRole("button", { name: "Clear" }).click();
  await expect(name(page)).toHaveValue("");
  await expect(name(page)).toBeFocused();
  // Nothing is unsaved now, so the console does not ask.
  await page.reload();
  await expect(heading(page, "New token")).toBeVisible();
  await expect(name(page)).toHaveValue("");
});

/** Keeps the console from getting any response to a creation before it is reloaded. */
async function interruptCreation(page: Page, { isCreated }: { isCreated: boolean }): Promise<string> {
  const typed = uniqueName("interrupted");
  await page.route(COLLECTION, async (route) => {
    if (route.request().method() !== "POST") {
      return route.fallback();
    }
    if (isCreated) {
      await route.fetch();
    }
    await page.evaluate(() => document.body.setAttribute("data-posted", ""));
  });
  await typeName(page, typed);
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.locator("body[data-posted]")).toBeVisible();
  const posts: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") {
      posts.push(request.url());
    }
  });
  await reload(page, { leave: true });
  await expect(name(page)).toHaveValue(typed);
  await page.unroute(COLLECTION);
  expect(posts).toEqual([]);
  return typed;
}

test("a creation that a reload interrupted is found", async ({ page, api }) => {
  const typed = await interruptCreation(page, { isCreated: true });
  const found = page.getByRole("status").filter({ hasText: `The token “${typed}” was created` });
  await expect(found).toBeVisible();
  const token = await api(alice).named(typed);
  await found.getByRole("link", { name: "Open the token" }).click();
  await expect(heading(page, typed)).toBeVisible();
  await api(alice).delete(token.id);
});

test("a creation that a reload prevented may be tried again", async ({ page, api }) => {
  const typed = await interruptCreation(page, { isCreated: false });
  await expect(page.getByText(`The token “${typed}” was not found`)).toBeVisible();
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(heading(page, "Token created")).toBeVisible();
  await created.done(page).click();
  await question(page, "Leave without the secret?").leave.click();
  await expect(heading(page, "API tokens")).toBeVisible();
  await api(alice).delete((await api(alice).named(typed)).id);
});

test("a reload of an untouched form asks nobody", async ({ page }) => {
  await page.goto(at.newToken);
  await name(page).pressSequentially("x");
  await page.keyboard.press("Backspace");
  await page.reload();
  await expect(heading(page, "New token")).toBeVisible();
});
