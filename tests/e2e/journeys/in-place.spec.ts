// The result of an action on a row is shown above the list, and no row moves: the user may be about to press the next
// one.
import type { Locator } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { alice } from "../support/personas.ts";
import {
  alert,
  at,
  chooseForRow,
  heading,
  list,
  phone,
  signIn,
  signInForm,
  status,
  submitPassword,
  uniqueName,
} from "../support/screens.ts";

const laptop = { width: 1280, height: 800 };

// `covered` is how many pixels the notice may reach below the top of the heading: none, unless that is scrolled away or
// the window has no room for both.
const cases = [
  { what: "a short list", size: laptop, query: "q=in+place", scrolled: 0, covered: 0 },
  { what: "a long list", size: laptop, query: "sort=-id", scrolled: 0, covered: 0 },
  { what: "a long list, scrolled", size: laptop, query: "sort=-id", scrolled: 120, covered: 120 },
  // There, a notice is higher than the content above it.
  { what: "a short list on a phone", size: phone, query: "q=in+place", scrolled: 0, covered: 0 },
  { what: "a long list on a phone", size: phone, query: "sort=-id", scrolled: 0, covered: 0 },
  {
    what: "a long list on a narrow phone",
    size: { width: 320, height: 640 },
    query: "sort=-id",
    scrolled: 0,
    covered: 30,
  },
];

for (const { what, size, query, scrolled, covered } of cases) {
  test(`${what} stays where it is when a notice comes`, async ({ page, api, secrets }) => {
    await page.setViewportSize(size);
    const name = uniqueName("in place");
    const { id } = await api(alice).create(name);
    await signIn(page, alice, secrets);
    await page.goto(`/tokens?${query}`);
    const row = list.token(page, name);
    await expect(row).toBeVisible();
    await expect(list.table(page).getByText("Loading")).toHaveCount(0);
    await page.evaluate((to) => scrollTo(0, to), scrolled);
    const place = () => row.evaluate((link) => link.getBoundingClientRect().top);

    const before = await place();
    await chooseForRow(page, name, "Disable");
    const notice = status(page, "Disabled");
    await expect(notice).toBeInViewport({ ratio: 0.9 });
    expect(Math.abs((await place()) - before), "pixels when it comes").toBeLessThanOrEqual(1);
    const bottom = await notice.evaluate((words) => words.getBoundingClientRect().bottom);
    const top = await heading(page, "API tokens").evaluate((title) => title.getBoundingClientRect().top);
    expect(bottom - top, "pixels of the heading that the notice covers").toBeLessThanOrEqual(covered);
    await api(alice).delete(id);
  });
}

test("Dismiss has the focus where the page is scrolled to, and gives it back", async ({
  page,
  api,
  secrets,
}) => {
  await page.setViewportSize(laptop);
  const name = uniqueName("in place");
  const { id } = await api(alice).create(name);
  await signIn(page, alice, secrets);
  await page.goto("/tokens?sort=-id");
  await expect(list.token(page, name)).toBeVisible();
  await chooseForRow(page, name, "Disable");
  const dismiss = status(page, "Disabled").getByRole("button", { name: "Dismiss" });
  await expect(dismiss).toBeInViewport({ ratio: 1 });
  // The next element in tab order before the notice.
  await page.getByRole("button", { name: "Sign out" }).focus();
  await page.evaluate(() => scrollTo(0, 300));
  await page.keyboard.press("Tab");
  await expect(dismiss).toBeFocused();
  await expect(dismiss).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => scrollY), "where the page is scrolled to").toBe(300);
  await page.keyboard.press("Enter");
  await expect(dismiss).toHaveCount(0);
  const menu = page.getByRole("button", { name: `Actions for ${name}` });
  await expect(menu).toBeFocused();
  await expect(menu).toBeInViewport({ ratio: 1 });
  await api(alice).delete(id);
});

