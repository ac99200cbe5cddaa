// Working with a list of 2,500 tokens: the console itself searches, filters and pages, and the URL reflects what is
// shown.
import type { Page } from "@playwright/test";

import { Api, type ListedToken, type Token } from "../support/api.ts";
import { expectAccessible } from "../support/axe.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { demoTokens, root } from "../support/personas.ts";
import { at, heading, list, signInForm, status, tabTo, uniqueName } from "../support/screens.ts";
import { defaultServerOptions } from "../support/server.ts";

interface Catalogue {
  /** Signs in with root's token, which costs the server no password hash, and waits for the whole list. */
  readonly open: (page: Page, address?: string) => Promise<void>;
  /** The API as root, with a token for the same reason. */
  readonly api: Api;
}

const test = base.extend<{ catalogue: Catalogue }>({
  serverOptions: { ...defaultServerOptions, demoTokens: 2_500 },
  catalogue: async ({ server, secrets }, use) => {
    const { token } = await new Api(server.origin, root).get(demoTokens.rootDeploy.id);
    secrets.allowInSession(token);
    const open = async (page: Page, address: string = at.tokens) => {
      await page.goto(address);
      await signInForm.byToken(page).check();
      await signInForm.token(page).fill(token);
      await signInForm.submit(page).click();
      await expect(heading(page, "API tokens")).toBeVisible();
    };
    await use({
      open,
      api: new Api(server.origin, { token }, ({ name, token: secret }) => secrets.addToken(name, secret)),
    });
  },
});

function number(count: number): string {
  return count.toLocaleString("en-GB");
}

/** Expects the first page of the whole list, or of the matching tokens. */
async function expectPosition(page: Page, matches: number, all?: number): Promise<void> {
  const shown = Math.min(matches, 25);
  const words = `Page 1: tokens 1 to ${shown} of ${number(matches)}`;
  await expect(list.position(page)).toHaveText(
    all === undefined ? words : `${words} that match, of ${number(all)}`,
    { timeout: 30_000 },
  );
}

function matching(tokens: readonly ListedToken[], ...words: string[]): ListedToken[] {
  return tokens.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

async function read(api: Api, tokens: readonly ListedToken[]): Promise<Token[]> {
  const details: Token[] = [];
  for (const { id } of tokens) {
    details.push(await api.get(id));
  }
  return details;
}

test("search and filters narrow it down together, and the address keeps all of it", async ({
  page,
  context,
  catalogue: { open, api },
}) => {
  const all = await api.list();
  const found = matching(all, "münchen", "deploy");
  const disabled = (await read(api, found)).filter(({ enabled }) => !enabled);
  expect(disabled.length, "disabled tokens in the demo data").toBeGreaterThan(0);
  await open(page);
  await expectPosition(page, all.length);

  // As typed on a keyboard without ü.
  await list.search(page).fill("deploy MUNCHEN");
  await expectPosition(page, found.length, all.length);
  await expect(list.names(page)).toHaveText(found.slice(0, 25).map(({ name }) => name));
  await expect(list.table(page).locator("mark").first()).toHaveText("München");
  await expect(page).toHaveURL(/\?q=deploy\+MUNCHEN$/);

  await list.filter(page, "Status").selectOption("Disabled");
  await expectPosition(page, disabled.length, all.length);
  await expect(list.names(page)).toHaveText(disabled.slice(0, 25).map(({ name }) => name));
  await expect(list.table(page).getByText("Enabled", { exact: true })).toHaveCount(0);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  const byName = [...disabled].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  await expect(list.names(page)).toHaveText(byName.slice(0, 25).map(({ name }) => name));
  const address = page.url();
  const asked = new URL(address).searchParams;
  expect(Object.fromEntries(asked)).toEqual({ q: "deploy MUNCHEN", status: "disabled", sort: "name" });

  await page.reload();
  await expectPosition(page, disabled.length, all.length);
  await expect(list.names(page)).toHaveText(byName.slice(0, 25).map(({ name }) => name));
  await expect(list.search(page)).toHaveValue("deploy MUNCHEN");
  await expect(list.filter(page, "Status")).toHaveValue("disabled");

  await page.goBack();
  await expect(list.names(page)).toHaveText(disabled.slice(0, 25).map(({ name }) => name));
  await page.goBack();
  await expectPosition(page, found.length, all.length);
  await expect(list.filter(page, "Status")).toHaveValue("");

  // Another user with the URL sees the same after signing in.
  const other = await context.newPage();
  await open(other, address);
  await expect(other).toHaveURL(address);
  await expectPosition(other, disabled.length, all.length);
  await expect(list.names(other)).toHaveText(byName.slice(0, 25).map(({ name }) => name));
  await other.close();

  await page.getByRole("button", { name: "Clear filters" }).click();
  await expectPosition(page, all.length);
});

test("a token that someone else deleted meanwhile is gone for whoever opens it", async ({
  page,
  watch,
  catalogue: { open, api },
}) => {
  watch.expectStatus(404);
  const [first, second] = [await api.create(uniqueName("gone")), await api.create(uniqueName("gone"))];
  await open(page);
  await list.search(page).fill(first.name);
  await expect(list.names(page)).toHaveText([first.name]);
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);

  await api.delete(first.id);
  await list.token(page, first.name).click();
  await expect(heading(page, /not found/i)).toBeVisible();
  await page.goBack();
  await expect(list.search(page)).toHaveValue(first.name);
  await expect(page.getByRole("main")).toContainText("No tokens match.");

  // For another token, a refresh shows it.
  await list.search(page).fill(second.name);
  await expect(list.names(page)).toHaveText([second.name]);
  // Its details would show it as well, and sooner.
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);
  await api.delete(second.id);
  await list.refresh(page).click();
  await expect(status(page, /^Changed since the last load: .*1 no longer listed\.$/)).toBeVisible({
    timeout: 30_000,
  });
  await expect(page.getByRole("main")).toContainText("No tokens match.");
});

