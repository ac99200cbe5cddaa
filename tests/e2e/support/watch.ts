// Watches the browser during a test for failures that would go unnoticed, requests to other origins, and violations of
// the Content-Security-Policy.
import type { BrowserContext, Request, Response } from "@playwright/test";

/** The message that Chromium logs for every response from 400 on, however the script handles it. */
const FAILED_RESOURCE = /^Failed to load resource: the server responded with a status of (\d{3})/;

/**
 * Console messages about network and server failures that a test has provoked. The last two are about a response in
 * place of a file with a hash.
 */
const PROVOKED =
  /^(answer 5\d\d from|unexpected answer \d{3} from|console error: (Failed to load resource: |TypeError: Failed to fetch|Failed to find a valid digest in the 'integrity'|Fetch API cannot load \S+ SRI's integrity))/;

/** The URLs of responses about a single token. */
const ONE_TOKEN = "/api/v1/api_tokens/";

export class Watch {
  readonly consoleTexts: string[] = [];
  readonly urls: string[] = [];
  /** Secrets in API responses, with the token's name. */
  readonly revealed: Promise<{ name: string; secret: string } | undefined>[] = [];

  private readonly problems: string[] = [];
  private readonly failedAnswers: { status: number; url: string }[] = [];
  private failuresExpected = false;
  private readonly expectedStatuses = new Set<number>();
  private readonly expectedMessages: RegExp[] = [];

  /**
   * `isKnown` tells for which tokens responses need not be read, because their secrets are known. Reading a response
   * takes the browser and the test as long as the response itself, and a page of the list has 25 of them.
   */
  constructor(
    /** The console's origin, and the API's if it is another one. */
    private readonly origins: string | readonly string[],
    private readonly isKnown: (id: number) => boolean = () => false,
  ) {}

  /** Starts watching all pages of a context. Must be called before the first page is opened. */
  async attach(context: BrowserContext): Promise<void> {
    context.on("weberror", (error) =>
      this.problems.push(`script failed: ${error.error().stack ?? error.error().message}`),
    );
    context.on("page", (page) => {
      page.on("crash", () => this.problems.push("the page crashed"));
    });
    context.on("console", (message) => {
      this.consoleTexts.push(message.text());
      const status = FAILED_RESOURCE.exec(message.text())?.[1];
      if (status) {
        this.failedAnswers.push({ status: Number(status), url: message.location().url });
      } else if (message.type() === "error" || message.type() === "warning") {
        this.problems.push(`console ${message.type()}: ${message.text()}`);
      }
    });
    context.on("request", (request) => this.onRequest(request));
    context.on("response", (response) => this.onResponse(response));

    await context.exposeBinding("reportCspViolation", (_source, violation: string) => {
      this.problems.push(`Content-Security-Policy: ${violation}`);
    });
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const report = window as unknown as { reportCspViolation(violation: string): void };
        report.reportCspViolation(`${event.violatedDirective} blocked ${event.blockedURI || event.sample}`);
      });
    });
  }

  /** Allows responses with this status, which the test provokes; others from 400 on fail the test. */
  expectStatus(...statuses: number[]): void {
    for (const status of statuses) {
      this.expectedStatuses.add(status);
    }
  }

  /** Allows browser console messages like this one, or other failures with these words, which the test provokes. */
  expectMessage(message: RegExp): void {
    this.expectedMessages.push(message);
  }

  /** Returns everything so far that should not have happened. */
  allProblems(): string[] {
    const unexpected = this.failedAnswers
      .filter(({ status, url }) => !this.expectedStatuses.has(status) && !isOptionalLookUp(status, url))
      .map(({ status, url }) => `unexpected answer ${status} from ${url}`);
    return [...this.problems, ...unexpected].filter(
      (problem) => !this.expectedMessages.some((message) => message.test(problem)),
    );
  }

  /** Allows all kinds of request failures from now on. */
  expectFailures(): void {
    this.failuresExpected = true;
  }

  /** Returns the same without network and server failures: panics, exceptions, warnings, violations. */
  trouble(): string[] {
    return this.allProblems().filter((problem) => !PROVOKED.test(problem));
  }

  /** Returns everything that should not have happened, in a test that may have provoked failures. */
  unexpected(): string[] {
    return this.failuresExpected ? this.trouble() : this.allProblems();
  }

  private onRequest(request: Request): void {
    const url = request.url();
    this.urls.push(url);
    const { origin, protocol } = new URL(url);
    if (protocol !== "data:" && ![this.origins].flat().includes(origin)) {
      this.problems.push(`request to elsewhere: ${url}`);
    }
  }

  private onResponse(response: Response): void {
    if (response.status() >= 500) {
      this.problems.push(`answer ${response.status()} from ${response.url()}`);
    }
    const { pathname } = new URL(response.url());
    if (
      pathname.startsWith(ONE_TOKEN) &&
      response.ok() &&
      !this.isKnown(Number(pathname.slice(ONE_TOKEN.length)))
    ) {
      this.revealed.push(readSecret(response));
    }
  }
}

/** Whether this is a refused list of users: the console finds out by trying, and only admins may list them. */
function isOptionalLookUp(status: number, url: string): boolean {
  return status === 403 && new URL(url).pathname === "/api/v1/users/";
}

/** Returns the secret in a response about one token, so that it can be searched for in the page. */
async function readSecret(response: Response): Promise<{ name: string; secret: string } | undefined> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    // Not JSON, or the page was left before the response was complete: then the page does not have it either.
    return undefined;
  }
  if (typeof body === "object" && body !== null && "token" in body && typeof body.token === "string") {
    return { name: "name" in body ? String(body.name) : "?", secret: body.token };
  }
  return undefined;
}
