// The rows of the matrix: what can go wrong between the console and its server, and what the console must say about
// each. The wording is that of `src/failure.rs`.
import type { Fault } from "../support/fault-proxy.ts";

export type Column =
  | "list"
  | "read"
  | "create"
  | "edit"
  | "enable/disable"
  | "delete"
  | "OPTIONS collection"
  | "OPTIONS one"
  | "sign in";

export interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** How the console treats it. */
  readonly means:
    /** Nothing: it works anyway. */
    | "works"
    /** The user must sign in again. */
    | "not signed in"
    /** The server refused, so nothing was done. */
    | "refused"
    /** The API's 404, which counts as success for a deletion. */
    | "not found"
    /** 409: for a write, a reason to check the server's state. */
    | "conflict"
    /** A write may have been carried out anyway. */
    | "open";
  /** The reason, as the second half of the sentence that says what failed. */
  readonly why?: RegExp;
  /** The same for operations with other wording. */
  readonly whyOf?: Partial<Record<Column, RegExp>>;
  /** What to do now. */
  readonly advice?: RegExp;
  /** Whether the refused action is disabled until the server is asked again what it allows. */
  readonly isRemembered?: true;
  /** Whether it is rate limiting: the console waits, and does not give up while other requests get through. */
  readonly isOfPace?: true;
  /** How often a request that is safe to repeat is sent before the console gives up. */
  readonly attempts: number;
  /** The same for a page of the list, where a smaller one may be requested instead. */
  readonly attemptsOfList?: number;
  /** Whether the console's time limits, 20 seconds for reading and 40 for writing, are shortened for the test. */
  readonly shortLimits?: true;
  /** Whether the fault can also strike after the server has done what was asked. */
  readonly canComeAfter?: true;
  /** Whether to try, too, that nothing can be looked up afterwards. */
  readonly alsoBlind?: true;
}

/** Failures that would repeat are not retried. */
const ONCE = 1;
/** A request that timed out is sent twice in all. */
const TWICE = 2;
/** Temporary failures are retried three times, */
const PATIENTLY = 4;
/** and twice during sign-in, where the user is waiting. */
export const AT_SIGN_IN = 3;

const NO_SUCH_ADDRESS = /the server does not know this address/;
const NO_SUCH_TOKEN = /there is no such token/;
const NAME_TAKEN = /the owner already has a token with this name/;

const LOGIN_PAGE = "<!doctype html><title>Sign in</title><form><input name=user></form>";

