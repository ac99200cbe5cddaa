// dave: his password is right, and he is not active. And the others when they mistype theirs.
import { expect, test } from "../support/fixtures.ts";
import { alice, dave } from "../support/personas.ts";
import { alert, at, heading, list, signInForm, submitPassword } from "../support/screens.ts";

for (const { who, name, password } of [
  { who: "dave, who is inactive,", name: dave.name, password: dave.password },
  { who: "alice with a wrong password", name: alice.name, password: "not-her-pass" },
  { who: "somebody unknown", name: "nobody", password: "x" },
]) {
  test(`${who} cannot sign in`, async ({ page, watch }) => {
    watch.expectStatus(401);
    await page.goto(at.signIn);
    await submitPassword(page, name, password);

    await expect(alert(page)).toBeVisible();
    await expect(heading(page, "Sign in")).toBeVisible();
    // What was typed is still there, to be corrected.
    await expect(signInForm.username(page)).toHaveValue(name);
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);

    await page.goto(at.tokens);
    await expect(heading(page, "Sign in")).toBeVisible();
    await expect(list.table(page)).toHaveCount(0);
  });
}

test("a wrong token does not sign in", async ({ page, watch }) => {
  watch.expectStatus(401);
  await page.goto(at.signIn);
  await signInForm.byToken(page).check();
  await signInForm.token(page).fill("not-a-token-of-anybody");
  await signInForm.submit(page).click();
  await expect(alert(page)).toBeVisible();
  await expect(heading(page, "Sign in")).toBeVisible();
});
