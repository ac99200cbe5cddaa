import { defineConfig } from "@playwright/test";

import { findChromium, results } from "./support/environment.ts";

/** Nothing that the browser does on its own should disturb a test, or fail it as a request to elsewhere. */
const browserArguments = [
  // Chromium refuses to run as root with its sandbox, and containers run as root.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: ".",
  outputDir: `${results}/artifacts`,
  workers: 2,
  fullyParallel: true,
  // A test that passes the second time only is a fault of the test or of the console.
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  snapshotPathTemplate: "{testDir}/{testFileDir}/aria/{arg}{ext}",
  reporter: [
    ["list"],
    ["json", { outputFile: `${results}/report.json` }],
    ["./faults/matrix-table.ts"],
    ["./support/interactions-table.ts"],
  ],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: findChromium(), args: browserArguments },
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    // What moves has no colour and no place to check.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
