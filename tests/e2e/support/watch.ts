// Watches what a browser does during a test: failures that nobody would see, requests to elsewhere,
// violations of the Content-Security-Policy.
import type { BrowserContext, Request, Response } from "@playwright/test";

/** What Chromium writes to the console for every answer from 400 on, whatever the script does about it. */
const FAILED_RESOURCE = /^Failed to load resource: the server responded with a status of (\d{3})/;

/**
 * What is written about failures of the network and of the server, where a test has provoked them. The last two are of
 * an answer that came in place of a file with a hash.
 */
const PROVOKED =
  /^(answer 5\d\d from|unexpected answer \d{3} from|console error: (Failed to load resource: |TypeError: Failed to fetch|Failed to find a valid digest in the 'integrity'|Fetch API cannot load \S+ SRI's integrity))/;

/** Where an answer about one token comes from. */
const ONE_TOKEN = "/api/v1/api_tokens/";

export class Watch {
  readonly consoleTexts: string[] = [];
  readonly urls: string[] = [];
  /** Secrets in answers of the API, with the name of the token. */
  readonly revealed: Promise<{ name: string; secret: string } | undefined>[] = [];

  private readonly problems: string[] = [];
  private readonly failedAnswers: { status: number; url: string }[] = [];
  private failuresExpected = false;
  private readonly expectedStatuses = new Set<number>();
  private readonly expectedMessages: RegExp[] = [];

  /**
   * `isKnown` tells of which tokens nobody needs to be told what an answer revealed. Getting at an answer takes the browser and
   * the test as long as the answer does, and a page of the list has 25 of them.
   */
  constructor(
    /** The console's, and that of the API where it is another one. */
    private readonly origins: string | readonly string[],
    private readonly isKnown: (id: number) => boolean = () => false,
  ) {}

  /** Begins to watch all pages of a context. Has to come before the first page is opened. */
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

  /** The test provokes answers with this status; others from 400 on are failures of the test. */
  expectStatus(...statuses: number[]): void {
    for (const status of statuses) {
      this.expectedStatuses.add(status);
    }
  }

  /** The test provokes messages like this one in the browser's console, or what goes wrong in another way with these words. */
  expectMessage(message: RegExp): void {
    this.expectedMessages.push(message);
  }

  /** Everything that should not have happened so far. */
  allProblems(): string[] {
    const unexpected = this.failedAnswers
      .filter(({ status, url }) => !this.expectedStatuses.has(status) && !isOptionalLookUp(status, url))
      .map(({ status, url }) => `unexpected answer ${status} from ${url}`);
    return [...this.problems, ...unexpected].filter(
      (problem) => !this.expectedMessages.some((message) => message.test(problem)),
    );
  }

  /** From now on requests fail on purpose, in whatever way. */
  expectFailures(): void {
    this.failuresExpected = true;
  }

  /** The same without failures of the network and of the server: panics, exceptions, warnings, violations. */
  trouble(): string[] {
    return this.allProblems().filter((problem) => !PROVOKED.test(problem));
  }

  /** Everything that should not have happened, in a test that may have provoked failures. */
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

/** Whether users may be listed is found out by trying, and only admins may. */
function isOptionalLookUp(status: number, url: string): boolean {
  return status === 403 && new URL(url).pathname === "/api/v1/users/";
}

/** The secret in the answer about one token, so that it can be looked for in the page. */
async function readSecret(response: Response): Promise<{ name: string; secret: string } | undefined> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    // No JSON, or the page was left before the answer was complete: then the page has not got it either.
    return undefined;
  }
  if (typeof body === "object" && body !== null && "token" in body && typeof body.token === "string") {
    return { name: "name" in body ? String(body.name) : "?", secret: body.token };
  }
  return undefined;
}
