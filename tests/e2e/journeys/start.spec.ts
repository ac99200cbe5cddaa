// Before there is a console: its frame, and what is said when it cannot be loaded.
import { expectAccessible } from "../support/axe.ts";
import { expect, test } from "../support/fixtures.ts";
import { at, heading, holdWasm } from "../support/screens.ts";

const WASM = /\.wasm$/;

test("the frame is there before the WebAssembly, and nothing of it stays", async ({ page }) => {
  const release = await holdWasm(page);
  await page.goto(at.signIn, { waitUntil: "commit" });
  await expect(page.getByRole("status")).toHaveText("Starting…");
  const before = await page.getByRole("banner").boundingBox();
  await expect(page.getByRole("banner")).toHaveText("Credential Manager");
  await expectAccessible(page, "starting");
  release();
  await expect(heading(page, "Sign in")).toBeVisible();
  await expect(page.getByText("Starting…")).toHaveCount(0);
  await expect(page.getByRole("banner")).toHaveCount(1);
  expect(await page.getByRole("banner").boundingBox(), "the banner stays where it is").toEqual(before);
});

test("what cannot be loaded is said, in words that help", async ({ page, watch }) => {
  watch.expectFailures();
  await page.route(WASM, (route) => route.abort("connectionreset"));
  await page.goto(at.signIn);
  await expect(page.getByRole("alert")).toContainText(
    "The console could not be loaded. Check the connection and reload",
  );
  await page.unroute(WASM);
  await page.reload();
  await expect(heading(page, "Sign in")).toBeVisible();
});
