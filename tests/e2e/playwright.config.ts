import { defineConfig } from "@playwright/test";

import { browserArguments, findChromium, findHeadlessShell, results } from "./support/environment.ts";

/** Every screen in every state. */
const TOUR = /\/tour\/.*\.spec\.ts$/;

/** Tests that take a minute or more each, and would otherwise run alone at the end. */
const LONG = /\/(faults\/soak|lighthouse\/lighthouse)\.spec\.ts$/;

/** Tests of copying as users do it: in the full browser, where a press is enough. */
const COPYING = /\/journeys\/(regular|secrets)\.spec\.ts$/;

/** The headless shell does not allow copying without this permission. */
const inHeadlessShell = { permissions: ["clipboard-write"] };

export default defineConfig({
  testDir: ".",
  outputDir: `${results}/artifacts`,
  // The tests have at least two cores. The tour keeps them busy; the others spend much of their time waiting for time
  // limits and retries.
  workers: 5,
  projects: [
    // They start in this order.
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
  // A test that passes only on a retry means a bug in the test or in the console.
  retries: 0,
  forbidOnly: Boolean(process.env["CI"]),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  snapshotPathTemplate: "{testDir}/{testFileDir}/aria/{arg}{ext}",
  reporter: [
    ["json", { outputFile: `${results}/report.json` }],
    ["./faults/matrix-table.ts"],
    ["./support/interactions-table.ts"],
    // Last, so that the failures are at the end of the output, which truncated logs keep.
    ["list"],
  ],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: findHeadlessShell(), args: browserArguments },
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    // Colours and positions cannot be checked during motion.
    contextOptions: { reducedMotion: "reduce" },
    screenshot: "only-on-failure",
    // What was done, requested and logged. No pictures of the page: continuous screenshots take more time than the tests,
    // and copies of the document a sixth of it. A failure has a screenshot and the accessibility tree in any case.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
  },
});
