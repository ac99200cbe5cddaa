// The URL is state: external links, reload and back work, at the root and under a sub-path.
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens } from "../support/personas.ts";
import { at, completeSignIn, heading, list, signIn } from "../support/screens.ts";
import { distUnderSubPath } from "../support/environment.ts";

const places = [
  { where: "at the root", use: {} },
  {
    where: "under a sub-path",
    use: { serverOptions: { dist: distUnderSubPath, consolePath: "/console/" } },
  },
];

for (const { where, use } of places) {
  test.describe(where, () => {
    test.use(use);

    test("a link to a token leads through signing in to the token", async ({ page, baseURL, secrets }) => {
      const token = demoTokens.firstOfAlice;
      const address = new URL(at.token(token.id), baseURL).href;
      await page.goto(address);
      await expect(heading(page, "Sign in")).toBeVisible();
      expect(page.url()).toContain(new URL(at.signIn, baseURL).href);

      await completeSignIn(page, alice, secrets);
      await expect(heading(page, token.name)).toBeVisible();
      await expect(page).toHaveURL(address);

      await page.reload();
      await expect(heading(page, token.name)).toBeVisible();
      await expect(page).toHaveURL(address);
    });

    test("back and forward go through the screens", async ({ page, secrets }) => {
      await signIn(page, alice, secrets);
      await list.nextPage(page).click();
      await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeHidden();
      const second = page.url();
      const name = await list.names(page).first().innerText();
      await list.token(page, name).click();
      await expect(heading(page, name)).toBeVisible();

      await page.goBack();
      await expect(page).toHaveURL(second);
      await expect(list.token(page, name)).toBeVisible();
      await page.goBack();
      await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeVisible();
      await page.goForward();
      await expect(list.token(page, name)).toBeVisible();
      await page.reload();
      await expect(list.token(page, name)).toBeVisible();
    });

    test("the address is that of the screen, also by a link after back and forward", async ({
      page,
      baseURL,
      secrets,
    }) => {
      await signIn(page, alice, secrets);
      const first = page.url();
      const { name } = demoTokens.firstOfAlice;
      await list.token(page, name).click();
      await expect(heading(page, name)).toBeVisible();
      const token = page.url();
      await page.goBack();
      await expect(heading(page, "API tokens")).toBeVisible();
      await page.goForward();
      await expect(heading(page, name)).toBeVisible();
      await page.getByRole("main").getByRole("link", { name: "API tokens" }).click();
      await expect(heading(page, "API tokens")).toBeVisible();
      await expect(page).toHaveURL(first);
      // One step back, and no more.
      await page.goBack();
      await expect(page).toHaveURL(token);
      await expect(heading(page, name)).toBeVisible();

      // The same between the pages of the list, whose links the router follows by itself.
      await page.goto(new URL(at.tokens, baseURL).href);
      await list.nextPage(page).click();
      await expect(list.token(page, name)).toBeHidden();
      await page.goBack();
      await expect(list.token(page, name)).toBeVisible();
      await page.goForward();
      await expect(list.token(page, name)).toBeHidden();
      await list.previousPage(page).click();
      await expect(list.token(page, name)).toBeVisible();
      await expect(page).not.toHaveURL(/page=2/);
      await page.goBack();
      await expect(page).toHaveURL(/page=2/);
      await expect(list.token(page, name)).toBeHidden();
    });

    test("the beginning leads to the list", async ({ page, baseURL, secrets }) => {
      await page.goto("");
      await expect(heading(page, "Sign in")).toBeVisible();
      await completeSignIn(page, alice, secrets);
      await expect(heading(page, "API tokens")).toBeVisible();
      await page.goto("");
      await expect(heading(page, "API tokens")).toBeVisible();
      expect(page.url().startsWith(baseURL ?? "none")).toBe(true);
    });

    for (const address of ["nowhere", "tokens/abc", "tokens/1/2/3", "tokens/99999999999999999999"]) {
      test(`an unknown address, ${address}, says so and leads on`, async ({ page, secrets }) => {
        await signIn(page, alice, secrets);
        await page.goto(address);
        await expect(heading(page, /not found/i)).toBeVisible();
        await page.getByRole("main").getByRole("link").first().click();
        await expect(heading(page, "API tokens")).toBeVisible();
      });
    }

    test("a token that does not exist says so and leads on", async ({ page, secrets, watch }) => {
      watch.expectStatus(404);
      await signIn(page, alice, secrets);
      await page.goto(at.token(4711));
      await expect(heading(page, /not found/i)).toBeVisible();
      await page.getByRole("main").getByRole("link").first().click();
      await expect(heading(page, "API tokens")).toBeVisible();
    });

    test("signing in does not lead to another origin", async ({ page, baseURL, secrets }) => {
      await page.goto(`${at.signIn}?next=${encodeURIComponent("https://elsewhere.test/")}`);
      await completeSignIn(page, alice, secrets);
      await expect(heading(page, "API tokens")).toBeVisible();
      expect(page.url().startsWith(baseURL ?? "none")).toBe(true);
    });
  });
}
