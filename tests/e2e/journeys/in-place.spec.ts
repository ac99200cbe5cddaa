// The result of an action on a row is shown above the list, and no row moves: the user may be about to press the next
// one.
import { expect, test } from "../support/fixtures.ts";
import { alice } from "../support/personas.ts";
import { list, phone, signIn, status, uniqueName } from "../support/screens.ts";

const laptop = { width: 1280, height: 800 };

const cases = [
  { what: "a short list", size: laptop, query: "q=in+place", scrolled: 0 },
  { what: "a long list", size: laptop, query: "sort=-id", scrolled: 0 },
  { what: "a long list, scrolled", size: laptop, query: "sort=-id", scrolled: 120 },
  // There, a notice is higher than the content above it.
  { what: "a short list on a phone", size: phone, query: "q=in+place", scrolled: 0 },
  { what: "a long list on a phone", size: phone, query: "sort=-id", scrolled: 0 },
  {
    what: "a long list on a narrow phone",
    size: { width: 320, height: 640 },
    query: "sort=-id",
    scrolled: 0,
  },
];

for (const { what, size, query, scrolled } of cases) {
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
    await page.getByRole("button", { name: `Actions for ${name}` }).press("Enter");
    await page.getByRole("menuitem", { name: "Disable" }).press("Enter");
    const notice = status(page, "Disabled");
    await expect(notice).toBeInViewport({ ratio: 0.9 });
    expect(Math.abs((await place()) - before), "pixels when it comes").toBeLessThanOrEqual(1);
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
  await page.getByRole("button", { name: `Actions for ${name}` }).press("Enter");
  await page.getByRole("menuitem", { name: "Disable" }).press("Enter");
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
