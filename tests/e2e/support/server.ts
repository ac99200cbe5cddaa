// The embedded server, started for tests with its own database.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { dist, serverProgram } from "./environment.ts";

export interface ServerOptions {
  /** The directory with the console. */
  readonly dist: string;
  /** The path of the console, with a slash at both ends. */
  readonly consolePath: string;
  /** The number of made-up tokens in addition to the demo data. */
  readonly demoTokens?: number;
  /** The Credential Manager to which API requests are forwarded; there is no demo data then. */
  readonly upstream?: string;
}

export const defaultServerOptions: ServerOptions = { dist, consolePath: "/" };

/** How long a server may take to start; it first hashes the demo users' passwords. */
const START_TIMEOUT_MS = 30_000;

/** How long a server may take to finish its requests when stopped. */
const STOP_TIMEOUT_MS = 10_000;

export class Server {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string;
  /** The console's URL, with a slash at the end. */
  readonly consoleUrl: string;

  private constructor(
    origin: string,
    options: ServerOptions,
    private readonly child: ChildProcess,
    private readonly exited: Promise<string>,
    private readonly directory: string,
    private readonly log: string[],
  ) {
    this.origin = origin;
    this.consoleUrl = origin + options.consolePath;
  }

  static async start(options: ServerOptions): Promise<Server> {
    const directory = await mkdtemp(join(tmpdir(), "credmgr-e2e-"));
    const child = spawn(
      serverProgram,
      [
        ...["--listen", "127.0.0.1:0"],
        ...["--dist", options.dist],
        ...["--console-path", options.consolePath],
        ...(options.upstream ? ["--upstream", options.upstream] : demonstration(directory, options)),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );

    const log: string[] = [];
    const exited = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      child.once("exit", (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}`));
    });
    createInterface(child.stderr).on("line", (line) => log.push(line));
    const listening = new Promise<string>((resolve) => {
      createInterface(child.stdout).on("line", (line) => {
        log.push(line);
        const address = /^listening on (http:\/\/\S+)/.exec(line)?.[1];
        if (address) {
          resolve(address);
        }
      });
    });

    const first = await Promise.race([
      listening.then((origin) => ({ origin })),
      exited.then((end) => ({ problem: end })),
      after(START_TIMEOUT_MS).then(() => ({ problem: `did not listen within ${START_TIMEOUT_MS} ms` })),
    ]);
    if ("problem" in first) {
      child.kill("SIGKILL");
      await rm(directory, { recursive: true, force: true });
      throw new Error(`${serverProgram} ${first.problem}\n${log.join("\n")}`);
    }
    return new Server(first.origin, options, child, exited, directory, log);
  }

  /** Returns everything that the server has printed so far. */
  get lines(): readonly string[] {
    return this.log;
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    const end = await Promise.race([this.exited, after(STOP_TIMEOUT_MS).then(() => undefined)]);
    if (end === undefined) {
      this.child.kill("SIGKILL");
    }
    await rm(this.directory, { recursive: true, force: true });
    if (end !== "ended with code 0") {
      throw new Error(`the server ${end ?? "did not stop when asked to"}\n${this.log.slice(-20).join("\n")}`);
    }
  }
}

function demonstration(directory: string, options: ServerOptions): string[] {
  return [
    ...["--database", join(directory, "credmgr.sqlite")],
    "--demo",
    ...["--demo-tokens", String(options.demoTokens ?? 0)],
    // All tests use one client address, and some of them fail to sign in on purpose.
    ...["--auth-failures-per-minute", "0"],
  ];
}

/** Whether a log line reports something that no request may cause. */
export function isFault(line: string): boolean {
  return /\bpanicked at\b|\bERROR\b|"level":"ERROR"|\bstatus"?[=:]\s*"?5\d\d\b/.test(stripColours(line));
}

function stripColours(line: string): string {
  return line.replace(/\u001b\[[0-9;]*m/g, "");
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    // Does not keep the process alive when the race is over.
    setTimeout(resolve, milliseconds).unref();
  });
}
