// Fixtures of every test: a server with demo data, a watched page, and the checks that run after each test.
import { expect, type Page, test as base } from "@playwright/test";

import { Api, type Token } from "./api.ts";
import { Interactions } from "./interactions.ts";
import { everybody, type Persona, root } from "./personas.ts";
import { Secrets } from "./secrets.ts";
import { defaultServerOptions, isFault, Server, type ServerOptions } from "./server.ts";
import { Watch } from "./watch.ts";

/** The servers of a worker: started on demand, stopped at its end. */
class ServerPool {
  private readonly shared = new Map<string, Promise<Server>>();
  private readonly started: Promise<Server>[] = [];
  private readonly demo = new Map<Server, Promise<Token[]>>();

  get(options: ServerOptions): Promise<Server> {
    const key = JSON.stringify(options);
    const server = this.shared.get(key) ?? this.fresh(options);
    this.shared.set(key, server);
    return server;
  }

  fresh(options: ServerOptions): Promise<Server> {
    const server = Server.start(options);
    this.started.push(server);
    return server;
  }

  /** Returns all tokens of a server's demo data, as of the first call, without the made-up ones. */
  demoTokens(server: Server): Promise<Token[]> {
    const tokens = this.demo.get(server) ?? readAll(new Api(server.origin, root));
    this.demo.set(server, tokens);
    return tokens;
  }

  async stop(): Promise<void> {
    // Servers that did not start have already failed a test.
    const servers = (await Promise.allSettled(this.started)).flatMap((start) =>
      start.status === "fulfilled" ? [start.value] : [],
    );
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** The names that `--demo-tokens` gives to tokens. */
const madeUp = / \d{5}$/;

async function readAll(api: Api): Promise<Token[]> {
  const tokens: Token[] = [];
  for (const { id, name } of await api.list()) {
    // There are thousands; their secrets are registered when the page receives them.
    if (!madeUp.test(name)) {
      tokens.push(await api.get(id));
    }
  }
  return tokens;
}

interface WorkerFixtures {
  serverPool: ServerPool;
}

interface Fixtures {
  /** Set with `test.use`: which console, and where. */
  serverOptions: ServerOptions;
  /** Set with `test.use`: a server of its own, for a test that changes the demo data. */
  freshServer: boolean;
  server: Server;
  /** Returns the API as one of the personas, independently of the console. */
  api: (persona: Persona) => Api;
  secrets: Secrets;
  watch: Watch;
  /** Looks for secrets at this moment; this also happens automatically at the end of a test. */
  expectNoSecrets: (page: Page) => Promise<void>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  serverPool: [
    async ({}, use) => {
      const pool = new ServerPool();
      await use(pool);
      await pool.stop();
    },
    { scope: "worker" },
  ],

  serverOptions: [defaultServerOptions, { option: true }],
  freshServer: [false, { option: true }],

  server: async ({ serverPool, serverOptions, freshServer }, use) => {
    const server = await (freshServer ? serverPool.fresh(serverOptions) : serverPool.get(serverOptions));
    const before = server.lines.length;
    await use(server);
    const faults = server.lines.slice(before).filter(isFault);
    expect(faults, "panics, errors and answers from 500 on in the server's log").toEqual([]);
  },

  baseURL: async ({ server }, use) => {
    await use(server.consoleUrl);
  },

  secrets: async ({ serverPool, server }, use) => {
    const secrets = new Secrets();
    for (const persona of everybody) {
      secrets.addPassword(persona);
    }
    for (const token of await serverPool.demoTokens(server)) {
      secrets.addToken(token.name, token.token);
    }
    await use(secrets);
  },

  api: async ({ server, secrets }, use) => {
    await use(
      (persona) => new Api(server.origin, persona, ({ name, token }) => secrets.addToken(name, token)),
    );
  },

  watch: async ({ serverPool, server }, use) => {
    // Their secrets are known (above), and IDs are never reused.
    const demo = new Set((await serverPool.demoTokens(server)).map(({ id }) => id));
    await use(new Watch(server.origin, (id) => demo.has(id)));
  },

  expectNoSecrets: async ({ server, secrets, watch }, use) => {
    await use(async (page) => {
      for (const revealed of await Promise.all(watch.revealed)) {
        if (revealed) {
          secrets.addToken(revealed.name, revealed.secret);
        }
      }
      const leaks = [
        ...(await secrets.leaksOf(page)),
        ...secrets.leaksIn(watch.urls, "the address of a request"),
        ...secrets.leaksIn(watch.consoleTexts, "the browser's console"),
        ...secrets.leaksIn(server.lines, "the server's log"),
      ];
      expect(leaks, "secrets where they should not be").toEqual([]);
    });
  },

  page: async ({ context, watch, expectNoSecrets }, use, testInfo) => {
    await watch.attach(context);
    const interactions = new Interactions();
    await interactions.attach(context);
    const page = await context.newPage();
    await use(page);
    interactions.annotate(testInfo);
    for (const open of context.pages()) {
      // A blank page has no storage to search.
      if (open.url().startsWith("http")) {
        await expectNoSecrets(open);
      }
    }
    expect(watch.unexpected(), "what went wrong behind the screen").toEqual([]);
  },
});

export { expect } from "@playwright/test";
