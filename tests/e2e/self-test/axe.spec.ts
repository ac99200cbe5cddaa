// Checks that the axe fixture finds violations.
import { expect, type Page, test } from "@playwright/test";

import { expectAccessible, expectMoreContrast } from "../support/axe.ts";

/** A page without violations other than those in its body and style. */
async function show(page: Page, body: string, style = ""): Promise<void> {
  await page.setContent(
    `<!doctype html><html lang="en"><head><title>Page</title><style>
      :root { color-scheme: light dark; color: light-dark(#000, #fff); background: light-dark(#fff, #000) }
      ${style}
    </style></head><body><main><h1>Heading</h1>${body}</main></body></html>`,
  );
}

test("nothing is wrong with an accessible page", async ({ page }) => {
  await show(page, "<p>Text</p><label>Name <input></label>");
  await expectAccessible(page, "page");
  await expectMoreContrast(page, "page");
});

test("a field without a name", async ({ page }) => {
  await show(page, "<input>");
  await expect(expectAccessible(page, "page")).rejects.toThrow(/page, light[^]*label: /);
});

for (const { look, pale, soft } of [
  { look: "light", pale: "#ccc", soft: "#666" },
  { look: "dark", pale: "#333", soft: "#888" },
]) {
  test(`text that can hardly be read when it is ${look}`, async ({ page }) => {
    await show(page, "<p>Text</p>", `@media (prefers-color-scheme: ${look}) { p { color: ${pale} } }`);
    const found = new RegExp(`page, ${look}[^]*color-contrast: `);
    await expect(expectAccessible(page, "page")).rejects.toThrow(found);
  });

  test(`contrast that is enough for most when it is ${look}`, async ({ page }) => {
    await show(page, "<p>Text</p>", `@media (prefers-color-scheme: ${look}) { p { color: ${soft} } }`);
    await expectAccessible(page, "page");
    const found = new RegExp(`${look}, more contrast[^]*color-contrast-enhanced: `);
    await expect(expectMoreContrast(page, "page")).rejects.toThrow(found);
  });
}

test("a field without a name in forced colours only", async ({ page }) => {
  await show(
    page,
    "<input>",
    "input { display: none } @media (forced-colors: active) { input { display: block } }",
  );
  await expect(expectAccessible(page, "page")).rejects.toThrow(/page, forced colours[^]*label: /);
});
