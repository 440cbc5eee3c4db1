import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * A Chromium for the browser tests: GRADERSPACE_CHROMIUM, then the system's, then Playwright's own (downloaded once).
 * `{ path }`, with path undefined for Playwright's own, or `{ problem }`: a sentence that says what to do.
 */
export function findChromium() {
  const named = process.env.GRADERSPACE_CHROMIUM;
  if (named) {
    return existsSync(named)
      ? { path: named }
      : { problem: `GRADERSPACE_CHROMIUM names ${named}, which is not there.` };
  }
  const system = SYSTEM.find(existsSync);
  if (system) return { path: system };
  const install = spawnSync("npx", ["playwright", "install", "chromium"], {
    stdio: "ignore",
    shell: process.platform === "win32",
  });
  if (install.status === 0) return { path: undefined };
  return {
    problem:
      "No Chromium was found and Playwright could not download its own: install Chromium or Chrome, or set GRADERSPACE_CHROMIUM to its path.",
  };
}
