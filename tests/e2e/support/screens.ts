// The console as users see it: by the names on its screens, which are stable (the documentation uses the same).
import { expect, type Locator, type Page } from "@playwright/test";

import type { Persona } from "./personas.ts";
import type { Secrets } from "./secrets.ts";

/** The URLs, relative to where the console is served. */
export const at = {
  signIn: "sign-in",
  tokens: "tokens",
  newToken: "tokens/new",
  token: (id: number) => `tokens/${id}`,
} as const;

/** How the console words a refusal by the server. */
export const notPermitted = /does not allow|not have permission/i;

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole("heading", { level: 1, name, exact: true });
}

/** The status region: failures that belong to no form and no dialog, and results. */
export function alert(page: Page): Locator {
  return page.getByRole("alert").filter({ hasText: /\S/ });
}

/** A status message about progress or a result; there are several places for messages. */
export function status(page: Page, words: string | RegExp): Locator {
  return page.getByRole("status").filter({ hasText: words });
}

export const signInForm = {
  byToken: (page: Page) => page.getByRole("radio", { name: "API token" }),
  byPassword: (page: Page) => page.getByRole("radio", { name: "Username and password" }),
  // The radio button has the same name; only this one is a text box, and only once it is shown.
  token: (page: Page) =>
    page.locator("input:not([type=radio])").and(page.getByLabel("API token", { exact: true })),
  username: (page: Page) => page.getByLabel("Username", { exact: true }),
  password: (page: Page) => page.getByLabel("Password", { exact: true }),
  stay: (page: Page) => page.getByRole("checkbox", { name: "Stay signed in on this tab" }),
  temporaryToken: (page: Page) =>
    page.getByRole("checkbox", { name: "Use a temporary token for this session" }),
  submit: (page: Page) => page.getByRole("button", { name: "Sign in", exact: true }),
};

/** Fills in and submits the form on the screen; the test decides whether it should succeed. */
export async function submitPassword(page: Page, name: string, password: string): Promise<void> {
  await signInForm.byPassword(page).check();
  await signInForm.username(page).fill(name);
  await signInForm.password(page).fill(password);
  await signInForm.submit(page).click();
}

/** Signs in with the form on the screen. */
export async function completeSignIn(page: Page, persona: Persona, secrets: Secrets): Promise<void> {
  secrets.allowInSession(persona.password);
  await submitPassword(page, persona.name, persona.password);
  await expect(page.getByRole("banner")).toContainText(persona.name);
}

/** Fills in and submits the form on the screen, or in the dialog over it. */
export async function signInByToken(page: Page, secret: string): Promise<void> {
  await signInForm.byToken(page).check();
  await signInForm.token(page).fill(secret);
  await signInForm.submit(page).click();
}

/** Opens the sign-in screen, signs in and waits for the list. */
export async function signIn(page: Page, persona: Persona, secrets: Secrets): Promise<void> {
  await page.goto(at.signIn);
  await completeSignIn(page, persona, secrets);
  await expect(heading(page, "API tokens")).toBeVisible();
}

/** Does the same with a token's secret. */
export async function signInWithToken(page: Page, secret: string, secrets: Secrets): Promise<void> {
  secrets.allowInSession(secret);
  await page.goto(at.signIn);
  await signInByToken(page, secret);
  await expect(heading(page, "API tokens")).toBeVisible();
}

export const list = {
  table: (page: Page) => page.getByRole("table", { name: "API tokens" }),
  token: (page: Page, name: string) => list.table(page).getByRole("link", { name, exact: true }),
  /** The links with the names, from top to bottom. */
  names: (page: Page) => list.table(page).getByRole("rowgroup").last().getByRole("link"),
  newToken: (page: Page) => page.getByRole("link", { name: "New token", exact: true }),
  pages: (page: Page) => page.getByRole("navigation", { name: "Pages" }),
  nextPage: (page: Page) => list.pages(page).getByText("Next page", { exact: true }),
  previousPage: (page: Page) => list.pages(page).getByText("Previous page", { exact: true }),
  /** The position in the list: "Page 1: tokens 1 to 25 of 51". */
  position: (page: Page) => list.pages(page).getByRole("status"),
  rows: (page: Page) => page.getByLabel("Rows", { exact: true }),
  refresh: (page: Page) => page.getByRole("button", { name: "Refresh", exact: true }),
  search: (page: Page) => page.getByLabel("Search tokens", { exact: true }),
  filter: (page: Page, label: "Owner" | "Status" | "Last used" | "Created") =>
    page.getByRole("search", { name: "Tokens", exact: true }).getByLabel(label, { exact: true }),
};

/** Signs in with a token and waits for the list with all details, so that no request of this page comes later. */
export async function signInToList(page: Page, secret: string, secrets: Secrets): Promise<void> {
  await signInWithToken(page, secret, secrets);
  await expect(list.position(page)).toHaveText(/of \d+$/);
  await expect(list.table(page).getByText("Enabled").first()).toBeVisible();
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);
}

