// A Credential Manager as observed in practice: API.md part 2, including its oddities. The embedded server and its
// tests leave out those that are plainly broken. Shares no code with either side.
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { admin, alice, bob, carol, dave, everybody, type Persona, root } from "../support/personas.ts";
import { serve, type Site } from "../support/site.ts";

/** How releases and deployments differ. */
export interface Release {
  /** The header that carries a token. */
  readonly tokenHeader: "x-api-token" | "x-api-key";
  /** Whether disabled tokens are listed, unmarked, as in older releases. */
  readonly listsDisabled: boolean;
  /** Whether the users API exists; without it, its paths are not routed. */
  readonly hasUsers: boolean;
}

export const today: Release = { tokenHeader: "x-api-token", listsDisabled: false, hasUsers: true };
export const before2020: Release = { tokenHeader: "x-api-key", listsDisabled: true, hasUsers: false };

type Role = "internal" | "admin" | "regular" | "read-only" | "inactive";

const roles = new Map<Persona, Role>([
  [root, "internal"],
  [admin, "admin"],
  [alice, "regular"],
  [bob, "regular"],
  [carol, "read-only"],
  [dave, "inactive"],
]);

interface Row {
  readonly id: number;
  name: string;
  readonly token: string;
  readonly owner_id: number;
  enabled: boolean;
  readonly created: string;
  updated: string;
  last_used: string | null;
}

interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly value?: unknown;
}

interface Caller {
  readonly persona: Persona;
  readonly role: Role;
}

/** How long the server takes for a password, instead of half a second of processor time, and for a token. */
const BASIC_MS = 60;
const TOKEN_MS = 30;

/** CORS headers on every routed path: any origin, and no exposed headers. */
const CORS = { "access-control-allow-origin": "*" };

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

