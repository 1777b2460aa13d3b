import { defineConfig } from "vitest/config";

/** Everyday tests by what they need, but with too many processes for a check of a minute. */
const slow = [
  "test/hooks/ci-command.test.ts",
  "test/hooks/ci-files.test.ts",
  "test/hooks/gate.test.ts",
  "test/hooks/outgoing.test.ts",
  "test/packs.damage.test.ts",
  "test/packs.oracle.test.ts",
  "test/packs.storage.test.ts",
  "test/sources/attribution.test.ts",
  "test/sources/hostile.test.ts",
  "test/verify-command-line.test.ts",
  "test/verify-many.test.ts",
  "test/verify-network.test.ts",
];

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
          exclude: ["test/machine/**", ...slow],
        },
      },
      {
        extends: true,
        // Needs programs of the distribution (a browser, other shells) or minutes; CI installs them.
        test: {
          name: "machine",
          include: ["test/machine/**/*.test.ts", ...slow],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
