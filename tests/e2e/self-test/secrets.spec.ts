// Tests the leak detector itself: one that never finds anything would let every journey pass.
import { expect, type Page, test } from "@playwright/test";

import { alice } from "../support/personas.ts";
import { Secrets, SESSION_KEY } from "../support/secrets.ts";

const SECRET = "Zq3~fake.secret_of-a.test-0123456789";
const LABEL = "secret of token 'fake'";

/** A page without secrets, on an origin that exists only for this test. */
async function openHarmless(page: Page): Promise<Secrets> {
  await page.route("https://console.test/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: "<!doctype html><title>Nothing</title><form><label>Field <input></label></form>",
    }),
  );
  await page.goto("https://console.test/");
  const secrets = new Secrets();
  secrets.addToken("fake", SECRET);
  secrets.addPassword(alice);
  return secrets;
}

test("a page without secrets has no leak", async ({ page }) => {
  const secrets = await openHarmless(page);
  expect(await secrets.leaksOf(page)).toEqual([]);
});

const hidingPlaces: Record<string, { place: string; hide: (secret: string) => unknown }> = {
  "in a text": {
    place: "the document",
    hide: (secret) => document.body.append(`before ${secret} after`),
  },
  "in an attribute": {
    place: "the document",
    hide: (secret) => document.body.setAttribute("aria-label", secret),
  },
  "in a comment": {
    place: "the document",
    hide: (secret) => document.body.append(document.createComment(secret)),
  },
  "in a text that is not shown": {
    place: "the document",
    hide: (secret) => {
      document.body.hidden = true;
      document.body.append(secret);
    },
  },
  "in a closed template": {
    place: "the document",
    hide: (secret) => {
      const template = document.createElement("template");
      template.innerHTML = `<p>${secret}</p>`;
      document.body.append(template);
    },
  },
  "in base64 in an attribute": {
    place: "the document",
    hide: (secret) => (document.body.dataset["auth"] = btoa(`x:${secret}`)),
  },
  "in the value of a field": {
    place: "the field Field",
    hide: (secret) => (document.querySelector("input")!.value = secret),
  },
  "in the value of a password field": {
    place: "the field Field",
    hide: (secret) => {
      const field = document.querySelector("input")!;
      field.type = "password";
      field.value = secret;
    },
  },
  "in localStorage": {
    place: "localStorage, key draft",
    hide: (secret) => localStorage.setItem("draft", JSON.stringify({ secret })),
  },
  "in sessionStorage": {
    place: "sessionStorage, key draft",
    hide: (secret) => sessionStorage.setItem("draft", secret),
  },
  "in the address": {
    place: "the history",
    hide: (secret) => history.replaceState(null, "", `?q=${secret}`),
  },
  "in an address before": {
    place: "the history",
    hide: (secret) => {
      history.pushState(null, "", `#${secret}`);
      history.pushState(null, "", "#other");
    },
  },
  "in a state of the history": {
    place: "the history",
    hide: (secret) => history.replaceState({ secret }, ""),
  },
};

for (const [where, { place, hide }] of Object.entries(hidingPlaces)) {
  test(`finds a secret ${where}`, async ({ page }) => {
    const secrets = await openHarmless(page);
    await page.evaluate(hide, SECRET);
    expect(await secrets.leaksOf(page)).toEqual([{ label: LABEL, place }]);
  });
}

test("finds a database and a cache, whatever is in them", async ({ page }) => {
  const secrets = await openHarmless(page);
  await page.evaluate(async () => {
    await new Promise((resolve) => {
      indexedDB.open("drafts").onsuccess = resolve;
    });
    await caches.open("answers");
  });
  expect((await secrets.leaksOf(page)).map(({ place }) => place)).toEqual([
    "indexedDB drafts",
    "cache answers",
  ]);
});

test("finds a secret in addresses and in what was logged, also when it is allowed on the page", async ({
  page,
}) => {
  const secrets = await openHarmless(page);
  secrets.allow(SECRET);
  secrets.allowInSession(SECRET);
  const texts = ["nothing", `https://console.test/?token=${SECRET}`];
  expect(secrets.leaksIn(texts, "an address")).toEqual([{ label: LABEL, place: "an address" }]);
});

test("a secret that is shown on purpose may be in the document, and only there", async ({ page }) => {
  const secrets = await openHarmless(page);
  secrets.allow(SECRET);
  await page.evaluate((secret) => document.body.append(secret), SECRET);
  expect(await secrets.leaksOf(page)).toEqual([]);

  await page.evaluate((secret) => sessionStorage.setItem("draft", secret), SECRET);
  expect(await secrets.leaksOf(page)).toEqual([{ label: LABEL, place: "sessionStorage, key draft" }]);
  await page.evaluate(() => sessionStorage.clear());

  secrets.disallow(SECRET);
  expect(await secrets.leaksOf(page)).toEqual([{ label: LABEL, place: "the document" }]);
});

test("the session's credential may be under the console's key, and only there", async ({ page }) => {
  const secrets = await openHarmless(page);
  const keep = ([key = "", password]: (string | undefined)[]) =>
    sessionStorage.setItem(key, btoa(`alice:${password}`));
  const label = `password of ${alice.name}`;

  await page.evaluate(keep, [SESSION_KEY, alice.password]);
  expect(await secrets.leaksOf(page)).toEqual([{ label, place: `sessionStorage, key ${SESSION_KEY}` }]);

  secrets.allowInSession(alice.password);
  expect(await secrets.leaksOf(page)).toEqual([]);

  await page.evaluate(keep, ["elsewhere", alice.password]);
  expect(await secrets.leaksOf(page)).toEqual([{ label, place: "sessionStorage, key elsewhere" }]);
});

test("a password may be typed into a password field, not into another", async ({ page }) => {
  const secrets = await openHarmless(page);
  const field = page.getByLabel("Field");
  await field.evaluate((input: HTMLInputElement) => (input.type = "password"));
  await field.fill(alice.password);
  expect(await secrets.leaksOf(page)).toEqual([]);

  await field.evaluate((input: HTMLInputElement) => (input.type = "text"));
  expect(await secrets.leaksOf(page)).toEqual([
    { label: `password of ${alice.name}`, place: "the field Field" },
  ]);
});
