// Responses that the embedded server does not give by itself, given in its place.
import type { Page, Route } from "@playwright/test";

/** Requests for the list, and for creating a token. */
export const COLLECTION = /\/api\/v1\/api_tokens\/?(\?.*)?$/;
/** Requests for the list from its second page on. */
export const LATER_PAGES = /\/api\/v1\/api_tokens\/\?.*\boffset=[1-9]/;
/** Requests for one token. */
export const ONE = /\/api\/v1\/api_tokens\/\d+$/;
/** All requests to the server. */
export const ANYTHING = /\/api\/v1\//;

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "OPTIONS";
type Answer = Parameters<Route["fulfill"]>[0];

/** Handles the requests of one kind differently. */
async function insteadOf(
  page: Page,
  method: Method,
  address: RegExp,
  act: (route: Route) => Promise<void>,
): Promise<void> {
  await page.route(address, (route) => (route.request().method() === method ? act(route) : route.fallback()));
}

/** Responds in the server's place. */
export async function answer(page: Page, method: Method, address: RegExp, given: Answer): Promise<void> {
  await insteadOf(page, method, address, (route) => route.fulfill(given));
}

/** Refuses with this status, in the API's format. */
export async function refuse(page: Page, method: Method, address: RegExp, status: number): Promise<void> {
  await answer(page, method, address, { status, json: { code: status, message: "Refused by the tour" } });
}

/** Never responds: requests stay in flight. */
export async function hold(page: Page, method: Method, address: RegExp): Promise<void> {
  await insteadOf(page, method, address, () => Promise.resolve());
}

/** Responds with the allowed methods. */
export async function allow(page: Page, address: RegExp, methods: string): Promise<void> {
  await answer(page, "OPTIONS", address, { status: 204, headers: { allow: methods } });
}

/** Drops the connection. */
export async function cut(page: Page, address: RegExp): Promise<void> {
  await page.route(address, (route) => route.abort("connectionrefused"));
}

/** Lets the server carry out the request, and loses its response. */
export async function loseAnswer(page: Page, method: Method, address: RegExp): Promise<void> {
  await insteadOf(page, method, address, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
}
