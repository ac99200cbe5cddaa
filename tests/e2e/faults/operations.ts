// The columns of the matrix: what the user does while a fault is active, what the console must say then, and that it
// works once the fault is gone. Each ends with a check of the server's actual state.
import { expect, type Locator, type Page } from "@playwright/test";

import type { Rule } from "../support/fault-proxy.ts";
import { bob, demoTokens } from "../support/personas.ts";
import {
  alert,
  at,
  deletionDialog,
  expectBlocked,
  expectNotBlocked,
  heading,
  list,
  signInByToken,
  signInForm,
  status,
  tokenScreen,
} from "../support/screens.ts";
import { AT_SIGN_IN, type Column, type Row } from "./rows.ts";
import { type Actor, type Cell, withShortLimits } from "./stage.ts";

/** When the fault strikes. */
export type Moment =
  /** The server never receives the request. */
  | "before"
  /** The server has carried it out; only its response is lost. */
  | "after"
  /** The same, and the follow-up check fails, too. */
  | "after, blind";

export interface Operation {
  readonly name: Column;
  /** Whether it changes something, so that the moment of the fault matters. */
  readonly writes: boolean;
  /** Runs a cell; returns its outcome, in a few words. */
  readonly play: (cell: Cell, row: Row, moment: Moment) => Promise<string>;
}

/** Allows for retries with back-off, waits for `Retry-After`, and responses that take 10 seconds. */
const PATIENCE = { timeout: 20_000 };

const COLLECTION = /^\/api\/v1\/api_tokens\/?$/;
const ONE = /^\/api\/v1\/api_tokens\/\d+$/;
const ME = /^\/api\/v1\/users\/me$/;

