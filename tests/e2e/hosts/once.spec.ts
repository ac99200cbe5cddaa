// What changes something reaches the API once, also where the API breaks off without an answer: browsers repeat what they
// sent on a connection that was kept alive and is closed without an answer.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, test as base } from "@playwright/test";

import { kinds, places, WebServer } from "./web-server.ts";

/** An API that answers a GET, and closes the connection instead of answering anything else. */
class BreakingApi {
  private constructor(
    readonly origin: string,
    /** The changes that have arrived: `POST /api/v1/api_tokens/`. */
    readonly changes: string[],
    private readonly server: Server,
  ) {}

  static async start(): Promise<BreakingApi> {
    const changes: string[] = [];
    const server = createServer((request, response) => {
      request.resume().on("end", () => {
        if (request.method === "GET") {
          response.setHeader("content-type", "application/json").end("[]");
        } else {
          changes.push(`${request.method} ${request.url}`);
          request.socket.destroy();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return new BreakingApi(`http://127.0.0.1:${port}`, changes, server);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const test = base.extend<{ api: BreakingApi }>({
  api: async ({}, use) => {
    const api = await BreakingApi.start();
    await use(api);
    await api.stop();
  },
});

for (const kind of kinds) {
  test(`${kind}: a change that is not answered is sent once`, async ({ page, api }) => {
    const webServer = await WebServer.start(kind, places[0]!, api.origin);
    try {
      await page.goto(webServer.consoleUrl);
      for (const [method, path] of [
        ["POST", "api/v1/api_tokens/"],
        ["PATCH", "api/v1/api_tokens/5"],
        ["DELETE", "api/v1/api_tokens/5"],
      ] as const) {
        // After a file and after an answer of the API: both leave a connection, if the web server keeps any.
        for (const before of ["index.html", "api/v1/api_tokens/"]) {
          api.changes.length = 0;
          const status = await page.evaluate(
            async ({ method, path, before }) => {
              await (await fetch(before, { cache: "no-store" })).text();
              const body = method === "DELETE" ? null : "name=once";
              return (await fetch(path, { method, body })).status;
            },
            { method, path, before },
          );
          expect(status, `${method} after ${before}`).toBe(502);
          expect(api.changes, `${method} after ${before}`).toEqual([`${method} /${path}`]);
        }
      }
    } finally {
      await webServer.stop();
    }
  });
}
