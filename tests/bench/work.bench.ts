// Measures the most common actions on a slow processor: the time from a key to the next paint, and the long tasks until
// the result.
import type { Locator, Page } from "@playwright/test";

import { Api } from "../e2e/support/api.ts";
import { expect, test } from "../e2e/support/fixtures.ts";
import { root } from "../e2e/support/personas.ts";
import {
  at,
  created,
  deletionDialog,
  heading,
  list,
  signInByToken,
  tokenScreen,
} from "../e2e/support/screens.ts";
import { defaultServerOptions, Server } from "../e2e/support/server.ts";
import { median, milliseconds, report } from "./figures.ts";
import { takeInputs, takeLongTasks, watchInputs, watchLongTasks } from "./inputs.ts";
import { throttle } from "./throttle.ts";

/** The budget of the design, in milliseconds. */
const BUSY_MS = 50;

const ROUNDS = 5;
const TOKENS = 500;

/** Time for what screens do after they appear: details of rows, and cleaning up. */
const SETTLED_MS = 1_000;

class Act {
  readonly inputs: number[] = [];
  readonly longTasks: number[] = [];

  constructor(readonly name: string) {}

  /** Presses Enter on an element and waits for the expected result. */
  async press(page: Page, target: Locator, result: Locator): Promise<void> {
    await target.focus();
    await page.waitForTimeout(SETTLED_MS);
    await takeLongTasks(page);
    await watchInputs(page);
    await page.keyboard.press("Enter");
    await expect(result).toBeVisible();
    await page.waitForTimeout(SETTLED_MS);
    this.longTasks.push(...(await takeLongTasks(page)));
    const inputs = await takeInputs(page, 1);
    this.inputs.push(Math.max(...inputs));
  }

  print(): void {
    report(this.name, milliseconds(this.inputs));
    const longest = Math.max(0, ...this.longTasks);
    const each = (this.longTasks.length / ROUNDS).toFixed(1);
    report("  busy for more than 50 ms", `${each} times each, longest ${longest.toFixed(0)} ms`);
    expect.soft(median(this.inputs), this.name).toBeLessThanOrEqual(100);
    expect.soft(longest, `${this.name}: busy without a break`).toBeLessThanOrEqual(BUSY_MS);
  }
}

/** Uses CSS selectors: finding a role or a name makes the page compute styles during the measured time. */
const title = (page: Page, name: string) => page.locator("h1", { hasText: name });

/** Waits until the list of a page that was just loaded has been read completely. */
async function openList(page: Page): Promise<void> {
  await page.goto(at.tokens);
  await expect(list.position(page)).toHaveText(/ of \d+$/);
  await watchLongTasks(page);
}

test("opening, turning pages, creating, deleting", async ({ browser }) => {
  const server = await Server.start({ ...defaultServerOptions, demoTokens: TOKENS });
  const { token: secret } = await new Api(server.origin, root).get(1);
  const context = await browser.newContext({
    baseURL: server.origin,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  await page.goto(at.signIn);
  await signInByToken(page, secret);
  await expect(heading(page, "API tokens")).toBeVisible();
  process.stdout.write("\n");
  await throttle(page);

  const [open, turn, create, ask, remove] = [
    new Act("opening a token"),
    new Act("turning the page"),
    new Act("creating a token"),
    new Act("asking for its deletion"),
    new Act("deleting it"),
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    await openList(page);
    await turn.press(page, list.nextPage(page), page.locator("nav [role=status]", { hasText: /^Page 2: / }));
    const name = (await list.names(page).first().textContent()) ?? "";
    await open.press(page, list.names(page).first(), title(page, name));

    await openList(page);
    const fresh = `bench-${round}`;
    await list.newToken(page).press("Enter");
    await tokenScreen.name(page).fill(fresh);
    await create.press(
      page,
      page.getByRole("button", { name: "Create token" }),
      title(page, "Token created"),
    );
    // Otherwise leaving would ask about the secret.
    await created.copy(page).press("Enter");
    await expect(page.getByText(/^Copied/).first()).toBeVisible();
    await created.done(page).press("Enter");

    await page.goto(at.tokens);
    await list.search(page).fill(fresh);
    await list.token(page, fresh).press("Enter");
    await expect(heading(page, fresh)).toBeVisible();
    await watchLongTasks(page);
    const question = deletionDialog(page, fresh);
    await ask.press(page, tokenScreen.delete(page), page.locator("dialog[open]"));
    await remove.press(page, question.confirm, title(page, "API tokens"));
  }
  for (const act of [turn, open, create, ask, remove]) {
    act.print();
  }
  await context.close();
  await server.stop();
});
