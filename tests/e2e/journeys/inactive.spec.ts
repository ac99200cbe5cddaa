// dave: his password is right, but he is not active. And other users who mistype theirs.
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
    // The input is still there, to be corrected.
    await expect(signInForm.username(page)).toHaveValue(name);
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);

    await page.goto(at.tokens);
    await expect(heading(page, "Sign in")).toBeVisible();
    await expect(list.table(page)).toHaveCount(0);
  });
}

for (const [window, size] of Object.entries({
  "a phone with a keyboard": { width: 390, height: 520 },
  "a laptop at 200 % zoom": { width: 640, height: 400 },
})) {
  test(`why it failed is seen on ${window}`, async ({ page, watch }) => {
    watch.expectStatus(401);
    await page.setViewportSize(size);
    await page.goto(at.signIn);
    await signInForm.byPassword(page).check();
    await signInForm.username(page).fill(alice.name);
    await signInForm.password(page).fill("not-her-pass");
    await page.keyboard.press("Enter");
    await expect(alert(page)).toBeInViewport({ ratio: 1 });
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