/** Activates a fault for the requests of an operation. */
function strike({ proxy, member, stranger }: Cell, row: Row, moment: Moment, target: Target) {
  const rule = {
    fault: row.fault,
    strikes: moment === "before" ? "before the server" : "after the server",
  } as const;
  const rules: Rule[] = [{ ...rule, ...target }];
  if (moment === "after, blind") {
    rules.push({ ...rule, methods: ["GET"], path: /^\/api\// });
  }
  member.sent.length = 0;
  stranger.sent.length = 0;
  proxy.forget();
  proxy.hold(...rules);
}

interface Target {
  readonly methods: readonly string[];
  readonly path: RegExp;
}

function sentTo({ sent }: Actor, method: string, path: RegExp): number {
  return sent.filter((request) => request.method === method && path.test(request.path)).length;
}

/** Leaves the previous cell's screen, whose requests must not be mistaken for those of this one. */
async function clearTheStage({ page }: Actor): Promise<void> {
  await page.goto("about:blank");
}

/** Opens a URL as if it were typed, with the time limits that the row requires. */
async function load({ page }: Actor, row: Row, address: string): Promise<void> {
  const go = async () => void (await page.goto(`/${address}`));
  await (row.shortLimits ? withShortLimits(page, go) : go());
}

/** Presses twice within one turn of the event loop: faster than any user, and than any response. */
async function pressTwice(button: Locator): Promise<void> {
  await expectNotBlocked(button);
  await button.evaluate((element: HTMLButtonElement) => {
    element.click();
    element.click();
  });
}

function words(...parts: (string | RegExp | undefined)[]): RegExp {
  const sources = parts.flatMap((part) => {
    if (part === undefined) {
      return [];
    }
    return typeof part === "string" ? [part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")] : [`(?:${part.source})`];
  });
  return new RegExp(sources.join(""));
}

/** Expects a failure message: what failed, why, and what to do now. */
async function expectSaid(page: Page, what: string, row: Row): Promise<Locator> {
  const said = alert(page).filter({ hasText: what });
  await expect(said).toContainText(words(`${what}: `, row.why, "."), PATIENCE);
  if (row.advice) {
    await expect(said).toContainText(row.advice);
  }
  return said;
}

async function expectNothingSaid(page: Page): Promise<void> {
  await expect(alert(page)).toHaveCount(0);
}

/** Expects the dialog over the unchanged page, and signs in with the fault gone. */
async function signInAgain({ proxy, credential, member: { page } }: Cell): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await expect(dialog).toContainText("no longer accepts your credentials");
  proxy.release();
  await signInByToken(page, credential);
  await expect(dialog).toBeHidden();
}

/** An operation that reads and shows something, on a screen that offers to try again. */
async function playReading(
  cell: Cell,
  row: Row,
  {
    address,
    target,
    failed,
    shown,
    attempts = row.attempts,
  }: { address: string; target: Target; failed: string; shown: Locator; attempts?: number | undefined },
): Promise<string> {
  const { page } = cell.member;
  await clearTheStage(cell.member);
  strike(cell, row, "before", target);
  await load(cell.member, row, address);
  if (row.means === "works") {
    await expect(shown).toBeVisible(PATIENCE);
    await expectNothingSaid(page);
    return "works";
  }
  if (row.means === "not signed in") {
    await signInAgain(cell);
    await expect(shown).toBeVisible();
    return "signs in, goes on";
  }
  const said = await expectSaid(page, failed, row);
  await cell.expectNoSecrets(page);
  const tries = sentTo(cell.member, "GET", target.path);
  expect(tries, "tries before it gives up").toBeGreaterThanOrEqual(attempts);
  // Rate limiting alone uses up no retry as long as other requests get through, such as `OPTIONS` sent alongside.
  expect(tries, "it gives up").toBeLessThanOrEqual(attempts + (row.isOfPace ? 2 : 0));
  cell.proxy.release();
  await said.getByRole("button", { name: "Try again" }).click();
  await expect(shown).toBeVisible();
  await expectNothingSaid(page);
  return "said, loads again";
}

async function expectUntouched({ api, token }: Cell): Promise<void> {
  expect(await api.get(token.id)).toMatchObject({ name: token.name, enabled: true, token: token.token });
}

async function playList(cell: Cell, row: Row): Promise<string> {
  const outcome = await playReading(cell, row, {
    address: at.tokens,
    target: { methods: ["GET"], path: COLLECTION },
    failed: "The tokens could not be loaded",
    shown: list.token(cell.member.page, cell.token.name),
    attempts: row.attemptsOfList,
  });
  await expectUntouched(cell);
  return outcome;
}

async function playRead(cell: Cell, row: Row): Promise<string> {
  const outcome = await playReading(cell, row, {
    address: at.token(cell.token.id),
    target: { methods: ["GET"], path: ONE },
    failed: "The token could not be loaded",
    shown: heading(cell.member.page, cell.token.name),
  });
  await expectUntouched(cell);
  return outcome;
}

const creation = {
  name: (page: Page) => page.getByLabel("Name", { exact: true }),
  length: (page: Page) => page.getByRole("textbox", { name: "Length" }),
  submit: (page: Page) => page.getByRole("button", { name: "Create token" }),
};
const LENGTH = 40;

async function playCreate(cell: Cell, row: Row, moment: Moment): Promise<string> {
  const { newName, api, proxy } = cell;
  const { page } = cell.member;
  const fillIn = async () => {
    await creation.name(page).fill(newName);
    await creation.length(page).fill(String(LENGTH));
  };
  const expectTyped = async () => {
    await expect(creation.name(page)).toHaveValue(newName);
    await expect(creation.length(page)).toHaveValue(String(LENGTH));
  };
  const expectInDatabase = async (count: 0 | 1) => {
    const named = (await api.list()).filter(({ name }) => name === newName);
    expect(named, `tokens called '${newName}'`).toHaveLength(count);
    for (const { id } of named) {
      const { enabled, owner_id, token } = await api.get(id);
      expect({ enabled, owner_id, length: token.length }).toEqual({
        enabled: true,
        owner_id: bob.id,
        length: LENGTH,
      });
    }
  };
  const expectSentOnce = () =>
    expect(sentTo(cell.member, "POST", COLLECTION), "requests to create it").toBe(1);
  const createAgain = async () => {
    await creation.submit(page).click();
    await expect(heading(page, "Token created")).toBeVisible();
    await expectInDatabase(1);
  };

  await load(cell.member, row, at.newToken);
  await fillIn();
  strike(cell, row, moment, { methods: ["POST"], path: COLLECTION });
  await pressTwice(creation.submit(page));

  if (row.means === "works") {
    await expect(heading(page, "Token created")).toBeVisible(PATIENCE);
    expectSentOnce();
    await expectInDatabase(1);
    return "works";
  }
  if (row.means === "not signed in") {
    await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible();
    expectSentOnce();
    await expectTyped();
    await signInAgain(cell);
    await expect(heading(page, "Token created")).toBeVisible();
    await expectInDatabase(1);
    return "signs in, goes on";
  }

  const found = status(page, `The token “${newName}” was created (ID `);
  if (moment === "after") {
    await expect(found).toContainText("but the response got lost", PATIENCE);
    await expectNothingSaid(page);
    expectSentOnce();
    await expectTyped();
    await expectInDatabase(1);
    proxy.release();
    await found.getByRole("link", { name: "Open the token" }).click();
    await expect(heading(page, newName)).toBeVisible();
    return "finds it created";
  }
  if (moment === "after, blind") {
    const said = await expectSaid(page, "The token may have been created", {
      ...row,
      advice: /Check again before you create it once more/,
    });
    await expectBlocked(creation.submit(page), /First check whether the token was created/);
    await creation.name(page).press("Enter");
    await creation.submit(page).click({ force: true });
    expectSentOnce();
    await expectTyped();
    proxy.release();
    await said.getByRole("button", { name: "Check again" }).click();
    await expect(found).toContainText("but the response got lost");
    expectSentOnce();
    await expectInDatabase(1);
    return "unknown, then finds it created";
  }

  if (row.means === "open") {
    const said = await expectSaid(page, `The token “${newName}” was not created`, {
      ...row,
      advice: /A search did not find it, so you can safely try again/,
    });
    await expect(said).toBeVisible();
  } else {
    await expect(await expectSaid(page, "The token was not created", row)).toContainText(
      "Nothing was changed.",
    );
  }
  if (row.means === "conflict") {
    await expect(creation.name(page)).toHaveAccessibleDescription(/This name is taken/);
  }
  await cell.expectNoSecrets(page);
  expectSentOnce();
  await expectTyped();
  await expectInDatabase(0);
  proxy.release();
  if (row.isRemembered) {
    // The refusal may concern this token only: `OPTIONS` was asked again, and decides.
    expect(sentTo(cell.member, "OPTIONS", COLLECTION)).toBeGreaterThan(0);
    await expectNotBlocked(creation.submit(page));
  }
  await createAgain();
  return row.means === "open" ? "finds it not created, creates again" : "said, creates again";
}

/** Saving a change of one field. */
interface Change {
  /** An additional step at the end, after the fault is gone. */
  readonly afterwards?: (cell: Cell) => Promise<void>;
  readonly make: (page: Page, cell: Cell) => Promise<void>;
  readonly expectMade: (page: Page, cell: Cell) => Promise<void>;
  readonly saved: (cell: Cell) => { name: string; enabled: boolean };
}

const rename: Change = {
  make: (page, { newName }) => tokenScreen.name(page).fill(newName),
  expectMade: (page, { newName }) => expect(tokenScreen.name(page)).toHaveValue(newName),
  saved: ({ newName }) => ({ name: newName, enabled: true }),
};

const disable: Change = {
  make: (page) => tokenScreen.enabled(page).uncheck(),
  expectMade: (page) => expect(tokenScreen.enabled(page)).not.toBeChecked(),
  saved: ({ token }) => ({ name: token.name, enabled: false }),
  afterwards: async ({ api, token, member: { page } }) => {
    await tokenScreen.enabled(page).check();
    await tokenScreen.save(page).click();
    await expect(status(page, `Saved: ${token.name} is enabled.`)).toBeVisible();
    expect(await api.get(token.id)).toMatchObject({ name: token.name, enabled: true });
  },
};

async function playSave(cell: Cell, row: Row, moment: Moment, change: Change): Promise<string> {
  const outcome = await playFirstSave(cell, row, moment, change);
  cell.proxy.release();
  await change.afterwards?.(cell);
  return outcome;
}

async function playFirstSave(cell: Cell, row: Row, moment: Moment, change: Change): Promise<string> {
  const { token, api, proxy } = cell;
  const { page } = cell.member;
  const open = async () => {
    await load(cell.member, row, at.token(token.id));
    await expect(heading(page, token.name)).toBeVisible();
    await change.make(page, cell);
  };
  const { name, enabled } = change.saved(cell);
  const expectSaved = async () => {
    await expect(status(page, `Saved`)).toContainText(words(name), PATIENCE);
    await expectNothingSaid(page);
    await expect(heading(page, name)).toBeVisible();
    expect(await api.get(token.id)).toMatchObject({ name, enabled, token: token.token });
  };
  const expectSentOnce = () => expect(sentTo(cell.member, "PATCH", ONE), "requests to save it").toBe(1);
  const saveAgain = async () => {
    await tokenScreen.save(page).click();
    await expectSaved();
  };

  await open();
  strike(cell, row, moment, { methods: ["PATCH"], path: ONE });
  await pressTwice(tokenScreen.save(page));

  if (row.means === "works" || moment === "after") {
    await expectSaved();
    expectSentOnce();
    return row.means === "works" ? "works" : "finds it saved";
  }
  if (row.means === "not signed in") {
    await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible();
    expectSentOnce();
    await change.expectMade(page, cell);
    await expectUntouched(cell);
    await signInAgain(cell);
    await expectSaved();
    return "signs in, goes on";
  }
  if (moment === "after, blind") {
    await expectSaid(page, "The changes may have been saved", {
      ...row,
      advice: /Reload the token to see what was saved/,
    });
    expectSentOnce();
    await change.expectMade(page, cell);
    proxy.release();
    await saveAgain();
    return "unknown, then finds it saved";
  }

  if (row.means === "open") {
    const said = alert(page).filter({ hasText: "The changes were not saved" });
    await expect(said).toContainText("the server still has the old values.", PATIENCE);
  } else {
    await expect(await expectSaid(page, "The changes were not saved", row)).toContainText(
      "Nothing was changed.",
    );
  }
  await cell.expectNoSecrets(page);
  expectSentOnce();
  await change.expectMade(page, cell);
  await expectUntouched(cell);
  proxy.release();
  if (row.isRemembered) {
    await expectBlocked(tokenScreen.save(page), /The server does not allow you to change this token/);
    // Not forever: the server is asked again, too.
    await page.getByRole("button", { name: "Reload token" }).click();
    await expectNotBlocked(tokenScreen.save(page));
    await change.make(page, cell);
  }
  await saveAgain();
  return row.means === "open" ? "finds it not saved, saves again" : "said, saves again";
}

async function playEdit(cell: Cell, row: Row, moment: Moment): Promise<string> {
  return playSave(cell, row, moment, rename);
}

async function playDisable(cell: Cell, row: Row, moment: Moment): Promise<string> {
  return playSave(cell, row, moment, disable);
}

async function playDelete(cell: Cell, row: Row, moment: Moment): Promise<string> {
  const { token, api, proxy } = cell;
  const { page } = cell.member;
  const { dialog, confirm } = deletionDialog(page, token.name);
  const open = async () => {
    await load(cell.member, row, at.token(token.id));
    await expect(heading(page, token.name)).toBeVisible();
    await tokenScreen.delete(page).click();
  };
  const expectGone = async (how: RegExp) => {
    await expect(status(page, token.name)).toContainText(how, PATIENCE);
    await expect(heading(page, "API tokens")).toBeVisible();
    await expect(dialog).toBeHidden();
    await expectNothingSaid(page);
    await expect(list.table(page)).toBeVisible();
    await expect(list.token(page, token.name)).toHaveCount(0);
    expect(await api.find(token.id)).toBeUndefined();
  };
  const expectSent = (times: number) =>
    expect(sentTo(cell.member, "DELETE", ONE), "requests to delete it").toBe(times);
  const deleted = words(`Deleted ${token.name} (ID ${token.id}).`);
  const goneAlready = words(`${token.name} (ID ${token.id}) was already gone.`);

  await open();
  strike(cell, row, moment, { methods: ["DELETE"], path: ONE });
  await pressTwice(confirm);

  if (row.means === "works" || moment === "after") {
    await expectGone(deleted);
    expectSent(row.attempts);
    return row.means === "works" ? "works" : "finds it deleted";
  }
  if (row.means === "not signed in") {
    await expect(page.getByRole("dialog", { name: "Sign in again" })).toBeVisible();
    expectSent(1);
    await expectUntouched(cell);
    await signInAgain(cell);
    await expectGone(deleted);
    return "signs in, goes on";
  }
  if (row.means === "not found") {
    // An intermediary claims that there is no such token, and the console cannot know better.
    await expect(status(page, goneAlready)).toBeVisible();
    expectSent(1);
    await expectUntouched(cell);
    proxy.release();
    await open();
    await confirm.click();
    await expectGone(deleted);
    return "takes it as gone";
  }
  if (moment === "after, blind") {
    await expectSaid(page, "The token may have been deleted", {
      ...row,
      advice: /You can safely try again/,
    });
    expectSent(row.attempts);
    await expect(dialog).toBeVisible();
    expect(await api.find(token.id)).toBeUndefined();
    proxy.release();
    await confirm.click();
    await expectGone(goneAlready);
    return "unknown, then finds it deleted";
  }

  if (row.means === "open") {
    const said = alert(dialog.page()).filter({ hasText: "The token was not deleted" });
    await expect(said).toContainText("the server still has it.", PATIENCE);
  } else {
    await expect(await expectSaid(page, "The token was not deleted", row)).toContainText(
      "Nothing was changed.",
    );
  }
  await expect(dialog).toBeVisible();
  await cell.expectNoSecrets(page);
  expectSent(row.attempts);
  await expectUntouched(cell);
  proxy.release();
  await confirm.click();
  await expectGone(deleted);
  return row.means === "open" ? "finds it not deleted, deletes again" : "said, deletes again";
}

/** A failed request for permissions does not concern the user: they may try, and the server decides. */
async function playQuestion(
  cell: Cell,
  row: Row,
  question: {
    readonly address: string;
    readonly target: Target;
    readonly shown: Locator;
    /** The control that depends on the response. */
    readonly offered: Locator;
    readonly refusal: RegExp;
    /** Tries what is offered. */
    readonly tryIt: () => Promise<void>;
    /** A screen that sends the same request again. */
    readonly addressAfterwards: string;
  },
): Promise<string> {
  const { page } = cell.member;
  const { target, offered } = question;
  const isAnswered = row.means === "works";
  // So that a response can be told from none.
  const refuse: Rule = {
    ...target,
    fault: { kind: "headers", headers: { allow: "OPTIONS, GET" } },
    strikes: "before the server",
  };
  await clearTheStage(cell.member);
  strike(cell, row, "before", target);
  await load(cell.member, row, question.address);
  if (row.means === "not signed in") {
    await signInAgain(cell);
  }
  await expect(question.shown).toBeVisible();
  await expect
    .poll(() => sentTo(cell.member, "OPTIONS", target.path), PATIENCE)
    .toBe(row.means === "not signed in" ? 2 : row.attempts);
  await expectNotBlocked(offered);
  await expectNothingSaid(page);
  await question.tryIt();

  cell.proxy.hold(refuse);
  await load(cell.member, row, question.addressAfterwards);
  await expectBlocked(offered, question.refusal);
  if (row.means === "not signed in") {
    return "signs in, goes on";
  }
  return isAnswered ? "works" : "unknown, may try";
}

async function playCollectionOptions(cell: Cell, row: Row): Promise<string> {
  const { newName, api } = cell;
  const { page } = cell.member;
  return playQuestion(cell, row, {
    address: at.tokens,
    target: { methods: ["OPTIONS"], path: COLLECTION },
    shown: list.token(page, cell.token.name),
    offered: list.newToken(page),
    refusal: /The server does not allow you to create tokens/,
    addressAfterwards: at.tokens,
    tryIt: async () => {
      await list.newToken(page).click();
      await creation.name(page).fill(newName);
      await creation.submit(page).click();
      await expect(heading(page, "Token created")).toBeVisible();
      expect(await api.named(newName)).toMatchObject({ owner_id: bob.id, enabled: true });
    },
  });
}

async function playTokenOptions(cell: Cell, row: Row): Promise<string> {
  const { token, api } = cell;
  const { page } = cell.member;
  return playQuestion(cell, row, {
    address: at.token(token.id),
    target: { methods: ["OPTIONS"], path: ONE },
    shown: heading(page, token.name),
    offered: tokenScreen.delete(page),
    refusal: /The server does not allow you to delete this token/,
    addressAfterwards: at.token(demoTokens.laptopOfBob.id),
    tryIt: async () => {
      await tokenScreen.delete(page).click();
      await deletionDialog(page, token.name).confirm.click();
      await expect(status(page, `Deleted ${token.name}`)).toBeVisible();
      expect(await api.find(token.id)).toBeUndefined();
    },
  });
}

async function playSignIn(cell: Cell, row: Row): Promise<string> {
  const { credential, proxy, stranger } = cell;
  const { page } = stranger;
  await page.goto(`/${at.signIn}`);
  await page.evaluate(() => sessionStorage.clear());
  await load(stranger, row, at.signIn);
  await signInForm.byToken(page).check();
  await signInForm.token(page).fill(credential);
  strike(cell, row, "before", {
    methods: ["GET", "OPTIONS"],
    path: new RegExp(`${ME.source}|${COLLECTION.source}`),
  });
  await pressTwice(signInForm.submit(page));
  const expectSignedIn = async () => {
    await expect(page.getByRole("banner")).toContainText(bob.name, PATIENCE);
    proxy.release();
    await expect(heading(page, "API tokens")).toBeVisible();
    await expect(list.table(page)).toBeVisible(PATIENCE);
    await expectNothingSaid(page);
  };
  if (row.means === "works") {
    await expectSignedIn();
    expect(sentTo(stranger, "GET", ME), "questions who one is").toBe(1);
    return "works";
  }
  const said = await expectSaid(page, "Sign-in failed", row);
  await expect(said).toBeVisible();
  expect(sentTo(stranger, "GET", ME), "questions who one is").toBe(Math.min(row.attempts, AT_SIGN_IN));
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(signInForm.token(page)).toHaveValue(credential);
  expect(await page.evaluate(() => sessionStorage.length), "what is kept of a sign-in that failed").toBe(0);
  proxy.release();
  await signInForm.submit(page).click();
  await expectSignedIn();
  return "said, signs in";
}

export const operations: readonly Operation[] = [
  { name: "list", writes: false, play: playList },
  { name: "read", writes: false, play: playRead },
  { name: "create", writes: true, play: playCreate },
  { name: "edit", writes: true, play: playEdit },
  { name: "enable/disable", writes: true, play: playDisable },
  { name: "delete", writes: true, play: playDelete },
  { name: "OPTIONS collection", writes: false, play: playCollectionOptions },
  { name: "OPTIONS one", writes: false, play: playTokenOptions },
  { name: "sign in", writes: false, play: playSignIn },
];