/** Turns the pages of the list, from the current one on, until it shows the token. */
export async function findInList(page: Page, name: string): Promise<Locator> {
  const link = list.token(page, name);
  await expect(async () => {
    await expect(list.table(page)).toBeVisible();
    if (!(await link.isVisible())) {
      const before = await list.table(page).innerText();
      await list.nextPage(page).click();
      await expect(list.table(page)).not.toHaveText(before, { timeout: 2_000 });
    }
    await expect(link).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  return link;
}

/** The default number of rows per page. */
const ROWS_OF_A_PAGE = 25;

/** Expects the pages of the list, from the current one on, to show exactly these names. */
export async function expectListed(page: Page, expected: readonly string[]): Promise<void> {
  const names = list.names(page);
  let seen = 0;
  for (;;) {
    // Rows outside the viewport appear a little later.
    const shown = expected.slice(seen, seen + ROWS_OF_A_PAGE);
    await expect(names).toHaveText(shown);
    seen += shown.length;
    if (seen >= expected.length) {
      break;
    }
    await list.nextPage(page).click();
  }
  await expectBlocked(list.nextPage(page), /./);
}

export const tokenScreen = {
  name: (page: Page) => page.getByLabel("Name", { exact: true }),
  enabled: (page: Page) => page.getByRole("switch", { name: "Enabled" }),
  save: (page: Page) => page.getByRole("button", { name: "Save changes" }),
  secret: (page: Page) => page.getByLabel("Token", { exact: true }),
  show: (page: Page) => page.getByRole("button", { name: "Show token" }),
  hide: (page: Page) => page.getByRole("button", { name: "Hide token" }),
  copy: (page: Page) => page.getByRole("button", { name: "Copy token" }),
  delete: (page: Page) => page.getByRole("button", { name: "Delete token" }),
};

/** Opens a token by its URL and waits until it is loaded. */
export async function openToken(page: Page, token: { id: number; name: string }): Promise<void> {
  await page.goto(at.token(token.id));
  await expect(heading(page, token.name)).toBeVisible();
}

export function deletionDialog(page: Page, name: string) {
  const dialog = page.getByRole("alertdialog", { name: `Delete ${name}?`, exact: true });
  return {
    dialog,
    confirm: dialog.getByRole("button", { name: "Delete token" }),
    cancel: dialog.getByRole("button", { name: "Cancel" }),
  };
}

export const created = {
  secret: (page: Page) => page.getByLabel("Token", { exact: true }),
  show: (page: Page) => page.getByRole("button", { name: "Show token" }),
  copy: (page: Page) => page.getByRole("button", { name: "Copy token" }),
  done: (page: Page) => page.getByRole("button", { name: "Done" }),
};

/** Expects an element to be disabled, with the reason in its description. */
export async function expectBlocked(element: Locator, reason: RegExp): Promise<void> {
  await expect(element).toHaveAttribute("aria-disabled", "true");
  await expect(element).toHaveAccessibleDescription(reason);
}

export async function expectNotBlocked(element: Locator): Promise<void> {
  await expect(element).toBeVisible();
  await expect(element).not.toHaveAttribute("aria-disabled", "true");
}

/** Returns a name that no other test uses. */
export function uniqueName(about: string): string {
  return `e2e ${about} ${crypto.randomUUID().slice(0, 8)}`;
}

/** A phone's window. */
export const phone = { width: 390, height: 844 };

/** Scrolls to where the selection bar covers no row: to axe, half a button is too small a target. */
export async function scrollToEnd(page: Page): Promise<void> {
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
}

/** Presses Tab until the element has the focus, at most `most` times. */
export async function tabTo(page: Page, target: Locator, most = 40): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < most; stop += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
  }
  throw new Error(`${String(target)} cannot be reached with Tab`);
}

/** The sign-in dialog over the page. */
export const signInAgain = (page: Page) => page.getByRole("dialog", { name: "Sign in again" });

/** Keeps the console from starting until the returned function is called. */
export async function holdWasm(page: Page): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

export const commandMenu = {
  dialog: (page: Page) => page.getByRole("dialog", { name: "Command menu" }),
  field: (page: Page) => page.getByRole("combobox", { name: "A token's name, or a command" }),
  options: (page: Page) => commandMenu.dialog(page).getByRole("option"),
  option: (page: Page, name: string | RegExp) => commandMenu.dialog(page).getByRole("option", { name }),
};

/** Opens a row's menu by keyboard and chooses an item, which may wait for what is known about the token. */
export async function chooseForRow(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}`, exact: true }).press("Enter");
  const chosen = page.getByRole("menuitem", { name: item, exact: true });
  // A key press does not wait for that, unlike a click.
  await expect(chosen).toBeEnabled();
  await chosen.press("Enter");
}

/** Opens the command menu by its shortcut. */
export async function openCommandMenu(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(commandMenu.field(page)).toBeFocused();
}
