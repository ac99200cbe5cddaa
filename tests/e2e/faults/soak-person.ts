// A simulated user who presses whatever is available, while the network fails now and then.
import { expect, type Locator, type Page } from "@playwright/test";

import type { Api, Token } from "../support/api.ts";
import type { Fault, FaultProxy } from "../support/fault-proxy.ts";
import { demoTokens } from "../support/personas.ts";
import {
  created,
  deletionDialog,
  heading,
  list,
  signInByToken,
  signInForm,
  tokenScreen,
} from "../support/screens.ts";
import type { Random } from "./random.ts";
import { rows } from "./rows.ts";

const FAULTS: readonly Fault[] = rows.map(({ fault }) =>
  fault.kind === "slow" ? { ...fault, milliseconds: 300 } : fault,
);
const READS = ["GET", "OPTIONS"];
const WRITES = ["POST", "PATCH", "DELETE"];

/** How far the number of tokens may deviate from the initial one. */
const LEEWAY = 8;

type Screen = "sign in" | "list" | "new" | "created" | "token" | "elsewhere";

interface Action {
  readonly name: string;
  readonly weight: number;
  readonly on: readonly Screen[];
  readonly do: () => Promise<void>;
}

export class Person {
  private readonly done = new Map<string, number>();
  private readonly pending = new Set<unknown>();
  private readonly signInAgain: Locator;
  private readonly question: Locator;
  private faults = 0;
  private named = 0;
  private mayReload = true;

  constructor(
    private readonly page: Page,
    private readonly proxy: FaultProxy,
    private readonly api: Api,
    private readonly credential: string,
    private readonly random: Random,
    private tokens: number,
    private readonly aim = tokens,
  ) {
    this.signInAgain = page.getByRole("dialog", { name: "Sign in again" });
    this.question = page.getByRole("alertdialog");
    page.on("request", (request) => this.pending.add(request));
    page.on("requestfinished", (request) => this.pending.delete(request));
    page.on("requestfailed", (request) => this.pending.delete(request));
  }

  /** Performs one action, and compares what the console says with the server's state. */
  async act({ mayReload }: { mayReload: boolean }): Promise<void> {
    this.mayReload = mayReload;
    await this.answerDialogs();
    const screen = await this.screen();
    const choices = this.actions.filter(({ on }) => on.includes(screen));
    const action = this.weighted(choices);
    if (this.random.chance(0.25)) {
      this.breakSomething();
    }
    this.done.set(action.name, (this.done.get(action.name) ?? 0) + 1);
    try {
      await action.do();
      await this.settle();
    } catch (error) {
      throw new Error(`'${action.name}' on screen '${screen}': ${String(error)}`, { cause: error });
    } finally {
      this.proxy.release();
    }
  }

  /** Goes to the first page of the list, with everything loaded and nothing failing. */
  async rest(): Promise<void> {
    this.proxy.release();
    await this.answerDialogs();
    if ((await this.screen()) === "sign in") {
      await this.signIn();
    }
    await this.home();
    await expect(heading(this.page, "API tokens")).toBeVisible();
    await this.settle();
    await this.page.getByRole("button", { name: "Refresh" }).click();
    await this.settle();
    await expect(list.pages(this.page).getByRole("status")).toContainText("Page 1:");
    await expect(list.table(this.page).getByText("Loading")).toHaveCount(0);
    const dismiss = this.page.getByRole("button", { name: "Dismiss" });
    while (await dismiss.first().isVisible()) {
      await dismiss.first().click();
    }
    await expect(this.page.getByRole("alert").filter({ hasText: /\S/ })).toHaveCount(0);
  }

