// Everything that the console does, with a Credential Manager as observed in practice, on the same origin.
import { admin, alice, bob, carol, dave, demoTokens, root } from "../support/personas.ts";
import { BOTH, confirm, handOver, ONLY_NEW, rotation } from "../support/rotation.ts";
import {
  alert,
  at,
  created,
  expectBlocked,
  heading,
  list,
  notPermitted,
  openToken,
  signIn,
  signInByToken,
  signInToList,
  signInWithToken,
  status,
  submitPassword,
  tokenScreen,
} from "../support/screens.ts";
import { deleteIt, liveUntilDeletion } from "../support/token-life.ts";
import { expect, test } from "./stage.ts";

test("alice: the whole life of a token", async ({ page, api, secrets, expectNoSecrets }) => {
  await signIn(page, alice, secrets);
  const stage = { page, api: api(alice), secrets, expectNoSecrets };
  await deleteIt(stage, await liveUntilDeletion(stage, alice));
});

test("root: the whole life of a token", async ({ page, api, secrets, expectNoSecrets }) => {
  await signIn(page, root, secrets);
  const stage = { page, api: api(root), secrets, expectNoSecrets };
  await deleteIt(stage, await liveUntilDeletion(stage, root));
});

test("carol: a life that she cannot end", async ({ page, api, secrets, expectNoSecrets, manager }) => {
  await signIn(page, carol, secrets);
  const token = await liveUntilDeletion({ page, api: api(carol), secrets, expectNoSecrets }, carol);
  await expectBlocked(tokenScreen.delete(page), notPermitted);
  expect(manager.row(token.id)).toBeDefined();
});

test("dave is not active", async ({ page, watch }) => {
  watch.expectStatus(401);
  await page.goto(at.signIn);
  await submitPassword(page, dave.name, dave.password);
  await expect(alert(page)).toContainText(/not accept/);
});

test("an admin sees that there is a token of root's, and no more of it", async ({ page, secrets, watch }) => {
  watch.expectStatus(403);
  await signIn(page, admin, secrets);
  await list.token(page, demoTokens.rootDeploy.name).click();
  await expect(page.getByRole("main")).toContainText(notPermitted);
  await expect(tokenScreen.show(page)).toHaveCount(0);
});

test("no token is missed and none is there twice while all of them move", async ({
  page,
  secrets,
  manager,
}) => {
  for (let number = 1; number <= 700; number += 1) {
    const { name, token } = manager.add(alice, `many ${number}`);
    secrets.addToken(name, token);
  }
  // Other users use their tokens, which moves these to the end; so does every request with the session's own token.
  let next = 0;
  manager.beforeEachPage = () => {
    for (let moved = 0; moved < 4; moved += 1) {
      next = (next * 7 + 31) % manager.all.length;
      manager.write(manager.all[next]?.id ?? 0, {});
    }
  };
  const own = manager.named(demoTokens.firstOfAlice.name);
  await signInWithToken(page, own.token, secrets);
  const expected = manager.namesOf(alice);
  await expect(list.position(page)).toHaveText(`Page 1: tokens 1 to 25 of ${expected.length}`);
  await page.goto("tokens?size=100");
  await expect(list.position(page)).toHaveText(`Page 1: tokens 1 to 100 of ${expected.length}`);
  const shown: string[] = [];
  for (const first of Array.from({ length: Math.ceil(expected.length / 100) }, (_, page) => page * 100)) {
    const count = Math.min(100, expected.length - first);
    await expect(list.position(page)).toContainText(`tokens ${first + 1} to ${first + count} of`);
    await expect(list.names(page)).toHaveCount(count);
    shown.push(...(await list.names(page).allTextContents()));
    await list.nextPage(page).click({ force: true });
  }
  expect(shown.sort()).toEqual([...expected].sort());
});

test("details are asked for a few at a time, fewer with a password", async ({ page, secrets, manager }) => {
  await signIn(page, alice, secrets);
  await expect(list.table(page).getByText("Enabled")).toHaveCount(25);
  await page.getByRole("button", { name: "Sign out" }).click();
  secrets.disallowInSession(alice.password);
  const own = manager.named(demoTokens.firstOfAlice.name);
  await signInWithToken(page, own.token, secrets);
  await expect(list.table(page).getByText("Enabled")).toHaveCount(25);
  // How many of the concurrent requests overlap on the server depends on the machine.
  expect([1, 2]).toContain(manager.most.password);
  expect([2, 3, 4]).toContain(manager.most.token);
});

test("a token that is disabled is listed no more, and is found again", async ({ page, secrets, manager }) => {
  const { id, name } = manager.named("alice-token-07");
  await signIn(page, alice, secrets);
  await openToken(page, { id, name });
  await tokenScreen.enabled(page).uncheck();
  await tokenScreen.save(page).click();
  await expect(status(page, "is disabled")).toBeVisible();
  await page
    .getByRole("link", { name: /API tokens/ })
    .first()
    .click();
  await expect(list.position(page)).toHaveText("Page 1: tokens 1 to 25 of 44");
  await page.getByRole("region", { name: "Recently disabled" }).getByRole("link", { name }).click();
  await expect(heading(page, name)).toBeVisible();
  await expect(tokenScreen.enabled(page)).not.toBeChecked();

  await page.goto(at.tokens);
  await page.getByLabel("Open by ID").fill(String(id));
  await page.getByLabel("Open by ID").press("Enter");
  await expect(heading(page, name)).toBeVisible();
});

