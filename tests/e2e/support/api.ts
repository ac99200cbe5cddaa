// The API as the tests use it, independently of the console: to check that a click did what it says. It shares no code
// with the console, so that a misunderstanding of the contract cannot hide.
import type { Persona } from "./personas.ts";

export interface Token {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly owner_id: number;
  readonly enabled: boolean;
  readonly created: string;
  readonly updated: string;
  readonly last_used: string | null;
}

export interface ListedToken {
  readonly id: number;
  readonly name: string;
}

/** A persona's password, or a token's secret, which costs the server no password hash. */
export type Credentials = Persona | { readonly token: string };

const PAGE = 100;

export class Api {
  private readonly tokensUrl: string;

  constructor(
    origin: string,
    private readonly credentials: Credentials,
    /** Called with every token that is read, including its secret. */
    private readonly onToken: (token: Token) => void = () => {},
  ) {
    this.tokensUrl = `${origin}/api/v1/api_tokens/`;
  }

  /** Returns the token with this ID, including its secret; `undefined` if there is none. */
  async find(id: number): Promise<Token | undefined> {
    const response = await this.send("GET", `${this.tokensUrl}${id}`);
    if (response.status === 404) {
      return undefined;
    }
    return this.token(await expectOk(response));
  }

  /** Returns the token with this ID. */
  async get(id: number): Promise<Token> {
    const token = await this.find(id);
    if (!token) {
      throw new Error(`there is no token ${id}`);
    }
    return token;
  }

  /** Returns all tokens that this persona may see, in the server's order. */
  async list(): Promise<ListedToken[]> {
    const tokens: ListedToken[] = [];
    for (;;) {
      const response = await this.send("GET", `${this.tokensUrl}?limit=${PAGE}&offset=${tokens.length}`);
      const page = (await (await expectOk(response)).json()) as ListedToken[];
      tokens.push(...page);
      if (page.length < PAGE) {
        return tokens;
      }
    }
  }

  /** Returns the only token of that name among all that this persona may see. */
  async named(name: string): Promise<Token> {
    const found = (await this.list()).filter((token) => token.name === name);
    if (found.length !== 1 || !found[0]) {
      throw new Error(`there are ${found.length} tokens called '${name}'`);
    }
    return this.get(found[0].id);
  }

  async create(name: string, fields: { owner_id?: number; length?: number } = {}): Promise<Token> {
    const body = new URLSearchParams({ name });
    for (const [field, value] of Object.entries(fields)) {
      body.set(field, String(value));
    }
    return this.token(await expectOk(await this.send("POST", this.tokensUrl, body)));
  }

  async change(id: number, fields: { name?: string; enabled?: boolean }): Promise<Token> {
    const operations = Object.entries(fields).map(([field, value]) => ({
      op: "replace",
      path: `/${field}`,
      value,
    }));
    return this.token(await expectOk(await this.send("PATCH", `${this.tokensUrl}${id}`, operations)));
  }

  async delete(id: number): Promise<void> {
    await expectOk(await this.send("DELETE", `${this.tokensUrl}${id}`));
  }

  private async token(response: Response): Promise<Token> {
    const token = (await response.json()) as Token;
    this.onToken(token);
    return token;
  }

  /** Sends a request: fields as a form, operations as JSON. */
  private send(method: string, url: string, body?: URLSearchParams | readonly object[]): Promise<Response> {
    const headers = headerOf(this.credentials);
    if (Array.isArray(body)) {
      const patch = { ...headers, "content-type": "application/json" };
      return fetch(url, { method, headers: patch, body: JSON.stringify(body) });
    }
    return fetch(url, { method, headers, body: (body as URLSearchParams | undefined) ?? null });
  }
}

function headerOf(credentials: Credentials): Record<string, string> {
  if ("token" in credentials) {
    return { "x-api-token": credentials.token };
  }
  const { name, password } = credentials;
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
}

async function expectOk(response: Response): Promise<Response> {
  if (!response.ok) {
    throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  }
  return response;
}
