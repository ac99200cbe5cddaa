// The console as built by `cargo xtask dist`, on common web servers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { distributions } from "../support/environment.ts";
import { expect, test as base } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import { at, completeSignIn, heading } from "../support/screens.ts";
import { Watch } from "../support/watch.ts";
import { ask, content } from "./answer.ts";
import { type Kind, kinds, type Place, places, WebServer } from "./web-server.ts";

/** Headers that the embedded server sends with files, and that hosts must send as well. */
const HEADERS = [
  "content-security-policy",
  "permissions-policy",
  "cross-origin-opener-policy",
  "x-content-type-options",
  "referrer-policy",
] as const;

const FOREVER = "public, max-age=31536000, immutable";
const TYPES = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  wasm: "application/wasm",
};

interface Options {
  /** Set with `test.use`: which web server, and which distribution. */
  host: { readonly kind: Kind; readonly place: Place };
}

const test = base.extend<Options & { webServer: WebServer }>({
  host: [{ kind: "nginx", place: places[0]! }, { option: true }],
  webServer: async ({ host, server }, use) => {
    const webServer = await WebServer.start(host.kind, host.place, server.origin);
    await use(webServer);
    await webServer.stop();
  },
  baseURL: async ({ webServer }, use) => use(webServer.consoleUrl),
  watch: async ({ webServer }, use) => use(new Watch(webServer.origin)),
});

/** The files of a console that browsers ask for. */
function filesOf({ distribution }: Place): { name: string; type: string; content: Buffer }[] {
  const folder = join(distributions, distribution, "console");
  return readdirSync(folder).flatMap((name) => {
    const type = TYPES[name.split(".").at(-1) as keyof typeof TYPES];
    return type ? [{ name, type, content: readFileSync(join(folder, name)) }] : [];
  });
}

for (const kind of kinds) {
  for (const place of places) {
    test.describe(`${kind}, ${place.path}`, () => {
      test.use({
        host: { kind, place },
        serverOptions: { dist: join(distributions, place.distribution, "console"), consolePath: place.path },
      });

      test("files come with their type, compressed, and are kept by the browser", async ({ webServer }) => {
        const files = filesOf(place);
        expect(new Set(files.map(({ type }) => type)).size, "all types are there").toBe(4);
        for (const file of files) {
          const url = webServer.consoleUrl + file.name;
          const isHashed = /-[0-9a-f]{16}(_bg)?\.[a-z]+$/.test(file.name);
          for (const [accepted, coding] of [
            ["gzip, deflate, br, zstd", "br"],
            ["gzip, deflate", "gzip"],
            ["br;q=0, gzip;q=0.5", "gzip"],
            ["br;q=0, gzip; q=0.000", undefined],
            ["", undefined],
          ] as const) {
            const answer = await ask(url, { "accept-encoding": accepted });
            const what = `${file.name}, accepting "${accepted}"`;
            expect(answer.status, what).toBe(200);
            expect(answer.headers["content-type"]?.split(";")[0], what).toBe(file.type);
            expect(answer.headers["cache-control"], what).toBe(isHashed ? FOREVER : "no-cache");
            expect(answer.headers["content-language"], what).toBeUndefined();
            // The smallest files are not compressed.
            const isCompressed = file.content.length >= 256;
            expect(answer.headers["content-encoding"], what).toBe(isCompressed ? coding : undefined);
            expect(answer.headers.vary ?? "", what).toMatch(
              isCompressed ? /^accept-encoding$/i : /^(accept-encoding)?$/i,
            );
            expect(content(answer).equals(file.content), what).toBe(true);
          }
        }
      });

      test("every screen is the page, and what is missing stays missing", async ({ webServer }) => {
        const page = readFileSync(join(distributions, place.distribution, "console/index.html"));
        for (const address of [
          "",
          "sign-in",
          "tokens",
          "tokens/5",
          "tokens/5/rotate?a=b.c",
          "tokens/",
          "nowhere/x",
        ]) {
          const answer = await ask(webServer.consoleUrl + address, { accept: "text/html" });
          expect(answer.status, address).toBe(200);
          expect(answer.headers["content-type"], address).toMatch(/^text\/html; ?charset=utf-8$/i);
          expect(answer.headers["cache-control"], address).toBe("no-cache");
          expect(answer.body.equals(page), address).toBe(true);
        }
        for (const address of [
          "missing.js",
          "missing.css",
          "missing-0123456789abcdef_bg.wasm",
          "tokens/missing.js",
          ".htaccess",
          ".git/config",
        ]) {
          const answer = await ask(webServer.consoleUrl + address);
          expect(answer.status, address).toBe(404);
          expect(answer.headers["cache-control"], address).toBe("no-store");
          expect(answer.body.includes("credmgr:start"), address).toBe(false);
        }
      });

      test("every answer has the headers that the embedded server sends", async ({ webServer, server }) => {
        const wasm = filesOf(place).find(({ type }) => type === TYPES.wasm)!.name;
        for (const address of ["", "tokens/5", "index.html", wasm, "missing.js", ".htaccess"]) {
          const [expected, found] = await Promise.all([
            ask(server.consoleUrl + address),
            ask(webServer.consoleUrl + address),
          ]);
          expect(found.status, address).toBe(expected.status);
          for (const header of [...HEADERS, "cache-control"]) {
            expect(found.headers[header], `${header} of ${address}`).toBe(expected.headers[header]);
            expect(found.headers[header], `${header} of ${address}`).toBeTruthy();
          }
        }
      });

      test("a link to a token leads through signing in to the token", async ({
        page,
        webServer,
        secrets,
      }) => {
        const { id, name } = demoTokens.firstOfAlice;
        await page.goto(at.token(id));
        await expect(heading(page, "Sign in")).toBeVisible();
        await completeSignIn(page, alice, secrets);
        await expect(heading(page, name)).toBeVisible();
        await expect(page).toHaveURL(webServer.consoleUrl + at.token(id));
        await page.reload();
        await expect(heading(page, name)).toBeVisible();
      });
    });
  }
}

test.describe("the path without its slash", () => {
  for (const kind of kinds) {
    test.describe(kind, () => {
      test.use({ host: { kind, place: places[1]! } });

      test("leads to the console", async ({ webServer }) => {
        const answer = await ask(`${webServer.origin}/console`);
        expect(answer.status).toBeGreaterThan(300);
        expect(answer.status).toBeLessThan(309);
        expect(new URL(answer.headers.location!, webServer.origin).href).toBe(webServer.consoleUrl);
      });
    });
  }
});