test("a test that does not hold is a conflict, although the server says 500 and null", async ({
  page,
  secrets,
  manager,
  watch,
}) => {
  const { id, name } = manager.named("alice-token-09");
  await signIn(page, alice, secrets);
  await openToken(page, { id, name });
  manager.write(id, { name: "theirs" });
  watch.expectFailures();
  await tokenScreen.name(page).fill("mine");
  await tokenScreen.save(page).click();
  await expect(alert(page)).toContainText("Name: the server has “theirs”, you have “mine”.");
  expect(manager.row(id)?.name).toBe("theirs");
  await page.getByRole("button", { name: "Keep my name" }).click();
  await tokenScreen.save(page).click();
  await expect(status(page, "Saved mine")).toBeVisible();
  expect(manager.row(id)?.name).toBe("mine");
});

test("a name that is taken", async ({ page, secrets, manager, watch }) => {
  watch.expectStatus(409);
  await signIn(page, alice, secrets);
  await page.goto(at.newToken);
  await page.getByLabel("Name", { exact: true }).fill("alice-token-01");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/This name is taken/);

  const { id, name } = manager.named("alice-token-02");
  await page.goto(at.token(id));
  await expect(heading(page, name)).toBeVisible();
  await tokenScreen.name(page).fill("alice-token-01");
  await tokenScreen.save(page).click();
  await expect(tokenScreen.name(page)).toHaveAccessibleDescription(/already has a token with this name/);
});

test("a token without a name, which the server allows, can be opened and named", async ({
  page,
  secrets,
  manager,
}) => {
  const { id } = manager.named("alice-token-01");
  manager.write(id, { name: "" });
  await signIn(page, alice, secrets);
  await list.search(page).fill(String(id));
  await list.names(page).first().click();
  await expect(tokenScreen.name(page)).toHaveValue("");
  await tokenScreen.name(page).fill("named again");
  await tokenScreen.save(page).click();
  await expect(heading(page, "named again")).toBeVisible();
  expect(manager.row(id)?.name).toBe("named again");
});

test("an owner is chosen by an admin, and the length arrives", async ({ page, secrets, manager, watch }) => {
  // The details of root's token.
  watch.expectStatus(403);
  await signIn(page, admin, secrets);
  await page.goto(at.newToken);
  await page.getByLabel("Name", { exact: true }).fill("for carol");
  await page.getByLabel("Owner", { exact: true }).selectOption({ label: "carol (ID 5)" });
  await page.getByRole("textbox", { name: "Length" }).fill("128");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(heading(page, "Token created")).toBeVisible();
  const made = manager.named("for carol");
  expect(made).toMatchObject({ owner_id: carol.id });
  expect(made.token).toHaveLength(128);
  await created.done(page).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await expect(heading(page, "API tokens")).toBeVisible();
});

test("a rotation, from the beginning to the end", async ({ page, secrets, manager }) => {
  const before = manager.named("alice-token-20");
  await signIn(page, alice, secrets);
  await page.goto(rotation.address(before.id));
  await rotation.begin(page).click();
  await expect(rotation.standing(page)).toHaveText(BOTH);
  const fresh = manager.named("alice-token-20");
  expect(fresh.id).not.toBe(before.id);
  await page.reload();
  await expect(rotation.standing(page)).toHaveText(BOTH);
  await handOver(page);
  await rotation.disable(page).click();
  await expect(rotation.standing(page)).toHaveText(ONLY_NEW);
  await rotation.delete(page).click();
  await confirm(page, "Delete token");
  await expect(page.getByText("“alice-token-20” was rotated.")).toBeVisible();
  expect(manager.row(before.id)).toBeUndefined();
  expect(manager.row(fresh.id)).toMatchObject({ enabled: true, name: "alice-token-20" });
});

test("many at once: disabled, and deleted although they are listed no more", async ({
  page,
  secrets,
  manager,
}) => {
  const own = manager.named(demoTokens.laptopOfBob.name);
  const ids = Array.from({ length: 30 }, (_, number) => {
    const { id, name, token } = manager.add(bob, `bulk ${number}`);
    secrets.addToken(name, token);
    return id;
  });
  await signInWithToken(page, own.token, secrets);
  await expect(list.position(page)).toContainText("of 31");
  const results = page.getByRole("region", { name: "Bulk action" });
  const question = page.getByRole("alertdialog");
  const all = async (act: string, confirm = async () => {}) => {
    await page.getByRole("checkbox", { name: "Select this page" }).check();
    await page.getByRole("button", { name: /^Select all \d+/ }).click();
    await page.getByRole("region", { name: "Selection" }).getByRole("button", { name: act }).click();
    await confirm();
    await question.getByRole("button", { name: `${act} 30 tokens` }).click();
  };
  await all("Disable");
  await expect(results).toContainText("Disabled 30 tokens");
  expect(ids.filter((id) => manager.row(id)?.enabled)).toEqual([]);
  expect(manager.row(own.id)?.enabled, "the session's own token").toBe(true);
  await results.getByRole("button", { name: "Dismiss" }).click();
  // They are still on the screen, but the server no longer lists them.
  await all("Delete", () => question.getByLabel("How many tokens will be deleted?").fill("30"));
  await expect(results).toContainText("Deleted 30 tokens");
  expect(ids.filter((id) => manager.row(id))).toEqual([]);
});

test("a session whose token was disabled goes on with another", async ({ page, secrets, manager, watch }) => {
  watch.expectStatus(401);
  const own = manager.named("alice-token-03");
  await signInToList(page, own.token, secrets);
  manager.write(own.id, { enabled: false });
  await list.refresh(page).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  const other = manager.named("alice-token-04");
  secrets.disallowInSession(own.token);
  secrets.allowInSession(other.token);
  await signInByToken(page, other.token);
  await expect(dialog).toBeHidden();
  await expect(list.position(page)).toContainText("of 44");
});
