// Measurements, not tests: one at a time, nothing in parallel, no retries.
import { defineConfig } from "@playwright/test";

import base from "../e2e/playwright.config.ts";

export default defineConfig({
  ...base,
  testDir: import.meta.dirname,
  testMatch: "*.bench.ts",
  workers: 1,
  timeout: 15 * 60_000,
  reporter: [["list"]],
  use: { ...base.use, trace: "off", screenshot: "off" },
});
