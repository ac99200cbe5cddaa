// Web sites for tests, each on its own origin.
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { withSettings } from "./settings.ts";

export interface Site {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly origin: string;
  readonly stop: () => void;
}

export async function serve(answer: RequestListener): Promise<Site> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${port}`, stop };
}

/** Serves the console of `origin` with other settings, and with its Content-Security-Policy changed by `policyOf`. */
export async function serveConsole(
  origin: string,
  settings: Readonly<Record<string, string>>,
  policyOf: (policy: string) => string | undefined,
): Promise<Site> {
  const pass = async (path: string, response: ServerResponse) => {
    const answer = await fetch(`${origin}${path}`);
    const type = answer.headers.get("content-type") ?? "";
    response.setHeader("content-type", type);
    const policy = policyOf(answer.headers.get("content-security-policy") ?? "");
    if (policy !== undefined) {
      response.setHeader("content-security-policy", policy);
    }
    const body = Buffer.from(await answer.arrayBuffer());
    response.end(type.startsWith("text/html") ? withSettings(body.toString(), settings) : body);
  };
  return serve((request, response) => {
    pass(request.url ?? "/", response).catch(() => response.destroy());
  });
}
