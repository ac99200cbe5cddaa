// What changes something reaches the API once, also where the API breaks off without an answer: browsers repeat what they
// sent on a connection that was kept alive and is closed without an answer.
import { expect, test } from "@playwright/test";

import { FakeApi } from "./fake-api.ts";
import { kinds, places, WebServer } from "./web-server.ts";

for (const kind of kinds) {
  test(`${kind}: a change that is not answered is sent once`, async ({ page }) => {
    const api = await FakeApi.start((request, response) => {
      if (request.method === "GET") {
        response.setHeader("content-type", "application/json").end("[]");
      } else {
        request.socket.destroy();
      }
    });
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
          api.asked.length = 0;
          const status = await page.evaluate(
            async ({ method, path, before }) => {
              await (await fetch(before, { cache: "no-store" })).text();
              const body = method === "DELETE" ? null : "name=once";
              return (await fetch(path, { method, body })).status;
            },
            { method, path, before },
          );
          expect(status, `${method} after ${before}`).toBe(502);
          const changes = api.asked.map(({ what }) => what).filter((what) => !what.startsWith("GET "));
          expect(changes, `${method} after ${before}`).toEqual([`${method} /${path}`]);
        }
      }
    } finally {
      await webServer.stop();
      await api.stop();
    }
  });
}
