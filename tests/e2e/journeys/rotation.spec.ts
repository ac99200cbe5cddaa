// Replacing a token's secret without downtime for its users.
import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, bob, carol, root } from "../support/personas.ts";
import { BOTH, confirm, expectTruth, handOver, look, ONLY_NEW, rotation } from "../support/rotation.ts";
import {
  expectBlocked,
  heading,
  list,
  openToken,
  signIn,
  signInWithToken,
  status,
  uniqueName,
} from "../support/screens.ts";

test("from a token's page to the end", async ({ page, api, secrets, expectNoSecrets }) => {
  const token = await api(alice).create(uniqueName("rotate"), { length: 40 });
  await signIn(page, alice, secrets);
  await openToken(page, token);
  await page.getByRole("button", { name: "Rotate token" }).click();
  await expect(heading(page, `Rotate ${token.name}`)).toBeFocused();
  await expectAccessible(page, "before a rotation");
  await rotation.begin(page).click();
  await expect(rotation.standing(page)).toHaveText(BOTH);
  const { old, fresh } = await look(api(alice), token);
  expect(old?.name).toMatch(/ \(rotated \d{4}-\d\d-\d\d\)$/);
  expect(fresh?.token).toHaveLength(40);
  await expect(rotation.step(page, /^Create the new token/)).toContainText("Done");
  await expect(rotation.step(page, /^Hand the new token over/)).toHaveAttribute("aria-current", "step");
  await expectBlocked(rotation.disable(page), /Copy or download the new token first/);
  await expectAccessible(page, "both tokens work");
  await expectNoSecrets(page);

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download .env" }).click();
  await download;
  await expectBlocked(rotation.disable(page), /Verify the new token first/);
  await rotation.verify(page).click();
  await expect(status(page, /” works: it acts for alice/)).toBeVisible();
  await rotation.disable(page).click();
  await expect(rotation.standing(page)).toHaveText(ONLY_NEW);
  expect((await look(api(alice), token)).old?.enabled).toBe(false);
  await expectAccessible(page, "the old token is disabled");

  await rotation.delete(page).click();
  await expectAccessible(page, "the question before the old token is deleted");
  await confirm(page, "Delete token");
  await expect(page.getByText(`“${token.name}” was rotated.`)).toBeVisible();
  await expectAccessible(page, "the end of a rotation");
  const end = await look(api(alice), token);
  expect(end.old).toBeUndefined();
  expect(end.fresh?.last_used).not.toBeNull();
  await page.getByRole("link", { name: "Open the token's page" }).click();
  await expect(heading(page, token.name)).toBeVisible();
  await api(alice).delete(end.fresh?.id ?? 0);
});

test("with the keyboard alone, there and back", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("rotate by keys"));
  await signIn(page, alice, secrets);
  await openToken(page, token);
  await page.getByRole("button", { name: "Rotate token" }).press("Enter");
  await expect(heading(page, `Rotate ${token.name}`)).toBeFocused();
  await rotation.begin(page).press("Enter");
  await expect(rotation.standing(page)).toHaveText(BOTH);
  await expect(heading(page, `Rotate ${token.name}`)).toBeFocused();
  await rotation.have(page).press("Enter");
  // The button is gone: the next step is announced.
  await expect(status(page, /^Copied or downloaded\. .* verify it\.$/)).toBeVisible();
  await rotation.verify(page).press("Enter");
  await expect(rotation.disable(page)).not.toHaveAttribute("aria-disabled");
  await rotation.disable(page).press("Enter");
  await expect(rotation.standing(page)).toHaveText(ONLY_NEW);
  // The button is gone; the focus is on the description of the current state.
  await expect(rotation.standing(page)).toBeFocused();
  await page.getByRole("button", { name: "Enable the old token again" }).press("Enter");
  await expect(rotation.standing(page)).toHaveText(BOTH);
  await rotation.undo(page).press("Enter");
  const question = page.getByRole("alertdialog", { name: `Undo the rotation of ${token.name}?` });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "the question before undoing");
  await page.keyboard.press("Escape");
  await expect(rotation.undo(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("The rotation was undone.")).toBeVisible();
  await expect(heading(page, `Rotate ${token.name}`)).toBeFocused();
  const { old, fresh } = await look(api(alice), token);
  expect(fresh).toBeUndefined();
  expect(old).toMatchObject({ name: token.name, enabled: true, token: token.token });
  await api(alice).delete(token.id);
});

test("a leaked token is refused from the first step on", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("leaked"));
  await signIn(page, alice, secrets);
  await page.goto(rotation.address(token.id));
  await page.getByRole("radio", { name: /^Leaked/ }).check();
  await expect(page.getByText("Whatever uses the token is refused")).toBeVisible();
  await expectAccessible(page, "before an urgent rotation");
  await rotation.begin(page).click();
  await expect(rotation.standing(page)).toContainText("The new token has not been handed over yet.");
  const { old, fresh } = await look(api(alice), token);
  expect([old?.enabled, fresh?.enabled]).toEqual([false, true]);
  await rotation.undo(page).click();
  await expect(page.getByRole("alertdialog")).toContainText("also for anyone it was leaked to");
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  await handOver(page);
  await rotation.keep(page).click();
  await expect(page.getByText(`“${token.name}” was rotated.`)).toBeVisible();
  for (const id of [token.id, fresh?.id ?? 0]) {
    await api(alice).delete(id);
  }
});

