// The stage for a cell of the matrix: one signed-in page per worker behind a proxy that fails on demand, and a fresh
// token per cell.
import { type BrowserContext, expect, type Page, type Request } from "@playwright/test";

import { Api, type Token } from "../support/api.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { test as base } from "../support/fixtures.ts";
import { bob, demoTokens } from "../support/personas.ts";
import { heading, signInByToken, uniqueName } from "../support/screens.ts";
import { Secrets } from "../support/secrets.ts";
import { defaultServerOptions } from "../support/server.ts";
import { Watch } from "../support/watch.ts";

/** A request as the page sent it, even if the browser repeated it on the wire. */
export interface Sent {
  readonly method: string;
  readonly path: string;
}

/** A page behind the proxy. */
export interface Actor {
  readonly page: Page;
  readonly watch: Watch;
  readonly sent: Sent[];
}

interface Stage {
  readonly proxy: FaultProxy;
  /** The API as Bob, bypassing the proxy. */
  readonly api: Api;
  /** The secret of the token that Bob signs in with. */
  readonly credential: string;
  /** Signed in as Bob. */
  readonly member: Actor;
  /** Not signed in. */
  readonly stranger: Actor;
}

export interface Cell extends Stage {
  /** A token of Bob's, for this cell only. */
  readonly token: Token;
  /** A name that no token has yet. */
  readonly newName: string;
  readonly expectNoSecrets: (page: Page) => Promise<void>;
}

export async function openActor(context: BrowserContext, origin: string): Promise<Actor> {
  // Each cell registers the secrets that it searches for.
  const watch = new Watch(origin, () => true);
  await watch.attach(context);
  const sent: Sent[] = [];
  context.on("request", (request: Request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/api/")) {
      sent.push({ method: request.method(), path: pathname });
    }
  });
  return { page: await context.newPage(), watch, sent };
}

/** The factor by which the console's time limits are shortened. */
const SHORTER = 10;

/**
 * Shortens the time limits of the console's requests, without its knowledge, in the document that `go` loads and in no
 * later one.
 */
export async function withShortLimits(page: Page, go: () => Promise<void>): Promise<void> {
  const client = await page.context().newCDPSession(page);
  await client.send("Page.enable");
  await client.send("Page.addScriptToEvaluateOnNewDocument", { source: shortenLimits(SHORTER) });
  await go();
  await client.detach();
}

/** The console's time limits for reading and for writing, in milliseconds; no other timers have these values. */
const LIMITS = [20_000, 40_000];

/** Returns a script that shortens the time limits of requests by a factor. */
export function shortenLimits(times: number): string {
  return `{
    const start = window.setTimeout.bind(window);
    const limits = ${JSON.stringify(LIMITS)};
    window.setTimeout = (act, milliseconds, ...rest) =>
      start(act, limits.includes(milliseconds) ? milliseconds / ${times} : milliseconds, ...rest);
  }`;
}

export const test = base.extend<{ cell: Cell }, { stage: Stage }>({
  stage: [
    async ({ browser, serverPool }, use) => {
      const server = await serverPool.get(defaultServerOptions);
      const proxy = await FaultProxy.start(server.origin);
      const { token: credential } = await new Api(server.origin, bob).get(demoTokens.laptopOfBob.id);
      const open = async () => openActor(await browser.newContext({ baseURL: proxy.origin }), proxy.origin);
      const [member, stranger] = [await open(), await open()];

      await member.page.goto("/sign-in");
      await signInByToken(member.page, credential);
      await expect(heading(member.page, "API tokens")).toBeVisible();

      await use({ proxy, api: new Api(server.origin, { token: credential }), credential, member, stranger });
      await member.page.context().close();
      await stranger.page.context().close();
      await proxy.stop();
    },
    { scope: "worker" },
  ],

  // The server's log is checked afterwards: whatever fails here, the server must not.
  cell: async ({ stage, server }, use) => {
    expect(server.origin).toBeTruthy();
    const { api, proxy, member, stranger } = stage;
    const before = [member.watch.trouble().length, stranger.watch.trouble().length];
    const token = await api.create(uniqueName("fault"));
    const newName = uniqueName("new");
    const secrets = new Secrets();
    secrets.addToken(token.name, token.token);
    secrets.addToken("bob-laptop", stage.credential);
    secrets.addPassword(bob);
    secrets.allowInSession(stage.credential);

    await use({
      ...stage,
      token,
      newName,
      expectNoSecrets: async (page) => {
        expect(await secrets.leaksOf(page), "secrets where they should not be").toEqual([]);
      },
    });

    proxy.release();
    const problems = [
      ...member.watch.trouble().slice(before[0]),
      ...stranger.watch.trouble().slice(before[1]),
      ...secrets.leaksIn([...member.watch.urls, ...stranger.watch.urls], "the address of a request"),
      ...secrets.leaksIn(member.watch.consoleTexts, "the browser's console"),
    ];
    expect(problems, "what went wrong behind the screen").toEqual([]);
    for (const { id, name } of await api.list()) {
      if (name.includes(token.name) || name.includes(newName)) {
        await api.delete(id);
      }
    }
  },
});
