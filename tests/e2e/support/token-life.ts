// The complete life cycle of a token, in one place; personas differ only in how it ends.
import { expect, type Page, test } from "@playwright/test";

import type { Api, Token } from "./api.ts";
import type { Persona } from "./personas.ts";
import {
  created,
  deletionDialog,
  findInList,
  heading,
  list,
  status,
  tokenScreen,
  uniqueName,
} from "./screens.ts";
import type { Secrets } from "./secrets.ts";

interface Stage {
  readonly page: Page;
  /** The API as the persona itself. */
  readonly api: Api;
  readonly secrets: Secrets;
  readonly expectNoSecrets: (page: Page) => Promise<void>;
}

/**
 * Starts at the list: creates a token, copies its secret, finds it again, renames, disables and enables it. Ends on the
 * token's screen.
 */
export async function liveUntilDeletion(stage: Stage, persona: Persona): Promise<Token> {
  const name = uniqueName(`life of ${persona.name}`);
  const token = await create(stage, persona, name);
  await takeSecret(stage, token);
  await findAgain(stage, token);
  const renamed = await rename(stage, token);
  await disableAndEnable(stage, renamed);
  return renamed;
}

async function create({ page, api }: Stage, persona: Persona, name: string): Promise<Token> {
  return test.step("create", async () => {
    await list.newToken(page).click();
    await expect(heading(page, "New token")).toBeVisible();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Create token" }).click();
    await expect(heading(page, "Token created")).toBeVisible();

    const token = await api.named(name);
    expect(token).toMatchObject({ name, owner_id: persona.id, enabled: true, last_used: null });
    expect(token.token).toHaveLength(32);
    return token;
  });
}

async function takeSecret({ page, secrets, expectNoSecrets }: Stage, token: Token): Promise<void> {
  await test.step("take the secret", async () => {
    await expectNoSecrets(page);
    secrets.allow(token.token);
    await created.show(page).click();
    await expect(created.secret(page)).toHaveValue(token.token);
    await created.copy(page).click();
    await expect(status(page, /copied/i)).toBeVisible();
    await created.done(page).click();
    secrets.disallow(token.token);
    await expect(heading(page, "API tokens")).toBeVisible();
    await expectNoSecrets(page);
  });
}

async function findAgain({ page, secrets, expectNoSecrets }: Stage, token: Token): Promise<void> {
  await test.step("find it again, and its secret hidden", async () => {
    await (await findInList(page, token.name)).click();
    await expect(heading(page, token.name)).toBeVisible();
    await expect(tokenScreen.enabled(page)).toBeChecked();
    await expectNoSecrets(page);

    secrets.allow(token.token);
    await tokenScreen.show(page).click();
    await expect(tokenScreen.secret(page)).toHaveValue(token.token);
    await tokenScreen.hide(page).click();
    secrets.disallow(token.token);
    await expect(tokenScreen.show(page)).toBeVisible();
    await expectNoSecrets(page);
  });
}

async function rename({ page, api }: Stage, token: Token): Promise<Token> {
  return test.step("rename", async () => {
    const name = `${token.name} renamed`;
    await tokenScreen.name(page).fill(name);
    await tokenScreen.save(page).click();
    await expect(heading(page, name)).toBeVisible();
    await expect(status(page, `Saved ${name}`)).toBeVisible();
    expect(await api.get(token.id)).toMatchObject({ name, enabled: true, token: token.token });
    return { ...token, name };
  });
}

async function disableAndEnable({ page, api }: Stage, token: Token): Promise<void> {
  for (const enabled of [false, true]) {
    await test.step(enabled ? "enable" : "disable", async () => {
      await tokenScreen.enabled(page).setChecked(enabled);
      await tokenScreen.save(page).click();
      await expect.poll(async () => (await api.get(token.id)).enabled).toBe(enabled);
      await expect(tokenScreen.enabled(page)).toBeChecked({ checked: enabled });
      await page.reload();
      await expect(tokenScreen.enabled(page)).toBeChecked({ checked: enabled });
    });
  }
}

/** Starts at the token's screen: cancels the confirmation dialog twice, then deletes the token. */
export async function deleteIt({ page, api }: Pick<Stage, "page" | "api">, token: Token): Promise<void> {
  await test.step("delete", async () => {
    const { dialog, confirm, cancel } = deletionDialog(page, token.name);

    await tokenScreen.delete(page).click();
    await expect(cancel).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(tokenScreen.delete(page)).toBeFocused();

    await tokenScreen.delete(page).click();
    await cancel.click();
    await expect(dialog).toBeHidden();
    expect(await api.find(token.id)).toBeDefined();

    await tokenScreen.delete(page).click();
    await confirm.click();
    await expect(heading(page, "API tokens")).toBeVisible();
    await expect(status(page, `Deleted ${token.name}`)).toBeVisible();
    expect(await api.find(token.id)).toBeUndefined();
    expect((await api.list()).map(({ id }) => id)).not.toContain(token.id);
  });
}
