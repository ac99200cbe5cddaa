// Lints of the browser tests, of the page's scripts and of what builds them. Above all: a forgotten `await` is a test that
// cannot fail.
import playwright from "eslint-plugin-playwright";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["tests/e2e/results/"] },
  {
    files: ["tests/e2e/**/*.ts", "tests/bench/**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked, playwright.configs["flat/recommended"]],
    languageOptions: {
      parserOptions: {
        project: ["tests/e2e/tsconfig.json", "tests/bench/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "playwright/no-wait-for-timeout": "error",
      "playwright/no-conditional-in-test": "error",
      "playwright/no-skipped-test": "error",
      // Helpers that assert are named for it, or tell a story with assertions.
      "playwright/expect-expect": [
        "error",
        { assertFunctionPatterns: ["^expect", "^deleteIt$", "^liveUntilDeletion$"] },
      ],
      // Takes our own helpers for methods of the page.
      "playwright/prefer-locator": "off",
      // A blocked button is not clickable for Playwright; that it is not for people either needs a test.
      "playwright/no-force-option": "off",
    },
  },
  {
    files: ["web/*.{js,mjs}", "style/*.mjs", "xtask/web/*.mjs"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["web/tsconfig.json", "xtask/web/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // What JSON, the glue and Binaryen give has no types; the scripts look at it, or know it.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    // What is played by a test that is elsewhere.
    files: ["tests/e2e/tour/stops/*.ts"],
    rules: { "playwright/no-standalone-expect": "off" },
  },
  {
    // Measurements wait on purpose, and are judged where there is a budget.
    files: ["tests/bench/**/*.ts"],
    rules: {
      "playwright/no-wait-for-timeout": "off",
      "playwright/no-conditional-in-test": "off",
      "playwright/no-conditional-expect": "off",
    },
  },
);
