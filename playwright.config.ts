import { defineConfig } from "@playwright/test";

const executablePath = process.env.GRADERSPACE_CHROMIUM;

/** Flags under which Chromium has WebGPU without a GPU (SwiftShader) and stays off the network. */
export const CHROMIUM_ARGS = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export default defineConfig({
  testDir: "tests/e2e",
  testMatch: "*.e2e.ts",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: "http://localhost:4199/",
    viewport: { width: 1280, height: 800 },
    launchOptions: { ...(executablePath ? { executablePath } : { channel: "chromium" }), args: CHROMIUM_ARGS },
    acceptDownloads: true,
    trace: "off",
  },
  webServer: {
    cwd: import.meta.dirname,
    command: "npx vite preview --port 4199 --strictPort --host localhost",
    url: "http://localhost:4199/",
    reuseExistingServer: !process.env.CI,
    timeout: 60_000,
  },
});
