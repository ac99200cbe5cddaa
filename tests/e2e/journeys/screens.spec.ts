// Pictures of every screen, to be looked at: wide and narrow, light and dark. What a test can say about
// them is that nothing sticks out sideways.
//
// With UPDATE_DOC_IMAGES=1 the pictures of the documentation are made as well.
import type { Page } from "@playwright/test";
import { join } from "node:path";

import { colourSchemes } from "../support/axe.ts";
import { docImages, results } from "../support/environment.ts";
import { expect, test } from "../support/fixtures.ts";
import { alice, demoTokens, root } from "../support/personas.ts";
import {
  at,
  deletionDialog,
  heading,
  list,
  notPermitted,
  openToken,
  signIn,
  signInForm,
  tokenScreen,
} from "../support/screens.ts";

const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** Those that the documentation shows. */
const documented = ["tokens"];

async function photograph(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of colourSchemes) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({
        path: join(results, "screens", `${name}-${size}-${colorScheme}.png`),
        fullPage: true,
      });
      if (
        process.env["UPDATE_DOC_IMAGES"] &&
        documented.includes(name) &&
        size === "wide" &&
        colorScheme === "light"
      ) {
        await page.screenshot({ path: join(docImages, `${name}.png`) });
      }
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${name} is wider than a ${size} screen by`).toBeLessThanOrEqual(0);
  }
}

test("sign in", async ({ page }) => {
  await page.goto(at.signIn);
  await signInForm.byPassword(page).check();
  await photograph(page, "sign-in");
});

test("the screens of tokens", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await expect(list.token(page, demoTokens.firstOfAlice.name)).toBeVisible();
  await expect(page.getByText("Loading", { exact: true })).toHaveCount(0);
  await photograph(page, "tokens");

  await openToken(page, demoTokens.firstOfAlice);
  await expect(tokenScreen.enabled(page)).toBeVisible();
  await photograph(page, "token");

  await tokenScreen.delete(page).click();
  await expect(deletionDialog(page, demoTokens.firstOfAlice.name).cancel).toBeFocused();
  await photograph(page, "token-delete");
});

test("a new token", async ({ page, secrets }) => {
  await signIn(page, root, secrets);
  await list.newToken(page).click();
  await expect(heading(page, "New token")).toBeVisible();
  await expect(page.getByLabel("Owner", { exact: true })).toBeVisible();
  await photograph(page, "new-token");
});

test("refused and not found", async ({ page, secrets, watch }) => {
  watch.expectStatus(403);
  await signIn(page, alice, secrets);
  await page.goto(at.token(demoTokens.laptopOfBob.id));
  await expect(page.getByRole("main")).toContainText(notPermitted);
  await photograph(page, "refused");
  await page.goto("nowhere");
  await expect(heading(page, /not found/i)).toBeVisible();
  await photograph(page, "not-found");
});
