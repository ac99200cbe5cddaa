// The console on an origin of its own, as a static host serves it: where it finds the API is in the page, and the
// Content-Security-Policy names that origin besides its own.
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

import { dist } from "../support/environment.ts";
import { withSettings } from "../support/settings.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
};

export class OtherOrigin {
  private constructor(private readonly http: HttpServer) {}

  /** Serves the console with these settings (`api-base`, `token-header`, …). */
  static async start(settings: Readonly<Record<string, string>>): Promise<OtherOrigin> {
    const page = withSettings(readFileSync(join(dist, "index.html"), "utf8"), settings);
    const policy = [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self' ${new URL(settings["api-base"] ?? "", "http://127.0.0.1").origin}`,
      "base-uri 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; ");
    const http = createServer((request, response) => {
      const name = decodeURIComponent(new URL(request.url ?? "/", "http://127.0.0.1").pathname).slice(1);
      const file = join(dist, name);
      const isFile = /^[\w.-]+$/.test(name) && name !== "index.html" && existsSync(file);
      response.setHeader("content-security-policy", policy);
      response.setHeader("content-type", TYPES[isFile ? extname(name) : ".html"] ?? "text/plain");
      response.end(isFile ? readFileSync(file) : page);
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return new OtherOrigin(http);
  }

  /** With a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}
