// The users of the server's demo data.

export interface Persona {
  readonly id: number;
  readonly name: string;
  readonly password: string;
}

export const root: Persona = { id: 1, name: "root", password: "root-pass" };
export const admin: Persona = { id: 2, name: "admin", password: "admin-pass" };
export const alice: Persona = { id: 3, name: "alice", password: "alice-pass" };
export const bob: Persona = { id: 4, name: "bob", password: "bob-pass" };
export const carol: Persona = { id: 5, name: "carol", password: "carol-pass" };
export const dave: Persona = { id: 6, name: "dave", password: "dave-pass" };

export const everybody: readonly Persona[] = [root, admin, alice, bob, carol, dave];

/** Tokens of the demo data that tests refer to. No test changes them. */
export const demoTokens = {
  rootDeploy: { id: 1, name: "root-deploy" },
  adminCi: { id: 2, name: "admin-ci" },
  firstOfAlice: { id: 5, name: "alice-token-01" },
  lastOfAlice: { id: 49, name: "alice-token-45" },
  laptopOfBob: { id: 50, name: "bob-laptop" },
  disabledOfBob: { id: 51, name: "bob-old" },
} as const;
