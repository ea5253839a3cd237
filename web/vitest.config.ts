import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import shared from "./vite.config.ts";

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      environment: "jsdom",
      include: ["src/**/*.test.{ts,tsx}"],
      setupFiles: ["src/test-setup.ts"],
      restoreMocks: true,
      testTimeout: 30_000,
    },
  }),
);
