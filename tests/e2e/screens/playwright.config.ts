// Screenshots, not tests: `cargo xtask screens`.
import { defineConfig } from "@playwright/test";

import base from "../playwright.config.ts";

export default defineConfig({
  ...base,
  testDir: import.meta.dirname,
  testMatch: "*.shots.ts",
  reporter: [["line"], ["./contact-sheet.ts"]],
  use: { ...base.use, trace: "off", screenshot: "off" },
});
