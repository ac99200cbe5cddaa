import { defineConfig } from "@playwright/test";

import { browserArguments, findChromium, findHeadlessShell, results } from "./support/environment.ts";

/** Every screen in every state. */
const TOUR = /\/tour\/.*\.spec\.ts$/;

/** What takes a minute and more in one piece, and would be all that still runs at the end. */
const LONG = /\/(faults\/soak|lighthouse\/lighthouse)\.spec\.ts$/;

/** Where copying is tried as people do it: in the whole browser, where a press is enough. */
const COPYING = /\/journeys\/(regular|secrets)\.spec\.ts$/;

/** The headless shell lets nobody copy who was not allowed to. */
const inHeadlessShell = { permissions: ["clipboard-write"] };

export default defineConfig({
  testDir: ".",
  outputDir: `${results}/artifacts`,
  // Two cores are what the tests have at least. The tour keeps them busy; the others wait for much of their time, for time
  // limits and for what is to be tried again.
  workers: 5,
  projects: [
    // They begin in this order.
    { name: "long", testMatch: LONG, workers: 2, use: inHeadlessShell },
    { name: "tour", testMatch: TOUR, workers: 2, use: inHeadlessShell },
    { name: "journeys", testIgnore: [LONG, TOUR, COPYING], use: inHeadlessShell },
    {
      name: "copying",
      testMatch: COPYING,
      use: { launchOptions: { executablePath: findChromium(), args: browserArguments } },
    },
  ],
  fullyParallel: true,
  // A test that passes the second time only is a fault of the test or of the console.
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  snapshotPathTemplate: "{testDir}/{testFileDir}/aria/{arg}{ext}",
  reporter: [
    ["json", { outputFile: `${results}/report.json` }],
    ["./faults/matrix-table.ts"],
    ["./support/interactions-table.ts"],
    // Last, so that what failed is at the end, of which logs keep most.
    ["list"],
  ],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: findHeadlessShell(), args: browserArguments },
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    // What moves has no colour and no place to check.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // Without pictures of every moment, which take more time than the tests do.
    trace: { mode: "retain-on-failure", screenshots: false },
  },
});
