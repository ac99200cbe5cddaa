// "Sign in", and what is visible without being signed in.
import { expect } from "@playwright/test";

import { alice } from "../../support/personas.ts";
import { alert, at, heading, signInForm, submitPassword } from "../../support/screens.ts";
import { withSettings } from "../../support/settings.ts";
import { ANYTHING, cut } from "../answers.ts";
import type { Stop } from "../stop.ts";

export const signInStops: readonly Stop[] = [
  {
    name: "sign in: with a token",
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await signInForm.byToken(page).check();
      await expect(signInForm.token(page)).toBeVisible();
    },
  },
  {
    name: "sign in: with a password",
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await enter();
      await signInForm.byPassword(page).check();
      await expect(signInForm.password(page)).toBeVisible();
      await expect(signInForm.stay(page)).toBeChecked();
    },
  },
  {
    name: "sign in: not to be kept, and with a token of its own",
    go: async ({ page, enter }) => {
      await enter();
      await signInForm.byPassword(page).check();
      await signInForm.stay(page).uncheck();
      await signInForm.temporaryToken(page).check();
      await expect(signInForm.temporaryToken(page)).toBeChecked();
    },
  },
  {
    name: "sign in: nothing typed",
    go: async ({ page, enter }) => {
      await enter();
      await signInForm.byPassword(page).check();
      await signInForm.submit(page).click();
      await expect(page.getByText("Enter your username.")).toBeVisible();
    },
  },
  {
    name: "sign in: a token with a space",
    go: async ({ page, enter }) => {
      await enter();
      await signInForm.token(page).fill("two words");
      await signInForm.submit(page).click();
      await expect(page.getByText("This contains a space")).toBeVisible();
    },
  },
  {
    name: "sign in: refused",
    go: async ({ page, watch, enter }) => {
      watch.expectStatus(401);
      await enter();
      await submitPassword(page, alice.name, "wrong");
      await expect(alert(page)).toContainText("the server did not accept these credentials");
    },
  },
  {
    name: "sign in: the server cannot be reached",
    go: async ({ page, watch, enter }) => {
      watch.expectFailures();
      await enter();
      await cut(page, ANYTHING);
      await submitPassword(page, alice.name, "any");
      await expect(alert(page)).toContainText("the server cannot be reached");
    },
  },
  {
    name: "sign in: without a network",
    go: async ({ page, context, watch, enter }) => {
      watch.expectFailures();
      await enter();
      // The form is in a part of its own.
      await expect(signInForm.submit(page)).toBeVisible();
      await context.setOffline(true);
      await submitPassword(page, alice.name, "any");
      await expect(page.getByText(/offline/).filter({ visible: true })).toBeVisible();
    },
  },
  {
    name: "misconfigured",
    isOrdinary: true,
    go: async ({ page, enter }) => {
      await page.route("**/sign-in", async (route) => {
        const response = await route.fetch();
        const settings = { "api-base": "api.example.org", "idle-minutes": "soon" };
        await route.fulfill({ response, body: withSettings(await response.text(), settings) });
      });
      await enter(at.signIn);
      await expect(heading(page, "Credential Manager")).toBeVisible();
      await expect(page.getByText("credmgr:api-base is “api.example.org”")).toBeVisible();
    },
  },
];
