// Everything without a pointer.
import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice } from "../support/personas.ts";
import {
  at,
  created,
  deletionDialog,
  heading,
  list,
  signIn,
  signInForm,
  status,
  tabTo,
  tokenScreen,
  uniqueName,
} from "../support/screens.ts";

test("signs in, creates a token, takes its secret, and deletes it", async ({ page, api, secrets }) => {
  secrets.allowInSession(alice.password);
  await page.goto(at.signIn);
  await expect(signInForm.byToken(page)).toBeVisible();
  await tabTo(page, signInForm.byToken(page));
  await page.keyboard.press("ArrowDown");
  await expect(signInForm.byPassword(page)).toBeChecked();
  await tabTo(page, signInForm.username(page));
  await page.keyboard.type(alice.name);
  await tabTo(page, signInForm.password(page));
  await page.keyboard.type(alice.password);
  await page.keyboard.press("Enter");
  await expect(heading(page, "API tokens")).toBeVisible();

  await tabTo(page, list.newToken(page));
  await page.keyboard.press("Enter");
  await expect(heading(page, "New token")).toBeVisible();
  const name = uniqueName("by keyboard");
  // The name is what the user comes to type.
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type(name);
  await tabTo(page, page.getByRole("button", { name: "Create token" }));
  await page.keyboard.press("Enter");
  await expect(heading(page, "Token created")).toBeVisible();

  const token = await api(alice).named(name);
  secrets.allow(token.token);
  await tabTo(page, created.show(page));
  await page.keyboard.press("Enter");
  await expect(created.secret(page)).toHaveValue(token.token);
  await expect(tokenScreen.hide(page)).toBeFocused();
  await tabTo(page, created.copy(page));
  await page.keyboard.press("Enter");
  await expect(status(page, /copied/i)).toBeVisible();
  await tabTo(page, created.done(page));
  await page.keyboard.press("Enter");
  secrets.disallow(token.token);
  await expect(heading(page, "API tokens")).toBeVisible();

  await page.goto(at.token(token.id));
  await expect(tokenScreen.delete(page)).toBeVisible();
  await tabTo(page, tokenScreen.delete(page));
  await page.keyboard.press("Enter");
  const { cancel, confirm } = deletionDialog(page, name);
  await expect(cancel).toBeFocused();
  await tabTo(page, confirm);
  await page.keyboard.press("Enter");
  await expect(heading(page, "API tokens")).toBeVisible();
  expect(await api(alice).find(token.id)).toBeUndefined();
});

test("a screen that was gone to has the focus on its heading, a form for one purpose on its first field", async ({
  page,
  secrets,
}) => {
  secrets.allowInSession(alice.password);
  await page.goto(at.signIn);
  await signInForm.byPassword(page).check();
  await signInForm.username(page).fill(alice.name);
  await signInForm.password(page).fill(alice.password);
  await page.keyboard.press("Enter");
  await expect(heading(page, "API tokens")).toBeFocused();
  await list.token(page, "alice-token-01").click();
  await expect(heading(page, "alice-token-01")).toBeFocused();
  await page.goBack();
  await expect(list.token(page, "alice-token-01")).toBeFocused();
  await page.keyboard.press("n");
  await expect(heading(page, "New token")).toBeVisible();
  await expect(page.getByRole("form", { name: "New token" }).getByLabel("Name")).toBeFocused();
  await page.keyboard.type("typed at once");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("typed at once");
});

test("the first stop leads past the banner", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await page.reload();
  await expect(list.table(page)).toBeVisible();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: /skip/i });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test("? shows the shortcuts, not while one types, and gives the focus back", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await list.search(page).press("?");
  await expect(list.search(page)).toHaveValue("?");
  await expect(help).toHaveCount(0);
  await list.search(page).press("Escape");
  await list.newToken(page).focus();
  await page.keyboard.press("?");
  await expect(help.getByRole("button", { name: "Close" })).toBeFocused();
  await expectAccessible(page, "the shortcuts");
  // None of them works behind a dialog.
  await page.keyboard.press("n");
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await expect(list.newToken(page)).toBeFocused();
});