test.describe("with the demo data to itself", () => {
  test.use({ freshServer: true });

  test("a list that shifts while it is read is shown without a gap", async ({
    page,
    catalogue: { open, api },
  }) => {
    test.setTimeout(180_000);
    // No responses: rows of deleted tokens would disappear as soon as their details are requested.
    await page.route(/\/api\/v1\/api_tokens\/\d+$/, () => Promise.resolve());
    const all = await api.list();
    // Between pages, tokens that were already read are deleted: more than the overlap absorbs, and fewer.
    const shifts: [number, number][] = [
      [3, 40],
      [6, 3],
      [10, 120],
    ];
    const victims = all.filter(({ id }) => id !== demoTokens.rootDeploy.id).slice(0, 163);
    const gone = new Set(victims.map(({ id }) => id));
    const offsets: number[] = [];
    await page.route(/\/api\/v1\/api_tokens\/\?/, async (route) => {
      offsets.push(Number(new URL(route.request().url()).searchParams.get("offset")));
      const shift = shifts.find(([request]) => request === offsets.length);
      for (const { id } of victims.splice(0, shift?.[1] ?? 0)) {
        await api.delete(id);
      }
      await route.continue();
    });
    await open(page, `${at.tokens}?size=100`);
    // Tokens read before their deletion are still shown, since they have not been read again.
    await expect(list.position(page)).toHaveText(`Page 1: tokens 1 to 100 of ${number(all.length)}`, {
      timeout: 60_000,
    });
    expect(victims, "tokens that were to be deleted").toEqual([]);
    expect(
      offsets.some((offset, index) => offset < (offsets[index - 1] ?? 0)),
      "it went back",
    ).toBe(true);

    expect(await namesOfAllPages(page, all.length)).toEqual(all.map(({ name }) => name));

    await list.refresh(page).click();
    await expect(status(page, "Changed since the last load: 163 no longer listed.")).toBeVisible({
      timeout: 60_000,
    });
    const left = all.length - gone.size;
    await expect(list.position(page)).toContainText(`to ${number(left)} of ${number(left)}`);
  });
});

test("everything can be done from the keyboard", async ({ page, catalogue: { open, api } }) => {
  const all = await api.list();
  const found = matching(all, "grafana", "lab 2");
  await open(page);
  await expectPosition(page, all.length);

  await page.keyboard.press("/");
  await expect(list.search(page)).toBeFocused();
  await page.keyboard.type("grafana lab/n");
  await expect(page.getByRole("main")).toContainText("No tokens match.");
  for (let letters = "/n".length; letters > 0; letters -= 1) {
    await page.keyboard.press("Backspace");
  }
  await expectPosition(page, found.length, all.length);

  await tabTo(page, list.names(page).first(), STOPS_OF_A_PAGE);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(list.names(page).nth(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading(page, found[1]?.name ?? "")).toBeVisible();
  await page.goBack();
  await expectPosition(page, found.length, all.length);

  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await expectPosition(page, all.length);
  await expect(page).toHaveURL(/tokens$/);

  await tabTo(page, list.nextPage(page), STOPS_OF_A_PAGE);
  await page.keyboard.press("Enter");
  await expect(list.position(page)).toContainText("Page 2:");
  await expect(list.nextPage(page)).toBeFocused();
  await page.keyboard.press("n");
  await expect(heading(page, "New token")).toBeVisible();
});

/** Returns the names on all pages of 100 rows, starting at the first page. */
async function namesOfAllPages(page: Page, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let begin = 0; begin < count; begin += 100) {
    await expect(list.position(page)).toContainText(`tokens ${number(begin + 1)} to`);
    names.push(...(await list.names(page).allInnerTexts()));
    if (begin + 100 < count) {
      await list.nextPage(page).click();
    }
  }
  return names;
}

/** A page of 25 rows has three tab stops per row. */
const STOPS_OF_A_PAGE = 120;

test("is accessible with filters, while it says what they cost, and with nothing found", async ({
  page,
  catalogue: { open },
}) => {
  await open(page, `${at.tokens}?q=deploy+prod&status=enabled&sort=-name&size=50`);
  await expect(list.position(page)).toContainText("that match, of 2,5", { timeout: 30_000 });
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);
  await expectAccessible(page, "list, filtered");

  await list.search(page).fill("");
  await expect(status(page, /This needs the details of [\d,]+ more tokens/)).toBeVisible();
  await expectAccessible(page, "list, with the cost of a filter");
  await page.getByRole("button", { name: "Load details" }).click();
  await expect(status(page, "Loading the details.")).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("button", { name: "Load details" })).toBeVisible();

  await list.search(page).fill("nothing is called like this");
  await expect(page.getByRole("main")).toContainText("No tokens match.");
  await expectAccessible(page, "list, nothing found");
  await page.getByRole("button", { name: "Show all tokens" }).click();
  await expect(list.position(page)).toContainText("Page 1: tokens 1 to 50 of 2,5");
});
