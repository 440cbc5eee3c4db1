import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";

const executablePath = process.env.GRADERSPACE_CHROMIUM;
/** Two checkouts on one machine are tested at the same time under two ports. */
const port = process.env.GRADERSPACE_TEST_PORT ?? "4199";

/** Flags under which Chromium has WebGPU without a GPU (SwiftShader) and stays off the network. */
export const CHROMIUM_ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu-watchdog", // it ends a GPU process that has not answered for seconds: on one busy core SwiftShader is slow
  "--no-first-run",
  "--enable-blink-features=ForceEagerMeasureMemory", // measureUserAgentSpecificMemory answers at once
];

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "*.e2e.ts",
  outputDir: "test-results",
  ...(process.env.CI ? {} : { grepInvert: /@ci/ }), // another way through what the others go through, or minutes of it
  fullyParallel: false,
  workers: Math.min(2, availableParallelism()), // a file at a time for each
  retries: process.env.CI ? 1 : 0,
  // Watchdogs, not judgements: a machine ten times slower than those that this was written on passes.
  timeout: 20 * 60_000,
  expect: { timeout: 5 * 60_000 },
  use: {
    baseURL: `http://localhost:${port}/`,
    viewport: { width: 1280, height: 800 },
    launchOptions: { ...(executablePath ? { executablePath } : { channel: "chromium" }), args: CHROMIUM_ARGS },
    acceptDownloads: true,
    serviceWorkers: "block", // each fetches all of the page once more; tests about it allow it
    contextOptions: { reducedMotion: "reduce" }, // two looks at one thing are the same
    trace: "off",
    navigationTimeout: 5 * 60_000,
  },
  webServer: {
    cwd: import.meta.dirname,
    command: `npx tsx tests/e2e/host.ts ${port}`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: !process.env.CI,
    timeout: 5 * 60_000,
  },
});