test("goes on after a reload at every step, and after another sign-in", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("rotate later"));
  await signIn(page, alice, secrets);
  await page.goto(rotation.address(token.id));
  await rotation.begin(page).click();
  await expect(rotation.standing(page)).toHaveText(BOTH);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await expectTruth(page, api(alice), token);
  await handOver(page);
  await page.reload();
  await expect(rotation.disable(page)).not.toHaveAttribute("aria-disabled");
  await page.getByRole("button", { name: "Sign out" }).click();

  // Another user on the same device does not see it.
  await signIn(page, bob, secrets);
  await expect(page.getByText("In rotation")).toHaveCount(0);
  await page.getByRole("button", { name: "Sign out" }).click();

  await signIn(page, alice, secrets);
  await list.search(page).fill(token.name);
  const row = list.table(page).getByRole("row").filter({ hasText: "In rotation" });
  await expect(row).toHaveCount(2);
  await list.token(page, token.name).click();
  await expect(status(page, "It is the new one")).toBeVisible();
  await expectAccessible(page, "a token in the middle of a rotation");
  await page.getByRole("link", { name: "Go to the rotation" }).click();
  await rotation.disable(page).click();
  await expect(rotation.standing(page)).toHaveText(ONLY_NEW);
  await page.reload();
  await expectTruth(page, api(alice), token);
  await rotation.delete(page).click();
  await confirm(page, "Delete token");
  await expect(page.getByText("was rotated.")).toBeVisible();
  const { old, fresh } = await look(api(alice), token);
  expect(old).toBeUndefined();
  await api(alice).delete(fresh?.id ?? 0);
});

test("the session's own token: the session goes on with the new one", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("own"));
  await signInWithToken(page, token.token, secrets);
  await page.goto(rotation.address(token.id));
  await expect(page.getByText("Before it is disabled, this session switches to the new one.")).toBeVisible();
  await rotation.begin(page).click();
  await expect(rotation.standing(page)).toHaveText(BOTH);
  const { fresh } = await look(api(alice), token);
  secrets.allowInSession(fresh?.token ?? "");
  await handOver(page);
  await rotation.disable(page).click();
  await expect(rotation.standing(page)).toHaveText(ONLY_NEW);
  secrets.disallowInSession(token.token);
  // The session continues with the new token, also after a reload.
  await page.reload();
  await expect(rotation.standing(page)).toHaveText(ONLY_NEW);
  await rotation.delete(page).click();
  await confirm(page, "Delete token");
  await expect(page.getByText("was rotated.")).toBeVisible();
  await page.getByRole("link", { name: "Open the token's page" }).click();
  await expect(page.getByText("This session", { exact: true })).toBeVisible();
  await api(alice).delete(fresh?.id ?? 0);
});

test("who may not delete keeps the old one, and can still take it back", async ({ page, api, secrets }) => {
  const token = await api(carol).create(uniqueName("rotate of carol"));
  await signIn(page, carol, secrets);
  await page.goto(rotation.address(token.id));
  await rotation.begin(page).click();
  await expect(rotation.standing(page)).toHaveText(BOTH);
  const { fresh } = await look(api(carol), token);
  await handOver(page);
  await rotation.disable(page).click();
  await expectBlocked(rotation.delete(page), /does not allow you to delete/);
  await rotation.undo(page).click();
  await expect(page.getByRole("alertdialog")).toContainText(
    "is disabled and renamed, since you are not allowed to delete it",
  );
  await confirm(page, "Undo rotation");
  await expect(page.getByText("The rotation was undone.")).toBeVisible();
  // Nothing else would tell her about it.
  await expect(page.getByText(/The new one stays, disabled: /)).toContainText(`(ID ${fresh?.id})`);
  expect(await api(carol).get(token.id)).toMatchObject({ name: token.name, enabled: true });
  expect(await api(root).get(fresh?.id ?? 0)).toMatchObject({ enabled: false });
  for (const id of [token.id, fresh?.id ?? 0]) {
    await api(root).delete(id);
  }
});

test("from the menu of a row", async ({ page, api, secrets }) => {
  const token = await api(alice).create(uniqueName("rotate from a row"));
  await signIn(page, alice, secrets);
  await list.search(page).fill(token.name);
  await page.getByRole("button", { name: `Actions for ${token.name}` }).click();
  await page.getByRole("menuitem", { name: "Rotate…" }).click();
  await expect(heading(page, `Rotate ${token.name}`)).toBeVisible();
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(heading(page, token.name)).toBeVisible();
  await api(alice).delete(token.id);
});
