// One tab, many random actions, random faults. At the end the page and the server agree, nothing has panicked, and the
// tab uses no more memory than at the beginning. SOAK_ACTIONS and SOAK_SEED set the number of actions and the random
// seed.
import type { Page } from "@playwright/test";

import { Api } from "../support/api.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { expect, test } from "../support/fixtures.ts";
import { bob, demoTokens } from "../support/personas.ts";
import { heading, list, signInByToken } from "../support/screens.ts";
import { expectNoGrowth, measure, type Measurement, print, watchWasmMemory } from "./memory.ts";
import { Random } from "./random.ts";
import { longAnswer } from "./rows.ts";
import { Person } from "./soak-person.ts";
import { openActor, shortenLimits } from "./stage.ts";

const ACTIONS = Number(process.env["SOAK_ACTIONS"] ?? 300);
const SEED = Number(process.env["SOAK_SEED"] ?? 20_200_406);

/** Enough tokens to keep the first page of the list full, so that it is the same at every measurement. */
const TOKENS = 40;

// A trace would be too long to read, take most of the time, and use memory in the page.
test.use({ freshServer: true, trace: "off" });

/** Performs the actions, and measures after each quarter. */
async function live(person: Person, page: Page, proxy: FaultProxy): Promise<Measurement[]> {
  const quarter = Math.floor(ACTIONS / 4);
  const measurements: Measurement[] = [];
  for (let number = 1; number <= ACTIONS; number += 1) {
    // A reload would release leaked memory: there is none from the first measurement on.
    await person.act({ mayReload: number < quarter });
    if (number % quarter === 0) {
      await person.rest();
      if (number === quarter) {
        await meetLongAnswers(page, proxy, person);
      }
      const measurement = await measure(page, number);
      print(String(measurement));
      measurements.push(measurement);
    }
  }
  return measurements;
}

/**
 * Provokes the longest responses, as many at once as the console requests. WebAssembly memory never shrinks, so memory
 * taken before the first measurement does not count as growth later.
 */
async function meetLongAnswers(page: Page, proxy: FaultProxy, person: Person): Promise<void> {
  proxy.hold({
    methods: ["GET"],
    path: /api_tokens\/\d+$/,
    fault: longAnswer,
    strikes: "before the server",
    times: 8,
  });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(list.table(page).getByText("the response is too long")).not.toHaveCount(0);
  await expect(list.table(page).getByText("Loading")).toHaveCount(0);
  await person.rest();
  await expect(list.table(page).getByText("the response is too long")).toHaveCount(0);
}

test(`soak: ${ACTIONS} random actions with seed ${SEED}`, async ({ browser, server }) => {
  test.setTimeout(120_000 + ACTIONS * 2_000);
  const proxy = await FaultProxy.start(server.origin);
  const { token: credential } = await new Api(server.origin, bob).get(demoTokens.laptopOfBob.id);
  const api = new Api(server.origin, { token: credential });
  for (let number = 1; number <= TOKENS; number += 1) {
    await api.create(`soak ${number}`);
  }

  const context = await browser.newContext({ baseURL: proxy.origin });
  // Shortens the wait for responses that never come.
  await context.addInitScript(shortenLimits(20));
  await watchWasmMemory(context);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const { page, watch } = await openActor(context, proxy.origin);
  page.setDefaultTimeout(10_000);
  await page.goto("/sign-in");
  await signInByToken(page, credential);
  await expect(heading(page, "API tokens")).toBeVisible();

  const person = new Person(page, proxy, api, credential, new Random(SEED), TOKENS);
  const measurements = await live(person, page, proxy);
  await person.rest();
  await person.expectPageAgreesWithServer();
  print(person.summary());
  expect(watch.trouble(), "what went wrong behind the screen").toEqual([]);
  expectNoGrowth(measurements);
  await context.close();
  await proxy.stop();
});