const json = (status: number, body: unknown): Fault => ({
  kind: "answer",
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const html = (status: number, body: string): Fault => ({
  kind: "answer",
  status,
  headers: { "content-type": "text/html" },
  body,
});

/** Longer than the console reads. */
export const longAnswer = json(200, { id: 1, name: "x".repeat(5 * 1024 * 1024) });

export const rows: readonly Row[] = [
  {
    name: "connection closed without an answer",
    fault: { kind: "closed" },
    means: "open",
    why: /the server cannot be reached/,
    advice: /connection was refused or interrupted/,
    attempts: PATIENTLY,
    canComeAfter: true,
    alsoBlind: true,
  },
  {
    name: "reset in the middle of the answer",
    fault: { kind: "reset" },
    means: "open",
    why: /the server cannot be reached/,
    advice: /connection was refused or interrupted/,
    attempts: PATIENTLY,
    canComeAfter: true,
  },
  {
    name: "the answer never comes",
    fault: { kind: "silent" },
    means: "open",
    why: /the server did not answer within (20|40) seconds/,
    attempts: TWICE,
    shortLimits: true,
    canComeAfter: true,
  },
  {
    name: "the answer comes after 10 s",
    fault: { kind: "slow", milliseconds: 10_000 },
    means: "works",
    attempts: ONCE,
  },
  {
    name: "500 with JSON",
    fault: json(500, { message: "Internal Server Error" }),
    means: "open",
    why: /the server or a proxy in front of it failed \(500\)/,
    advice: /Try again in a moment/,
    attempts: PATIENTLY,
    canComeAfter: true,
  },
  {
    name: "500 with `null`",
    fault: json(500, null),
    means: "open",
    why: /the server or a proxy in front of it failed \(500\)/,
    advice: /Try again in a moment/,
    attempts: PATIENTLY,
  },
  {
    name: "502 with HTML",
    fault: html(502, "<html><h1>502 Bad Gateway</h1></html>"),
    means: "open",
    why: /the server or a proxy in front of it failed \(502\)/,
    advice: /Try again in a moment/,
    attempts: PATIENTLY,
    canComeAfter: true,
    alsoBlind: true,
  },
  {
    name: "503 with Retry-After",
    fault: { kind: "answer", status: 503, headers: { "retry-after": "2" } },
    means: "open",
    why: /the server or a proxy in front of it failed \(503\)/,
    advice: /Try again in 2 seconds/,
    attempts: PATIENTLY,
    isOfPace: true,
  },
  {
    name: "429 with Retry-After",
    fault: { kind: "answer", status: 429, headers: { "retry-after": "2" } },
    means: "refused",
    why: /the server is limiting requests/,
    advice: /Try again in 2 seconds/,
    attempts: PATIENTLY,
    isOfPace: true,
  },
  {
    name: "401 mid-way",
    fault: json(401, { status: 401, message: "Unauthorized." }),
    means: "not signed in",
    why: /the server did not accept these credentials/,
    attempts: ONCE,
  },
  {
    name: "403",
    fault: json(403, {
      status: 403,
      message: "You don't have the permission to access the requested resource.",
    }),
    means: "refused",
    why: /you do not have permission/,
    isRemembered: true,
    attempts: ONCE,
  },
  {
    name: "404",
    fault: json(404, { message: "Not found." }),
    means: "not found",
    why: NO_SUCH_ADDRESS,
    whyOf: { read: NO_SUCH_TOKEN, edit: NO_SUCH_TOKEN, "enable/disable": NO_SUCH_TOKEN },
    attempts: ONCE,
  },
  {
    // From a proxy that cannot find the API: it says nothing about any token.
    name: "404 with HTML",
    fault: html(404, "<html><h1>404 Not Found</h1></html>"),
    means: "open",
    why: /the server returned a web page instead of data/,
    whyOf: { list: NO_SUCH_ADDRESS, "sign in": NO_SUCH_ADDRESS },
    advice: /such as a proxy or its login page|Check the API address/,
    attempts: ONCE,
    canComeAfter: true,
    alsoBlind: true,
  },
  {
    name: "409",
    fault: json(409, { status: 409, message: "Conflict." }),
    means: "conflict",
    why: /the server reported a conflict/,
    whyOf: {
      create: NAME_TAKEN,
      edit: NAME_TAKEN,
    },
    attempts: ONCE,
  },
  {
    name: "422 about unknown fields",
    fault: json(422, {
      status: 422,
      message: "Invalid.",
      messages: { flavour: ["Unknown field."], "7": { _schema: ["Odd."] } },
    }),
    means: "refused",
    why: /the server does not accept these values/,
    advice: /flavour: Unknown field\./,
    attempts: ONCE,
  },
  {
    name: "truncated JSON",
    fault: { kind: "truncated" },
    means: "open",
    why: /the response is incomplete or not JSON/,
    advice: /Something other than the API may have answered/,
    attempts: ONCE,
    canComeAfter: true,
  },
  {
    name: "JSON of the wrong shape",
    fault: json(200, { tokens: { count: 3 } }),
    means: "open",
    why: /the response has an unexpected format/,
    advice: /Something other than the API may have answered/,
    attempts: ONCE,
    canComeAfter: true,
  },
  {
    name: "200 with an HTML login page",
    fault: html(200, LOGIN_PAGE),
    means: "open",
    why: /the server returned a web page instead of data/,
    // Only a 204 means a deletion, so the content of another success is not examined.
    whyOf: { delete: /the server answered with an unexpected status \(200\)/ },
    advice: /such as a proxy or its login page/,
    attempts: ONCE,
    canComeAfter: true,
    alsoBlind: true,
  },
  {
    name: "200 with an empty body",
    fault: { kind: "answer", status: 200, headers: { "content-type": "application/json" } },
    means: "open",
    why: /the response was empty/,
    advice: /Something other than the API may have answered/,
    attempts: ONCE,
    canComeAfter: true,
  },
  {
    name: "a body of 5 MB",
    fault: longAnswer,
    means: "open",
    why: /the response is too long/,
    advice: /Something other than the API may have answered/,
    attempts: ONCE,
    // For 100 tokens, 50, 25, 12, 6, 3 and 1.
    attemptsOfList: 7,
    canComeAfter: true,
  },
  {
    name: "the wrong content type",
    fault: { kind: "headers", headers: { "content-type": "text/plain" } },
    means: "works",
    attempts: ONCE,
  },
];

/** Returns the row as it applies to an operation. */
export function rowFor(column: Column, row: Row): Row {
  const why = row.whyOf?.[column];
  return why ? { ...row, why } : row;
}
