// A proxy in front of the server that makes the network fail on purpose. Everything passes through except the API
// requests that match a rule, as long as that rule is active.
import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as send,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a request. */
export type Fault =
  /** The connection is closed without a response. */
  | { readonly kind: "closed" }
  /** Status, headers and the beginning of the body, then a TCP reset. */
  | { readonly kind: "reset" }
  /** No response, ever; the connection stays open. */
  | { readonly kind: "silent" }
  /** The real response, delayed. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** A response that is not the server's. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: OutgoingHttpHeaders;
      readonly body?: string;
    }
  /** A complete HTTP response with half of its JSON. */
  | { readonly kind: "truncated" }
  /** The real response with these headers instead of its own. */
  | { readonly kind: "headers"; readonly headers: OutgoingHttpHeaders };

export interface Rule {
  readonly methods: readonly string[];
  /** Matches the path without its query. */
  readonly path: RegExp;
  readonly fault: Fault;
  /**
   * Whether the server has carried out the request when the fault strikes. Requests that only read are never forwarded,
   * because it would make no difference.
   */
  readonly strikes: "before the server" | "after the server";
  /** How often it strikes; without limit if `undefined`. */
  readonly times?: number;
}

/** A request that the proxy received. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** Whether a rule applied to it. */
  readonly struck: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

const API = "/api/";

/** Long enough for data written before a reset to arrive: a reset discards the rest. */
const BEFORE_RESET_MS = 20;

/** Headers that belong to one connection, or describe a body that the proxy may change. */
const NOT_PASSED_ON = ["connection", "keep-alive", "transfer-encoding", "content-length", "date"];

export class FaultProxy {
  /** All requests to the API since `forget`. */
  readonly seen: Seen[] = [];

  private rules: readonly Rule[] = [];
  private readonly struck = new Map<Rule, number>();
  private readonly agent = new Agent({ keepAlive: true });
  private readonly delayed = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly target: URL,
    private readonly listener: HttpServer,
  ) {}

  static async start(target: string): Promise<FaultProxy> {
    const listener = createServer();
    const proxy = new FaultProxy(new URL(target), listener);
    listener.on("request", (request, response) => {
      // The browser or the server closed the connection early.
      proxy.serve(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Replaces all rules by these. */
  hold(...rules: Rule[]): void {
    this.rules = rules;
    this.struck.clear();
  }

  /** Removes all rules: nothing fails any more. */
  release(): void {
    this.rules = [];
  }

  /** Resets the record of requests. */
  forget(): void {
    this.seen.length = 0;
  }

  async stop(): Promise<void> {
    this.delayed.forEach(clearTimeout);
    const closed = new Promise((resolve) => this.listener.close(resolve));
    this.listener.closeAllConnections();
    this.agent.destroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "";
    const path = new URL(request.url ?? "/", this.target).pathname;
    const isApi = path.startsWith(API);
    const body = await readAll(request);
    const rule = isApi ? this.ruleFor(method, path) : undefined;
    if (isApi) {
      this.seen.push({ method, path, struck: rule !== undefined });
    }
    if (!rule) {
      return reply(response, await this.ask(request, body));
    }
    const isSafe = method === "GET" || method === "OPTIONS";
    const carriedOut = rule.strikes === "after the server" && !isSafe;
    const real = carriedOut ? await this.ask(request, body) : undefined;
    await this.strike(rule.fault, request, response, () => Promise.resolve(real ?? this.ask(request, body)));
  }

  private ruleFor(method: string, path: string): Rule | undefined {
    const rule = this.rules.find(
      (rule) =>
        rule.methods.includes(method) &&
        rule.path.test(path) &&
        (this.struck.get(rule) ?? 0) < (rule.times ?? Infinity),
    );
    if (rule) {
      this.struck.set(rule, (this.struck.get(rule) ?? 0) + 1);
    }
    return rule;
  }

  private async strike(
    fault: Fault,
    request: IncomingMessage,
    response: ServerResponse,
    real: () => Promise<Answer>,
  ): Promise<void> {
    switch (fault.kind) {
      case "closed":
        request.socket.destroy();
        return;
      case "silent":
        return;
      case "reset":
        response.writeHead(200, { "content-type": "application/json", "content-length": 1000 });
        response.write('{"id": 1, "name": "cut o', () =>
          this.later(BEFORE_RESET_MS, () => request.socket.resetAndDestroy()),
        );
        return;
      case "slow":
        this.later(fault.milliseconds, () => {
          real().then(
            (answer) => reply(response, answer),
            () => response.destroy(),
          );
        });
        return;
      case "answer":
        reply(response, {
          status: fault.status,
          headers: fault.headers ?? {},
          body: Buffer.from(fault.body ?? ""),
        });
        return;
      case "truncated": {
        // A list is cut off in another way than a token.
        const isList = request.method === "GET" && /\/(api_tokens|users)\/?(\?|$)/.test(request.url ?? "");
        const half = '{"id": 1, "name": "half of a na';
        reply(response, {
          status: 200,
          headers: { "content-type": "application/json" },
          body: Buffer.from(isList ? `[${half}` : half),
        });
        return;
      }
      case "headers": {
        const answer = await real();
        reply(response, { ...answer, headers: { ...answer.headers, ...fault.headers } });
        return;
      }
    }
  }

  private ask(request: IncomingMessage, body: Buffer): Promise<Answer> {
    const headers = { ...request.headers };
    for (const name of NOT_PASSED_ON) {
      delete headers[name];
    }
    if (body.length > 0) {
      headers["content-length"] = String(body.length);
    }
    return new Promise((resolve, reject) => {
      const forwarded = send(
        new URL(request.url ?? "/", this.target),
        { method: request.method, headers, agent: this.agent },
        (answer) => {
          readAll(answer).then((body) => {
            const headers: OutgoingHttpHeaders = { ...answer.headers };
            for (const name of NOT_PASSED_ON) {
              delete headers[name];
            }
            resolve({ status: answer.statusCode ?? 502, headers, body });
          }, reject);
        },
      );
      forwarded.on("error", reject);
      forwarded.end(body);
    });
  }

  private later(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.delayed.delete(timer);
      action();
    }, milliseconds);
    this.delayed.add(timer);
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  const bodiless = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(bodiless ? {} : { "content-length": answer.body.length }),
  });
  response.end(bodiless ? undefined : answer.body);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) {
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}