/** A failure response. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(`refused with ${status}`);
  }
}

function refuse(status: number, message: string): Refusal {
  return new Refusal(status, { status, message });
}

function invalid(messages: object): Refusal {
  return new Refusal(422, { status: 422, message: "The request was well-formed but had errors.", messages });
}

const forbidden = () => refuse(403, "You don't have the permission to access the requested resource.");
const noSuch = () => new Refusal(404, { message: "The requested URL was not found on the server." });

export class CredentialManager {
  /** In table order: a row that is written moves to the end. */
  private rows: Row[] = [];
  private lastId = 0;
  /** `created` of all rows: the start time of the worker process. */
  private readonly began = "2026-01-02T03:04:05+00:00";
  /** Runs before each page of the list is sent, to simulate concurrent users. */
  beforeEachPage = () => {};
  /** Violations found in requests: a cookie, which would win over a password; two kinds of credentials; a referrer. */
  readonly faults: string[] = [];
  /** The highest number of concurrent requests for single tokens, by kind of credential. */
  readonly most = { token: 0, password: 0 };
  private readonly here = { token: 0, password: 0 };

  private site: Site | undefined;

  private constructor(private readonly release: Release) {}

  static async start(release: Release): Promise<CredentialManager> {
    const manager = new CredentialManager(release);
    manager.site = await serve((request, response) => void manager.answer(request, response));
    return manager;
  }

  stop(): void {
    this.site?.stop();
  }

  get origin(): string {
    return this.site?.origin ?? "";
  }

  /** Creates a token directly. */
  add(owner: Persona, name: string, enabled = true): Row {
    const row: Row = {
      id: (this.lastId += 1),
      name,
      token: secret(32),
      owner_id: owner.id,
      enabled,
      created: this.began,
      updated: now(),
      last_used: null,
    };
    this.rows.push(row);
    return row;
  }

  /** Returns the current state of a token. */
  row(id: number): Row | undefined {
    return this.rows.find((row) => row.id === id);
  }

  /** Changes a token, as another user would in the meantime. */
  write(id: number, fields: Partial<Pick<Row, "name" | "enabled" | "last_used">>): void {
    const row = this.row(id);
    if (row) {
      Object.assign(row, fields, { updated: now() });
      this.moveToEnd(row);
    }
  }

  /** Returns all tokens, in table order. */
  get all(): readonly Readonly<Row>[] {
    return this.rows;
  }

  /** Returns the first token of this name, whoever owns it. */
  named(name: string): Readonly<Row> {
    const row = this.rows.find((row) => row.name === name);
    if (!row) {
      throw new Error(`there is no token ${name}`);
    }
    return row;
  }

  namesOf(owner: Persona): string[] {
    return this.rows.filter(({ owner_id }) => owner_id === owner.id).map(({ name }) => name);
  }

  private moveToEnd(row: Row): void {
    this.rows = [...this.rows.filter((other) => other !== row), row];
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.route(request, response);
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, { message: String(error) });
      send(response, refusal.status, refusal.body, { ...CORS, ...refusal.headers });
    }
  }

  private async route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.origin);
    const method = request.method ?? "GET";
    for (const [what, isSo] of Object.entries({
      "a cookie": request.headers.cookie !== undefined,
      "a referrer": request.headers.referer !== undefined,
      "two kinds of credentials":
        request.headers.authorization !== undefined && this.release.tokenHeader in request.headers,
    })) {
      if (isSo) {
        this.faults.push(`${method} ${url.pathname} with ${what}`);
      }
    }
    const [, area, id] = /^\/api\/v1\/(api_tokens|users)(?:\/([^/]*))?\/?$/.exec(url.pathname) ?? [];
    const isRouted =
      area === "api_tokens" ? !id || /^\d+$/.test(id) : area === "users" && this.release.hasUsers;
    if (!isRouted) {
      // The web framework's own page, without CORS headers.
      response.writeHead(404, { "content-type": "text/html; charset=utf-8" });
      response.end("<!doctype html><title>404 Not Found</title><h1>Not Found</h1>");
      return;
    }
    if (method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined) {
      // A CORS preflight request. It needs no authentication.
      response.writeHead(200, {
        ...CORS,
        "access-control-allow-methods": "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
        "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "",
        allow: "GET, POST, OPTIONS, HEAD",
      });
      response.end();
      return;
    }
    const body = await bodyOf(request);
    const kind = request.headers.authorization === undefined ? "token" : "password";
    const isDetail = method === "GET" && area === "api_tokens" && Boolean(id);
    if (isDetail) {
      this.here[kind] += 1;
      this.most[kind] = Math.max(this.most[kind], this.here[kind]);
      response.once("close", () => (this.here[kind] -= 1));
    }
    const caller = await this.authenticate(request);
    const [status, answer, headers] =
      area === "users"
        ? this.users(caller, method, id)
        : id
          ? this.one(caller, method, Number(id), request.headers["content-type"], body)
          : this.collection(caller, method, url.searchParams, request.headers["content-type"], body);
    send(response, status, answer, { ...CORS, ...headers });
  }

  private async authenticate(request: IncomingMessage): Promise<Caller> {
    const unauthorized = () => refuse(401, "Unauthorized");
    const presented = request.headers[this.release.tokenHeader];
    const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    let persona: Persona | undefined;
    if (presented !== undefined) {
      // Even together with valid Basic credentials.
      const row = this.rows.find((row) => row.token === presented && row.enabled);
      persona = row && everybody.find(({ id }) => id === row.owner_id);
      if (row) {
        // Using a token writes its row.
        row.last_used = now();
        this.moveToEnd(row);
      }
      await sleep(TOKEN_MS);
    } else if (basic !== undefined) {
      await sleep(BASIC_MS);
      const [name, ...password] = Buffer.from(basic, "base64").toString().split(":");
      persona = everybody.find((one) => one.name === name && one.password === password.join(":"));
    }
    const role = persona && roles.get(persona);
    if (!persona || !role || role === "inactive") {
      throw unauthorized();
    }
    return { persona, role };
  }

  private users(caller: Caller, method: string, id?: string): Answer {
    if (method !== "GET") {
      throw notAllowed("GET, HEAD, OPTIONS");
    }
    const short = ({ id, name }: Persona) => ({ id, username: name });
    if (id === "me") {
      const { role, persona } = caller;
      return [
        200,
        {
          ...short(persona),
          is_active: true,
          // An internal user looks like a read-only one.
          is_regular_user: role === "regular" || role === "admin",
          is_admin: role === "admin",
          default_settings: {},
          created: this.began,
          updated: this.began,
        },
      ];
    }
    if (caller.role !== "admin" && caller.role !== "internal") {
      throw forbidden();
    }
    if (!id) {
      return [200, everybody.map(short)];
    }
    const user = everybody.find((user) => user.id === Number(id));
    if (!user) {
      throw noSuch();
    }
    return [200, short(user)];
  }

  private collection(
    caller: Caller,
    method: string,
    query: URLSearchParams,
    type: string | undefined,
    body: string,
  ): Answer {
    switch (method) {
      case "GET":
        this.beforeEachPage();
        return [200, this.list(caller, query)];
      case "POST":
        return [200, this.create(caller, type, body)];
      case "OPTIONS":
        return [204, undefined, { allow: "POST, OPTIONS, GET" }];
      default:
        throw notAllowed("POST, OPTIONS, GET");
    }
  }

  private list(caller: Caller, query: URLSearchParams): object[] {
    const limit = integer(query.get("limit") ?? "20");
    const offset = integer(query.get("offset") ?? "0");
    if (limit === undefined || limit < 1 || limit > 100) {
      throw invalid({ limit: ["Must be greater than or equal to 1 and less than or equal to 100."] });
    }
    if (offset === undefined || offset < 0) {
      throw invalid({ offset: ["Must be greater than or equal to 0."] });
    }
    const owner = query.get("owner_id");
    const isAbove = caller.role === "admin" || caller.role === "internal";
    if (owner !== null && !everybody.some(({ id }) => String(id) === owner)) {
      throw invalid({ owner_id: ["There is no such user."] });
    }
    if (owner !== null && owner !== String(caller.persona.id) && !isAbove) {
      throw refuse(403, "You may not list the tokens of other users.");
    }
    const whose = owner ?? (isAbove ? undefined : String(caller.persona.id));
    return this.rows
      .filter((row) => whose === undefined || String(row.owner_id) === whose)
      .filter((row) => this.release.listsDisabled || row.enabled)
      .slice(offset, offset + limit)
      .map(({ id, name }) =>
        this.release.listsDisabled ? { id, name } : { id, name, resource_type: "ApiToken" },
      );
  }

  private create(caller: Caller, type: string | undefined, body: string): object {
    if (!type?.startsWith("application/x-www-form-urlencoded")) {
      throw invalid({ name: ["Missing data for required field."] });
    }
    const form = new URLSearchParams(body);
    const name = form.get("name");
    const length = integer(form.get("length") ?? "32");
    const ownerId = integer(form.get("owner_id") ?? String(caller.persona.id));
    const messages: Record<string, string[]> = {};
    if (name === null || [...name].length < 3) {
      messages["name"] = ["Shorter than minimum length 3."];
    }
    if (length === undefined || length < 16 || length > 128) {
      messages["length"] = ["Must be between 16 and 128."];
    }
    const owner = everybody.find(({ id }) => id === ownerId);
    if (!owner) {
      messages["owner_id"] = ["Not a valid user."];
    }
    if (!owner || Object.keys(messages).length > 0) {
      throw invalid(messages);
    }
    if (owner !== caller.persona && caller.role !== "admin" && caller.role !== "internal") {
      throw refuse(403, "You can only create API tokens for yourself.");
    }
    if (this.namesOf(owner).includes(name ?? "")) {
      throw refuse(409, "Failed to create a new API Token.");
    }
    const row = this.add(owner, name ?? "");
    return this.whole(Object.assign(row, { token: secret(length ?? 32) }));
  }

  private one(caller: Caller, method: string, id: number, type: string | undefined, body: string): Answer {
    const row = this.row(id);
    if (!row) {
      throw noSuch();
    }
    const allowed = allowedOn(caller, row);
    if (method === "OPTIONS") {
      return [204, undefined, { allow: [...allowed, "OPTIONS"].reverse().join(", ") }];
    }
    if (!["GET", "PATCH", "DELETE"].includes(method)) {
      throw notAllowed("DELETE, PATCH, OPTIONS, GET");
    }
    if (!allowed.includes(method)) {
      throw forbidden();
    }
    if (method === "DELETE") {
      this.rows = this.rows.filter((other) => other !== row);
      return [204, undefined];
    }
    if (method === "PATCH") {
      this.patch(row, type, body);
    }
    return [200, this.whole(row)];
  }

  /** Applies all operations or none; silently none if it does not recognise a list of operations. */
  private patch(row: Row, type: string | undefined, body: string): void {
    const operations: unknown = type?.startsWith("application/json") ? JSON.parse(body) : undefined;
    if (!Array.isArray(operations) || operations.length === 0) {
      return;
    }
    const next = { name: row.name, enabled: row.enabled };
    for (const [index, { op, path, value }] of (operations as Operation[]).entries()) {
      const field = path === "/name" ? "name" : path === "/enabled" ? "enabled" : undefined;
      if (!field) {
        throw invalid({ [index]: { path: ["Must be one of: /name, /enabled."], _schema: ["Invalid."] } });
      }
      if (op === "test" ? next[field] !== value : op !== "replace") {
        // A failed `test`, or an unsupported operation.
        throw new Refusal(500, null);
      }
      Object.assign(next, { [field]: value });
    }
    // Names are not validated further: a name may be empty.
    if (
      this.rows.some((other) => other !== row && other.owner_id === row.owner_id && other.name === next.name)
    ) {
      throw refuse(409, "Failed to update the API Token.");
    }
    this.write(row.id, next);
  }

  /** The response format: always with the secret. */
  private whole(row: Row): object {
    return this.release.listsDisabled ? row : { ...row, resource_type: "ApiToken" };
  }
}

type Answer = [status: number, body: unknown, headers?: Record<string, string>];

/** The table of API.md part 2. */
function allowedOn({ persona, role }: Caller, row: Row): string[] {
  const isOwn = row.owner_id === persona.id;
  const isOfInternal = row.owner_id === root.id;
  if (role === "internal" || (role === "admin" && !isOfInternal) || (role === "regular" && isOwn)) {
    return ["GET", "PATCH", "DELETE"];
  }
  return role === "read-only" && isOwn ? ["GET", "PATCH"] : [];
}

function notAllowed(allow: string): Refusal {
  return new Refusal(405, { message: "The method is not allowed for the requested URL." }, { allow });
}

function integer(text: string): number | undefined {
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

function secret(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** Formats a time with microseconds, as the server does when they are not zero. */
function now(): string {
  return new Date().toISOString().replace(/\.(\d{3})Z$/, ".$1007+00:00");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) {
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString();
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string>,
): void {
  if (body === undefined) {
    response.writeHead(status, headers);
    response.end();
  } else {
    response.writeHead(status, { ...headers, "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }
}
