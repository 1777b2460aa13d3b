import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests start many git and node processes of their own; more workers than cores only thrash.
    maxWorkers: 2,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        // Needs git and Node, nothing else.
        test: {
          name: "everyday",
          include: ["test/**/*.test.ts"],
          exclude: ["test/machine/**"],
        },
      },
      {
        extends: true,
        // Needs programs of the distribution (a browser, other shells) or minutes; CI installs them.
        test: { name: "machine", include: ["test/machine/**/*.test.ts"], testTimeout: 600_000 },
      },
    ],
  },
});