test("the page stays where it is when the focus goes to the bulk actions and their results", async ({
  page,
  api,
  secrets,
}) => {
  await page.setViewportSize(laptop);
  const names = [uniqueName("in place"), uniqueName("in place")];
  const ids = await Promise.all(names.map(async (name) => (await api(alice).create(name)).id));
  await signIn(page, alice, secrets);
  await page.goto("/tokens?sort=-id");
  const scrolled = () => page.evaluate(() => scrollY);
  // Playwright's own press scrolls.
  const press = async (element: Locator) => {
    await expect(element).toBeInViewport({ ratio: 1 });
    const { x, y, width, height } = (await element.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(x + width / 2, y + height / 2);
  };
  for (const name of names) {
    await press(page.getByRole("checkbox", { name: `Select ${name}` }));
  }
  const bar = page.getByRole("region", { name: "Selection" });
  await press(bar.getByRole("button", { name: "Disable" }));
  await press(page.getByRole("alertdialog").getByRole("button", { name: "Disable 2 tokens" }));
  const results = page.getByRole("region", { name: "Bulk action" });
  await expect(results).toBeFocused();
  await expect(results).toContainText("Disabled 2 tokens.");
  expect(await scrolled(), "when the results have the focus").toBe(0);

  // By keyboard there and back.
  const row = list.names(page).nth(8);
  await row.evaluate((link) => link.focus({ preventScroll: true }));
  await page.keyboard.press("Space");
  await expect(bar).toBeVisible();
  await page.evaluate(() => scrollTo(0, 200));
  await page.keyboard.press("b");
  await expect(bar.getByRole("button", { name: "Enable" })).toBeFocused();
  expect(await scrolled(), "when the bar has the focus").toBe(200);
  for (const id of ids) {
    await api(alice).delete(id);
  }
});

test("no filter moves when another one is set, unless it becomes too long", async ({ page, secrets }) => {
  await page.setViewportSize(laptop);
  await signIn(page, alice, secrets);
  const fields = page.locator(".filters").getByRole("combobox").or(list.search(page));
  const places = () =>
    fields.evaluateAll((all) => all.map((field) => JSON.stringify(field.getBoundingClientRect())));
  const before = await places();
  expect(before.length).toBeGreaterThan(4);
  const choices = [
    ["Owner", String(alice.id)],
    ["Status", "disabled"],
    ["Last used", "never"],
  ] as const;
  for (const [label, value] of choices) {
    await list.filter(page, label).selectOption(value);
    await expect(page).toHaveURL(new RegExp(`=${value}`));
    expect(await places(), label).toEqual(before);
  }
});

test("a wrong ID moves nothing", async ({ page, secrets }) => {
  await page.setViewportSize(laptop);
  await signIn(page, alice, secrets);
  const form = page.getByRole("search", { name: "Open a token" });
  const parts = [
    form.getByRole("textbox"),
    form.getByRole("button", { name: "Open" }),
    list.search(page),
    list.table(page),
  ];
  const places = () => Promise.all(parts.map((part) => part.boundingBox()));
  const before = await places();
  await form.getByRole("textbox").fill("abc");
  await form.getByRole("button", { name: "Open" }).click();
  await expect(form.getByText("Enter a whole number.")).toBeInViewport({ ratio: 1 });
  expect(await places()).toEqual(before);
});

test("after a wrong password the button is still in the window", async ({ page, watch }) => {
  await page.setViewportSize(laptop);
  watch.expectStatus(401);
  await page.goto(at.signIn);
  await submitPassword(page, alice.name, "wrong");
  await expect(alert(page)).toContainText("did not accept these credentials");
  await expect(signInForm.submit(page)).toBeInViewport({ ratio: 1 });
});

test("a very long name takes four lines at most above its form", async ({ page, api, secrets }) => {
  const long = uniqueName("W".repeat(300));
  const { id } = await api(alice).create(long);
  await signIn(page, alice, secrets);
  await page.goto(at.token(id));
  await expect(heading(page, long)).toBeVisible();
  for (const size of [laptop, phone]) {
    await page.setViewportSize(size);
    const height = await heading(page, long).evaluate((h1) => h1.getBoundingClientRect().height);
    expect(height).toBeLessThanOrEqual(5 * 22);
  }
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(long);
  await api(alice).delete(id);
});
