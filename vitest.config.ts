import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    environment: "node",
    // Watchdogs, not judgements: a machine ten times slower than those that this was written on passes.
    testTimeout: 20 * 60_000,
    pool: "forks",
    hookTimeout: 20 * 60_000,
    expect: { poll: { timeout: 15 * 60_000 } },
    maxWorkers: 2,
  },
});
