import { defineConfig, type TestProjectConfiguration } from "vitest/config";

/** What tries modules that keep nothing: files one after the other in one process, which imports what they share once. */
const SHARED = ["core", "io", "state", "cli", "tools"].map((room) => `tests/${room}/**/*.test.{ts,tsx}`);
/** What uses up a process, or measures it. */
const HOSTILE = "tests/io/hostile/**";

const ALL = ["tests/**/*.test.{ts,tsx}"];

const PROJECTS: TestProjectConfiguration[] = [
  { extends: true, test: { name: "shared", include: SHARED, exclude: [HOSTILE], isolate: false } },
  { extends: true, test: { name: "own", include: ALL, exclude: SHARED } },
  { extends: true, test: { name: "hostile", include: [`${HOSTILE}/*.test.ts`] } },
];

export default defineConfig({
  test: {
    environment: "node",
    setupFiles: ["tests/setup/same-bytes.ts"],
    // Watchdogs, not judgements: a machine ten times slower than those that this was written on passes.
    testTimeout: 20 * 60_000,
    pool: "forks",
    hookTimeout: 20 * 60_000,
    expect: { poll: { timeout: 15 * 60_000 } },
    maxWorkers: 2,
    tags: [{ name: "ci", description: "minutes, or another way through what the others test", skip: !process.env.CI }],
    // A mutant is seen by a process that has not read its file yet, and its plugin by the one project there is.
    ...("MUTATE" in process.env ? { include: ALL } : { projects: PROJECTS }),
  },
});
