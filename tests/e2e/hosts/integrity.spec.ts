// Everything that runs has a hash: modified files do not run, and the page says so.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, type Page, test } from "@playwright/test";

import { dist } from "../support/environment.ts";
import { at, heading } from "../support/screens.ts";
import { Server } from "../support/server.ts";

/** Serves the console with one byte of a file changed, and opens it. */
async function openWithAnotherByte(
  page: Page,
  file: RegExp,
  change: (content: Buffer) => void,
): Promise<{ failures: string[]; stop: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "credmgr-integrity-"));
  await cp(dist, directory, { recursive: true });
  const names = (await readdir(directory)).filter((name) => file.test(name));
  expect(names, "the file that is changed").toHaveLength(1);
  const path = join(directory, names[0]!);
  const content = await readFile(path);
  change(content);
  await writeFile(path, content);

  const failures: string[] = [];
  page.on("console", (message) => failures.push(message.text()));
  const server = await Server.start({ dist: directory, consolePath: "/" });
  await page.goto(server.consoleUrl + at.signIn);
  return {
    failures,
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Replaces the last letter of a comment or a name by `x`, which keeps the file syntactically valid. */
function changeText(text: string): (content: Buffer) => void {
  return (content) => {
    const at = content.indexOf(text);
    expect(at, `${text} is there`).toBeGreaterThanOrEqual(0);
    expect(text, "is something else with an x at its end").not.toMatch(/x$/);
    content.write("x", at + text.length - 1);
  };
}

const CANNOT_BE_LOADED = "The console could not be loaded. Check the connection and reload";
const REFUSED = /Failed to find a valid digest in the 'integrity' attribute/;

for (const { what, file, change } of [
  // A letter of a message, so that the file would run.
  { what: "the WebAssembly", file: /_bg\.wasm$/, change: changeText("API tokens") },
  { what: "the glue", file: /^credmgr-console-[0-9a-f]+\.js$/, change: changeText("TextDecoder") },
  { what: "the styles", file: /^style-[0-9a-f]+\.css$/, change: changeText("grid") },
]) {
  test(`${what} with another byte is refused, and that is said`, async ({ page }) => {
    const { failures, stop } = await openWithAnotherByte(page, file, change);
    await expect(page.getByRole("alert")).toContainText(CANNOT_BE_LOADED);
    await expect(heading(page, "Sign in")).toHaveCount(0);
    expect(failures.join("\n")).toMatch(REFUSED);
    await stop();
  });
}

test("a part with another byte is refused, and that is said", async ({ page }) => {
  const { failures, stop } = await openWithAnotherByte(
    page,
    /^credmgr-console-sign-in-[0-9a-f]+\.wasm$/,
    changeText("Enter your username"),
  );
  await expect(page.getByRole("alert").filter({ hasText: /\S/ })).toContainText(
    "This part of the console could not be loaded.",
  );
  await expect(heading(page, "Sign in")).toHaveCount(0);
  expect(failures.join("\n")).toMatch(REFUSED);
  await stop();
});

// Nothing on the page reports this: the console works without the early rows.
test("the script of the head, and so of the first rows, with another byte is refused, and the console does without it", async ({
  page,
}) => {
  const { failures, stop } = await openWithAnotherByte(
    page,
    /^head-[0-9a-f]+\.js$/,
    changeText("credmgrFirstPage"),
  );
  await expect(heading(page, "Sign in")).toBeVisible();
  expect(failures.join("\n")).toMatch(REFUSED);
  await stop();
});

test("the start-up script with another byte is refused", async ({ page }) => {
  const { failures, stop } = await openWithAnotherByte(page, /^start-[0-9a-f]+\.js$/, changeText("alert"));
  await expect(page.getByRole("status")).toHaveText("Starting…");
  await expect.poll(() => failures.join("\n")).toMatch(REFUSED);
  await expect(heading(page, "Sign in")).toHaveCount(0);
  await stop();
});