  /** Walks through the whole list, and compares each row with the server. */
  async expectPageAgreesWithServer(): Promise<void> {
    const expected: string[] = [];
    // The console sorts by ID, whatever the server's order is.
    for (const { id, name } of (await this.api.list()).sort((a, b) => a.id - b.id)) {
      const { enabled } = await this.api.get(id);
      expected.push(`${name} ${id} ${enabled ? "Enabled" : "Disabled"}`);
    }
    const shown: string[] = [];
    for (;;) {
      await expect(list.table(this.page).getByText("Loading")).toHaveCount(0);
      shown.push(
        ...(await list
          .table(this.page)
          .locator("tbody")
          .getByRole("row")
          .evaluateAll((rows) =>
            rows
              .map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent.trim()))
              .map(([, name, id, , status]) => `${name} ${id} ${status?.replace(/\s*This session$/, "")}`),
          )),
      );
      const next = list.nextPage(this.page);
      if ((await next.getAttribute("aria-disabled")) === "true") {
        break;
      }
      const before = await this.position();
      await next.click();
      await expect(list.pages(this.page).getByRole("status")).not.toHaveText(before);
      await this.settle();
    }
    expect(shown, "the list on the screen").toEqual(expected);
    expect(expected, "tokens on the server, by what the console has said").toHaveLength(this.tokens + 2);
  }

  summary(): string {
    const counts = [...this.done].map(([name, count]) => `${count} × ${name}`).join(", ");
    return `${this.faults} faults; ${counts}`;
  }

  private async screen(): Promise<Screen> {
    const path = new URL(this.page.url()).pathname;
    if (path === "/sign-in") {
      return "sign in";
    }
    if (path === "/tokens") {
      return "list";
    }
    if (path === "/tokens/new") {
      return (await heading(this.page, "Token created").isVisible()) ? "created" : "new";
    }
    return (await tokenScreen.save(this.page).isVisible()) ? "token" : "elsewhere";
  }

  /** Deals with whatever covers the page. */
  private async answerDialogs(): Promise<void> {
    if (await this.signInAgain.isVisible()) {
      await signInByToken(this.page, this.credential);
      await expect(this.signInAgain).toBeHidden();
      await this.settle();
    }
    if (await this.question.isVisible()) {
      await this.question
        .getByRole("button", { name: /Cancel|Leave/ })
        .first()
        .click();
      await expect(this.question).toBeHidden();
      // Going back in the history is asynchronous.
      await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
    }
  }

  private breakSomething(): void {
    const fault = this.random.pick(FAULTS);
    const isWrite = this.random.chance(0.5);
    const strikes = this.random.chance(0.5) ? "before the server" : "after the server";
    // The console believes a forged 404 in the API's format, so deletions do not get one.
    const isLie =
      fault.kind === "answer" &&
      fault.status === 404 &&
      fault.headers?.["content-type"] === "application/json";
    const methods = (isWrite ? WRITES : READS).filter((method) => !(isLie && method === "DELETE"));
    // A refusal comes before anything is done.
    const isRefusal = fault.kind === "answer" && fault.status >= 400 && fault.status < 500;
    this.proxy.hold({
      methods,
      path: /^\/api\//,
      fault,
      strikes: isRefusal ? "before the server" : strikes,
      times: this.random.pick([1, 1, 1, 2, 6]),
    });
    this.faults += 1;
  }

  /** Waits until nothing is in flight or shown as pending, or until the user must sign in again first. */
  private async settle(): Promise<void> {
    await expect
      .poll(async () => (await this.signInAgain.isVisible()) || (await this.isAtRest()), {
        timeout: 30_000,
        intervals: [20, 20, 50, 100],
        message: "the page comes to rest",
      })
      .toBe(true);
  }

  private async isAtRest(): Promise<boolean> {
    return (
      this.pending.size === 0 &&
      (await this.page.locator('[aria-busy="true"], .skeleton').count()) === 0 &&
      this.pending.size === 0
    );
  }

  private weighted(actions: readonly Action[]): Action {
    let left = this.random.next() * actions.reduce((sum, { weight }) => sum + weight, 0);
    for (const action of actions) {
      left -= action.weight;
      if (left < 0) {
        return action;
      }
    }
    return this.random.pick(actions);
  }

  private async home(): Promise<void> {
    await this.page.getByRole("link", { name: "Credential Manager" }).click();
    await this.arriveAt("API tokens");
  }

  /** Waits for a screen; with unsaved work, the console asks first. */
  private async arriveAt(name: string): Promise<void> {
    await expect(heading(this.page, name).or(this.question).first()).toBeVisible();
    await this.answerDialogs();
  }

  private async signIn(): Promise<void> {
    await signInByToken(this.page, this.credential);
  }

  private position(): Promise<string> {
    return list.pages(this.page).getByRole("status").innerText();
  }

  private newName(): string {
    this.named += 1;
    return `soak ${this.aim + this.named} ${this.random.pick(["plain", "ünïcödé", "<b>&amp;", "a'b\"c"])}`;
  }

  /** Returns the token on the screen, as the server has it. */
  private current(): Promise<Token> {
    return this.api.get(Number(/\d+$/.exec(this.page.url())?.[0]));
  }

  private async pressIfOffered(button: Locator): Promise<boolean> {
    if (!(await button.isVisible()) || (await button.getAttribute("aria-disabled")) === "true") {
      return false;
    }
    await button.click();
    return true;
  }

  /** Waits for one of these messages, the only ones that the console may show; returns which. */
  private async said(...words: RegExp[]): Promise<number> {
    const places = this.page
      .getByRole("status")
      .or(this.page.getByRole("alert"))
      .or(this.page.getByRole("heading"));
    await this.settle();
    if (await this.signInAgain.isVisible()) {
      this.proxy.release();
      await this.answerDialogs();
    }
    const texts = (await places.allInnerTexts()).join("\n");
    return words.findIndex((word) => word.test(texts));
  }

  private async create(): Promise<void> {
    const name = this.newName();
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    if (!(await this.pressIfOffered(this.page.getByRole("button", { name: "Create token" })))) {
      return;
    }
    const said = await this.said(
      /Token created/,
      /was created \(ID/,
      /was not created/,
      /The token may have been created/,
    );
    const count = (await this.api.list()).filter((token) => token.name === name).length;
    const allowed = [[1], [1], [0], [0, 1]][said];
    expect(allowed, `something is said about the creation of '${name}'`).toBeDefined();
    expect(allowed, `tokens called '${name}' after answer ${said}`).toContain(count);
    this.tokens += count;
  }

  private async change(make: () => Promise<Partial<Token>>): Promise<void> {
    const before = await this.current();
    if (before.id === demoTokens.laptopOfBob.id) {
      return;
    }
    const wanted = await make();
    if (!(await this.pressIfOffered(tokenScreen.save(this.page)))) {
      return;
    }
    // Failures first: a message about an earlier save may still be shown next to them.
    const said = await this.said(
      /were not saved|Nothing was saved/,
      /The changes may have been saved/,
      /Saved/,
      /There are no changes to save/,
    );
    const now = await this.api.get(before.id);
    const { name, enabled } = before;
    const allowed = [[{ name, enabled }], [{ name, enabled }, wanted], [wanted], [{ name, enabled }]][said];
    expect(allowed, `something is said about the change of '${name}'`).toBeDefined();
    expect(
      allowed?.map((values) => ({ ...now, ...values })),
      `'${name}' after answer ${said}`,
    ).toContainEqual(now);
  }

  private async delete(): Promise<void> {
    const before = await this.current();
    if (before.id === demoTokens.laptopOfBob.id || before.id === demoTokens.disabledOfBob.id) {
      return;
    }
    if (this.tokens < this.aim - LEEWAY || !(await this.pressIfOffered(tokenScreen.delete(this.page)))) {
      return;
    }
    const { dialog, confirm } = deletionDialog(this.page, before.name);
    await expect(dialog).toBeVisible();
    await confirm.click();
    const said = await this.said(
      /was not deleted/,
      /The token may have been deleted/,
      /Deleted .* \(ID|was already gone/,
    );
    const isThere = (await this.api.find(before.id)) !== undefined;
    const allowed = [[true], [true, false], [false]][said];
    expect(allowed, `something is said about the deletion of '${before.name}'`).toBeDefined();
    expect(allowed, `'${before.name}' is there after answer ${said}`).toContain(isThere);
    this.tokens -= isThere ? 0 : 1;
  }

  private readonly actions: readonly Action[] = [
    { name: "sign in", weight: 1, on: ["sign in"], do: () => this.signIn() },
    {
      name: "type nonsense to sign in",
      weight: 0.3,
      on: ["sign in"],
      do: async () => {
        await signInForm.byToken(this.page).check();
        await signInForm.token(this.page).fill("no such token");
        await signInForm.submit(this.page).click();
      },
    },
    {
      name: "next page",
      weight: 2,
      on: ["list"],
      do: async () => void (await this.pressIfOffered(list.nextPage(this.page))),
    },
    {
      name: "previous page",
      weight: 1,
      on: ["list"],
      do: async () => void (await this.pressIfOffered(list.previousPage(this.page))),
    },
    {
      name: "refresh",
      weight: 1,
      on: ["list"],
      do: async () => void (await this.pressIfOffered(this.page.getByRole("button", { name: "Refresh" }))),
    },
    {
      name: "open a token",
      weight: 8,
      on: ["list"],
      do: async () => {
        const names = await list.names(this.page).all();
        if (names.length > 0) {
          await this.random.pick(names).click();
        }
      },
    },
    {
      name: "open by ID",
      weight: 1,
      on: ["list"],
      do: async () => {
        await this.page.getByLabel("Open by ID").fill(String(this.random.below(120)));
        await this.page.getByLabel("Open by ID").press("Enter");
      },
    },
    {
      name: "new token",
      weight: 3,
      on: ["list"],
      do: async () => {
        if (this.tokens < this.aim + LEEWAY) {
          await this.pressIfOffered(list.newToken(this.page));
        }
      },
    },
    { name: "create", weight: 6, on: ["new"], do: () => this.create() },
    {
      name: "cancel",
      weight: 1,
      on: ["new"],
      do: async () => {
        await this.page.getByRole("link", { name: "Cancel" }).click();
        await this.arriveAt("API tokens");
      },
    },
    {
      name: "show the secret",
      weight: 2,
      on: ["token", "created"],
      do: async () => void (await this.pressIfOffered(tokenScreen.show(this.page))),
    },
    {
      name: "hide the secret",
      weight: 1,
      on: ["token", "created"],
      do: async () => void (await this.pressIfOffered(tokenScreen.hide(this.page))),
    },
    {
      name: "copy the secret",
      weight: 1,
      on: ["token", "created"],
      do: async () => void (await this.pressIfOffered(tokenScreen.copy(this.page))),
    },
    { name: "done", weight: 2, on: ["created"], do: () => created.done(this.page).click() },
    {
      name: "rename",
      weight: 3,
      on: ["token"],
      do: () =>
        this.change(async () => {
          const name = this.newName();
          const field = tokenScreen.name(this.page);
          if ((await field.getAttribute("readonly")) === null) {
            await field.fill(name);
          }
          return { name: await field.inputValue() };
        }),
    },
    {
      name: "enable or disable",
      weight: 3,
      on: ["token"],
      do: () =>
        this.change(async () => {
          const toggle = tokenScreen.enabled(this.page);
          await toggle.click();
          return { enabled: await toggle.isChecked() };
        }),
    },
    { name: "delete", weight: 2.5, on: ["token"], do: () => this.delete() },
    {
      name: "back to the list",
      weight: 3,
      on: ["token", "new", "created", "elsewhere"],
      do: () => this.home(),
    },
    {
      name: "history back",
      weight: 1,
      on: ["token", "elsewhere"],
      do: () => this.page.evaluate(() => history.back()),
    },
    {
      name: "try again",
      weight: 3,
      on: ["list", "elsewhere"],
      do: async () =>
        void (await this.pressIfOffered(this.page.getByRole("button", { name: "Try again" }).first())),
    },
    {
      name: "load the token again",
      weight: 0.5,
      on: ["token"],
      do: async () =>
        void (await this.pressIfOffered(this.page.getByRole("button", { name: "Reload token" }).first())),
    },
    {
      name: "reload",
      weight: 0.5,
      on: ["list", "token", "new", "elsewhere"],
      do: async () => {
        if (this.mayReload) {
          await this.page.reload();
        }
      },
    },
    {
      name: "sign out",
      weight: 0.3,
      on: ["list", "token"],
      do: async () => {
        await this.page.getByRole("button", { name: "Sign out" }).click();
        await this.arriveAt("Sign in");
      },
    },
  ];
}
