// Where the focus goes when the focused element is removed: near where it was, never lost.
import { expect, test } from "../support/fixtures.ts";
import { alice, root } from "../support/personas.ts";
import { chooseForRow, list, phone, signIn, status, tabTo, uniqueName } from "../support/screens.ts";

test("a row that a filter takes away hands it to the next one", async ({ page, api, secrets }) => {
  const prefix = uniqueName("focus");
  const tokens = [];
  for (const number of [1, 2, 3]) {
    tokens.push(await api(alice).create(`${prefix} ${number}`));
  }
  await signIn(page, alice, secrets);
  await page.goto(`/tokens?q=${encodeURIComponent(prefix)}&status=enabled`);
  await expect(list.names(page)).toHaveCount(3);
  await chooseForRow(page, `${prefix} 2`, "Disable");
  await expect(list.names(page)).toHaveCount(2);
  await expect(page.getByRole("row", { name: `${prefix} 3` }).locator(":focus")).toHaveCount(1);

  // A notice returns the focus to where it was.
  await page.getByRole("button", { name: "Refresh" }).focus();
  await status(page, "Disabled").getByRole("button", { name: "Dismiss" }).press("Enter");
  await expect(page.getByRole("button", { name: "Refresh" })).toBeFocused();
  for (const { id } of tokens) {
    await api(alice).delete(id);
  }
});

test("what is done to selected rows keeps it, on a small window too", async ({ page, api, secrets }) => {
  const prefix = uniqueName("focus bulk");
  const tokens = [];
  for (const number of [1, 2]) {
    tokens.push(await api(alice).create(`${prefix} ${number}`));
  }
  // As at 400 % zoom.
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page, alice, secrets);
  await page.goto(`/tokens?q=${encodeURIComponent(prefix)}`);
  await expect(list.names(page)).toHaveCount(2);
  const boxes = list.table(page).locator("tbody").getByRole("checkbox");
  const bar = page.getByRole("region", { name: "Selection" });
  await boxes.first().press("Space");
  await bar.getByRole("button", { name: "Clear" }).press("Enter");
  await expect(bar).toBeHidden();
  const first = list.table(page).getByRole("checkbox", { name: "Select this page" });
  await expect(first).toBeFocused();

  const results = page.getByRole("region", { name: "Bulk action" });
  for (const act of ["Disable", "Enable"] as const) {
    await boxes.first().press("Space");
    await bar.getByRole("button", { name: act, exact: true }).press("Enter");
    await page
      .getByRole("alertdialog")
      .getByRole("button", { name: `${act} 1 token` })
      .press("Enter");
    await expect(results.getByRole("status").first()).toContainText(`${act}d 1 token.`);
    await expect(results, `after “${act}”`).toBeFocused();
  }
  const dismiss = results.getByRole("button", { name: "Dismiss" });
  await expect(dismiss, "it is where “Cancel” was, so it waits a moment").toBeEnabled();
  await dismiss.press("Enter");
  await expect(results).toBeHidden();
  await expect(first, "one may go on selecting").toBeFocused();
  for (const { id } of tokens) {
    await api(alice).delete(id);
  }
});

test("who clears a selection with the pointer stays where they are", async ({ page, secrets }) => {
  await signIn(page, alice, secrets);
  await list.table(page).getByRole("checkbox", { name: "Select alice-token-12" }).click();
  const bar = page.getByRole("region", { name: "Selection" });
  const clear = bar.getByRole("button", { name: "Clear" });
  await expect(clear).toBeVisible();
  await page.evaluate(() => scrollTo(0, 300));
  // By coordinates: pressing a locator would scroll to the bar's static position.
  const box = await clear.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
  await expect(bar).toBeHidden();
  await expect(page.getByRole("checkbox", { name: "Select this page" })).toBeFocused();
  expect(await page.evaluate(() => scrollY)).toBe(300);
});

test("a row that is selected by key stays in sight when the bar comes", async ({ page, secrets }) => {
  await page.setViewportSize(phone);
  await signIn(page, alice, secrets);
  const row = list.names(page).nth(3);
  const lowest = async () => {
    const box = await row.boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  await expect(row).toBeVisible();
  // At the lower edge of the window, where the bar will appear.
  await row.evaluate((link) => link.scrollIntoView({ block: "end" }));
  await row.focus();
  expect(await lowest()).toBeGreaterThan(phone.height - 150);
  await page.keyboard.press("Space");
  const bar = page.getByRole("region", { name: "Selection" });
  await expect(bar).toBeVisible();
  await expect(row).toBeFocused();
  await expect.poll(async () => (await lowest()) <= ((await bar.boundingBox())?.y ?? 0)).toBe(true);
});

for (const size of [{ width: 1280, height: 800 }, phone, { width: 320, height: 256 }]) {
  test(`who turns pages by key sees where the focus is, ${size.width} pixels wide`, async ({
    page,
    secrets,
  }) => {
    await page.setViewportSize(size);
    await signIn(page, root, secrets);
    await page.goto("/tokens");
    await expect(list.position(page)).toContainText("Page 1:");
    const next = list.nextPage(page);
    await page.getByLabel("Rows").focus();
    await tabTo(page, next);
    for (const number of [2, 3]) {
      await page.keyboard.press("Enter");
      await expect(list.position(page)).toContainText(`Page ${number}:`);
      await expect(list.table(page).getByText("Loading")).toHaveCount(0);
      await expect(next).toBeFocused();
      await expect(next).toBeInViewport({ ratio: 1 });
    }
    // The same applies when choosing more rows per page.
    const rows = page.getByLabel("Rows");
    await rows.focus();
    await page.keyboard.press("ArrowDown");
    await expect(list.position(page)).toContainText("Page 1:");
    await expect(list.table(page).getByText("Loading")).toHaveCount(0);
    await expect(rows).toBeFocused();
    await expect(rows).toBeInViewport({ ratio: 1 });
  });
}

test("the pages that a key has brought into the window stay there until a press is over", async ({
  page,
  secrets,
}) => {
  await signIn(page, root, secrets);
  await page.goto("/tokens");
  await expect(list.position(page)).toContainText("Page 1:");
  await page.getByLabel("Rows").focus();
  await page.keyboard.press("Shift");
  await page.evaluate(() => scrollTo(0, 0));
  const next = list.nextPage(page);
  await expect(next).toBeInViewport({ ratio: 1 });
  await next.click({ delay: 100 });
  await expect(list.position(page)).toContainText("Page 2:");
  // With the pointer, the page is scrolled to the first row, and the pager is in its normal place.
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await expect(next).not.toBeInViewport();
});
