// The console with an observed Credential Manager: on the same origin, where `credmgr-server --upstream` forwards the
// API, or on another one.
import { expect, test as base } from "../support/fixtures.ts";
import { admin, alice, bob, carol, everybody, root } from "../support/personas.ts";
import { Secrets } from "../support/secrets.ts";
import { defaultServerOptions, Server } from "../support/server.ts";
import { serveConsole } from "../support/site.ts";
import { Watch } from "../support/watch.ts";
import { CredentialManager, type Release, today } from "./credential-manager.ts";

interface Fixtures {
  /** Set with `test.use`. */
  release: Release;
  /** Set with `test.use`: whether the console has its own origin. */
  isElsewhere: boolean;
  manager: CredentialManager;
}

export const test = base.extend<Fixtures>({
  release: [today, { option: true }],
  isElsewhere: [false, { option: true }],

  manager: async ({ release }, use) => {
    const manager = await CredentialManager.start(release);
    fill(manager);
    await use(manager);
    manager.stop();
    expect(manager.faults, "what requests may not have").toEqual([]);
  },

  // It may forward a 500: those of the Credential Manager are not faults of this server.
  server: async ({ manager }, use) => {
    const server = await Server.start({ ...defaultServerOptions, upstream: manager.origin });
    await use(server);
    await server.stop();
  },

  secrets: async ({ manager }, use) => {
    const secrets = new Secrets();
    everybody.forEach((persona) => secrets.addPassword(persona));
    manager.all.forEach(({ name, token }) => secrets.addToken(name, token));
    await use(secrets);
  },

  baseURL: async ({ manager, release, isElsewhere, server }, use) => {
    if (!isElsewhere) {
      return use(server.consoleUrl);
    }
    const settings = { "api-base": `${manager.origin}/api/v1`, "token-header": release.tokenHeader };
    const console = await serveConsole(server.origin, settings, (policy) =>
      policy.replace("connect-src 'self'", `$& ${manager.origin}`),
    );
    await use(`${console.origin}/`);
    console.stop();
  },

  watch: async ({ baseURL, manager }, use) => {
    await use(new Watch([new URL(baseURL ?? "").origin, manager.origin]));
  },
});

/** The users and tokens of the demo data. */
function fill(manager: CredentialManager): void {
  manager.add(root, "root-deploy");
  for (const name of ["admin-ci", "admin-backup", "admin-monitor"]) {
    manager.add(admin, name);
  }
  for (let number = 1; number <= 45; number += 1) {
    manager.add(alice, `alice-token-${String(number).padStart(2, "0")}`);
  }
  manager.add(bob, "bob-laptop");
  manager.add(bob, "bob-old", false);
  manager.add(carol, "carol-notebook");
}

export { expect } from "../support/fixtures.ts";
