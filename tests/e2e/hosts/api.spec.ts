// What web servers change of what passes between the browser and the API: the same as the embedded server.
import { expect, test } from "@playwright/test";

import { defaultServerOptions, Server } from "../support/server.ts";
import { ask } from "./answer.ts";
import { FakeApi } from "./fake-api.ts";
import { kinds, places, WebServer } from "./web-server.ts";

/** What the embedded server sends with the answers of an API, and hosts have to send as well. */
const HEADERS = [
  "content-security-policy",
  "cache-control",
  "x-content-type-options",
  "referrer-policy",
] as const;

/** What an API may send that affects more than its response, and must not pass. */
const DROPPED = {
  "set-cookie": "session=1; Path=/",
  "clear-site-data": '"storage"',
  "strict-transport-security": "max-age=1",
  "www-authenticate": 'Basic realm="api"',
  refresh: "0; url=https://elsewhere.example.org/",
} as const;

/** What a client may say of where its request comes from, or what it is for, in the place of a proxy. */
const CLAIMED = {
  cookie: "session=1",
  forwarded: "for=203.0.113.5",
  "x-real-ip": "203.0.113.5",
  "x-forwarded-port": "1",
  "x-forwarded-prefix": "/elsewhere",
  "x-script-name": "/elsewhere",
  "x-original-url": "/elsewhere",
} as const;

const STATUSES = [200, 204, 404, 422, 500, 502];

/** An API, or something in front of it, that would have pages run, and be kept. */
function startCarelessApi(): Promise<FakeApi> {
  return FakeApi.start((request, response) => {
    response.statusCode = Number(request.url!.split("/").at(-1));
    response.setHeader("content-type", response.statusCode === 200 ? "application/json" : "text/html");
    response.setHeader("content-security-policy", "default-src *");
    response.setHeader("cache-control", "public, max-age=60");
    response.setHeader("x-content-type-options", "none");
    response.setHeader("referrer-policy", "unsafe-url");
    response.setHeader("allow", "GET, POST");
    Object.entries(DROPPED).forEach(([name, value]) => response.setHeader(name, value));
    response.end(response.statusCode === 204 ? undefined : "<script>alert(1)</script>");
  });
}

for (const kind of kinds) {
  test.describe(kind, () => {
    test("answers of the API are not kept, none runs as a page, and none sets a cookie", async () => {
      const api = await startCarelessApi();
      const webServer = await WebServer.start(kind, places[0]!, api.origin);
      const server = await Server.start({ ...defaultServerOptions, upstream: api.origin });
      try {
        for (const status of STATUSES) {
          const [expected, found] = await Promise.all([
            ask(`${server.origin}/api/v1/${status}`),
            ask(`${webServer.origin}/api/v1/${status}`),
          ]);
          expect(found.status).toBe(status);
          expect(expected.status).toBe(status);
          for (const header of [...HEADERS, "allow"]) {
            expect(found.headers[header], `${header} of a ${status}`).toBe(expected.headers[header]);
            expect(found.headers[header], `${header} of a ${status}`).toBeTruthy();
          }
          for (const header of Object.keys(DROPPED)) {
            expect(expected.headers[header], `${header} of a ${status}`).toBeUndefined();
            expect(found.headers[header], `${header} of a ${status}`).toBeUndefined();
          }
        }
        await api.stop();
        // What the web server says in place of the API.
        const found = await ask(`${webServer.origin}/api/v1/200`);
        expect(found.status).toBeGreaterThanOrEqual(502);
        expect(found.headers["content-security-policy"]).toContain("sandbox");
        expect(found.headers["cache-control"]).toBe("no-store");
      } finally {
        await Promise.all([webServer.stop(), server.stop()]);
      }
    });

    test("the API learns who asks, whatever they say themselves", async () => {
      const api = await startCarelessApi();
      const webServer = await WebServer.start(kind, places[0]!, api.origin);
      try {
        await ask(`${webServer.origin}/api/v1/200`, {
          "x-forwarded-for": "203.0.113.5",
          "x-forwarded-host": "elsewhere.example.org",
          "x-forwarded-proto": "https",
          ...CLAIMED,
        });
        const headers = api.asked[0]!.headers;
        expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
        expect(headers["x-forwarded-host"]).toBe(new URL(webServer.origin).host);
        expect(headers["x-forwarded-proto"]).toBe("http");
        expect(headers.host).toBe(new URL(api.origin).host);
        for (const header of Object.keys(CLAIMED)) {
          expect(headers[header], header).toBeUndefined();
        }
      } finally {
        await webServer.stop();
        await api.stop();
      }
    });

    test("a host that is visited by TLS only says so with every answer, and others say nothing", async () => {
      const api = await startCarelessApi();
      const addresses = ["", "tokens", "index.html", "missing.js", "api/v1/200", "api/v1/404"];
      for (const tlsOnly of [false, true]) {
        const webServer = await WebServer.start(kind, places[0]!, api.origin, { tlsOnly });
        try {
          for (const address of addresses) {
            const { headers } = await ask(webServer.consoleUrl + address);
            expect(headers["strict-transport-security"], address).toBe(
              tlsOnly ? "max-age=31536000" : undefined,
            );
          }
        } finally {
          await webServer.stop();
        }
      }
      await api.stop();
    });
  });
}
