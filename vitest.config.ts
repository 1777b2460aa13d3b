import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start many git and node processes of their own; more workers than cores only thrash.
    maxWorkers: 2,
    restoreMocks: true,
  },
});
