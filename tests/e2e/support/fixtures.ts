// What every test gets: a server with demo data, a watched page, and the checks afterwards that hold
// for each of them.
import { expect, type Page, test as base } from "@playwright/test";

import { Api, type Token } from "./api.ts";
import { Interactions } from "./interactions.ts";
import { everybody, type Persona, root } from "./personas.ts";
import { Secrets } from "./secrets.ts";
import { defaultServerOptions, isFault, Server, type ServerOptions } from "./server.ts";
import { Watch } from "./watch.ts";

/** The servers of a worker: started when first asked for, stopped at its end. */
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

  /** All tokens of a server's demo data, as they were when this was first asked; not the made-up ones. */
  demoTokens(server: Server): Promise<Token[]> {
    const tokens = this.demo.get(server) ?? readAll(new Api(server.origin, root));
    this.demo.set(server, tokens);
    return tokens;
  }

  async stop(): Promise<void> {
    // Those that did not start have failed a test already.
    const servers = (await Promise.allSettled(this.started)).flatMap((start) =>
      start.status === "fulfilled" ? [start.value] : [],
    );
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** What `--demo-tokens` calls a token. */
const madeUp = / \d{5}$/;

async function readAll(api: Api): Promise<Token[]> {
  const tokens: Token[] = [];
  for (const { id, name } of await api.list()) {
    // Thousands of them: their secrets become known when the page receives them.
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
  /** To be set with `test.use`: which console, and where. */
  serverOptions: ServerOptions;
  /** To be set with `test.use`: a server of the test's own, for a test that changes the demo data. */
  freshServer: boolean;
  server: Server;
  /** The API beside the console, as one of the personas. */
  api: (persona: Persona) => Api;
  secrets: Secrets;
  watch: Watch;
  /** Looks for secrets at this moment of the test; the end of a test does so by itself. */
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
    // Their secrets are known (above), and no ID is given out twice.
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
      // A blank page has no storage to look into.
      if (open.url().startsWith("http")) {
        await expectNoSecrets(open);
      }
    }
    expect(watch.unexpected(), "what went wrong behind the screen").toEqual([]);
  },
});

export { expect } from "@playwright/test";
