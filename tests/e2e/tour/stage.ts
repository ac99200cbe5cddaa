// The fixture that takes a test to a stop.
import { Api } from "../support/api.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { admin, alice, bob, demoTokens, type Persona, root } from "../support/personas.ts";
import { at, completeSignIn, heading, signInByToken } from "../support/screens.ts";
import { defaultServerOptions, type ServerOptions } from "../support/server.ts";
import type { Stage, Stop } from "./stop.ts";

/** Different from the defaults, so that no other test leaves tokens on this server. */
const ordinary: ServerOptions = { ...defaultServerOptions, demoTokens: 0 };

/** More tokens than details are read for without asking, and more than one request returns. */
const many: ServerOptions = { ...defaultServerOptions, demoTokens: 300 };

/** Returns the options of `test.use` for a stop. */
export function optionsFor(stop: Stop): { serverOptions: ServerOptions } {
  return { serverOptions: stop.many ? many : ordinary };
}

/**
 * The tokens that personas sign in with, because a password costs the server a hash per request. Alice's is on her
 * second page, so "This session" is shown there and not on the first.
 */
const keys = new Map<Persona, number>([
  [root, demoTokens.rootDeploy.id],
  [admin, demoTokens.adminCi.id],
  [alice, demoTokens.lastOfAlice.id],
  [bob, demoTokens.laptopOfBob.id],
]);

interface Tour {
  /** Takes the page to a stop. */
  visit: (stop: Stop) => Promise<Stage>;
}

export const test = base.extend<Tour>({
  // Traces take nearly half of the time, and a stop can be reproduced by its name.
  trace: "off",

  visit: async ({ page, context, server, serverPool, secrets, watch, expectNoSecrets }, use) => {
    const demo = await serverPool.demoTokens(server);
    const keyOf = (persona: Persona) => demo.find(({ id }) => id === keys.get(persona))?.token;
    const api = (persona: Persona) => {
      const token = keyOf(persona);
      return new Api(server.origin, token === undefined ? persona : { token }, ({ name, token: secret }) =>
        secrets.addToken(name, secret),
      );
    };
    const signInAs = async (persona: Persona) => {
      const key = keyOf(persona);
      if (key === undefined) {
        await completeSignIn(page, persona, secrets);
        return;
      }
      secrets.allowInSession(key);
      await signInByToken(page, key);
      await expect(heading(page, "Sign in")).toBeHidden();
    };
    const before = new Set((await api(root).list()).map(({ id }) => id));

    await use(async (stop) => {
      const stage: Stage = {
        page,
        context,
        watch,
        secrets,
        api,
        enter: async (address) => {
          await page.goto(address ?? (stop.who ? at.tokens : at.signIn));
          if (stop.who) {
            await signInAs(stop.who);
          }
        },
        token: (name) => api(stop.who ?? alice).create(name),
      };
      await stop.go(stage);
      return stage;
    });

    // While the page is still as the stop left it.
    await expectNoSecrets(page);
    // Names must be free for the next stop.
    await page.goto("about:blank");
    for (const { id } of await api(root).list()) {
      if (!before.has(id)) {
        await api(root).delete(id);
      }
    }
  },
});

export { expect } from "../support/fixtures.ts";
