// An API that does what a test says, and remembers what it was asked.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  /** Method and path: `GET /api/v1/api_tokens/`. */
  readonly what: string;
  readonly headers: IncomingHttpHeaders;
}

export class FakeApi {
  private constructor(
    /** `http://127.0.0.1:PORT`, without a slash. */
    readonly origin: string,
    readonly asked: Asked[],
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  /** Starts one that answers a request, of which it has read all, in this way. */
  static async start(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<FakeApi> {
    const asked: Asked[] = [];
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        asked.push({ what: `${request.method} ${request.url}`, headers: request.headers });
        answer(request, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new FakeApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
