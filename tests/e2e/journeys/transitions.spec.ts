// Between screens there is a view transition if the browser supports it, unless the user prefers reduced motion.
import type { Page } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import { heading, list, signIn } from "../support/screens.ts";

declare global {
  // Set in the page while transitions are counted.
  var transitions: number;
}

/** Counts transitions, in every document loaded from now on. */
async function countTransitions(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    globalThis.transitions = 0;
    const start = document.startViewTransition.bind(document);
    document.startViewTransition = (...given) => {
      globalThis.transitions += 1;
      return start(...given);
    };
  });
  return () => page.evaluate(() => globalThis.transitions);
}

const { name } = demoTokens.firstOfAlice;

test.describe("with motion", () => {
  test.use({ contextOptions: { reducedMotion: "no-preference" } });

  test("links lead to the next screen in a transition, and the focus is there", async ({ page, secrets }) => {
    const transitions = await countTransitions(page);
    await signIn(page, alice, secrets);
    await list.token(page, name).click();
    await expect(heading(page, name)).toBeFocused();
    expect(await transitions()).toBe(1);
    await page.goBack();
    await expect(heading(page, "API tokens")).toBeVisible();
    // By keyboard as well.
    await list.newToken(page).press("Enter");
    await expect(heading(page, "New token")).toBeVisible();
    expect(await transitions()).toBe(2);
  });

  test("whoever is quicker than the transition arrives where they pressed last", async ({
    page,
    secrets,
  }) => {
    await signIn(page, alice, secrets);
    const links = [name, "alice-token-02", "alice-token-03"].map((each) => list.token(page, each));
    const handles = await Promise.all(links.map((link) => link.elementHandle()));
    await page.evaluate(
      (elements) => elements.forEach((element) => (element as HTMLElement).click()),
      handles,
    );
    await expect(heading(page, "alice-token-03")).toBeVisible();
    await page.goBack();
    await expect(heading(page, "alice-token-02")).toBeVisible();
  });

  test("a link that is opened elsewhere leaves this screen as it is", async ({ page, context, secrets }) => {
    const transitions = await countTransitions(page);
    await signIn(page, alice, secrets);
    const opened = context.waitForEvent("page");
    await list.token(page, name).click({ modifiers: ["ControlOrMeta"] });
    await (await opened).close();
    await expect(heading(page, "API tokens")).toBeVisible();
    expect(await transitions()).toBe(0);
  });
});

test("whoever wants less motion goes at once", async ({ page, secrets }) => {
  const transitions = await countTransitions(page);
  await signIn(page, alice, secrets);
  await list.token(page, name).click();
  await expect(heading(page, name)).toBeVisible();
  expect(await transitions()).toBe(0);
});
