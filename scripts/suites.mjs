import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { root } from "./install.mjs";

/**
 * Runs the suites named (all by default) and prints the closing line over all of them.
 * A suite that ran no test, or ran past its limit, has failed; one that cannot run on this machine counts as skipped
 * with its reason, and in CI, where everything is installed, as failed.
 * @returns exit code
 */
export async function runSuites(names) {
  const folder = mkdtempSync(join(tmpdir(), "graderspace-test-"));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const suite of SUITES) {
    if (names.length > 0 && !names.includes(suite.name)) continue;
    console.log(`\n── ${suite.name} ──`);
    const started = Date.now();
    const counts = await runOne(suite, join(folder, `${suite.name}.json`));
    for (const key of Object.keys(total)) total[key] += counts[key];
    const seconds = Math.round((Date.now() - started) / 1000);
    lines.push(
      `${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s${counts.note ? ` (${counts.note})` : ""}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(`\n${lines.map((line) => `• ${line}`).join("\n")}\n`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

const SUITES = [
  { name: "lint", minutes: 3, start: () => npx("biome", "check", "--error-on-warnings", "."), count: byExitCode },
  { name: "types", minutes: 4, start: () => npx("tsc", "-p", "tsconfig.json"), count: byExitCode },
  {
    name: "unit",
    minutes: 25,
    start: (report) => npx("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`),
    count: (code, report) => fromVitest(code, report),
  },
  { name: "build", minutes: 4, start: () => ({ command: "node", args: ["scripts/build.mjs"] }), count: byExitCode },
  {
    name: "browser",
    minutes: 20,
    start: (report) => {
      const { path, problem } = findChromium();
      if (problem) return { problem };
      return {
        ...npx("playwright", "test", "--reporter=list,json"),
        env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, ...(path ? { GRADERSPACE_CHROMIUM: path } : {}) },
      };
    },
    count: (code, report) => fromPlaywright(code, report),
  },
  {
    name: "recipe",
    minutes: 10,
    start: (report) => {
      const python = pythonWithTorch();
      if (!python) {
        return {
          problem: "no Python with torch, numpy, safetensors and pytest was found (GRADERSPACE_PYTHON names one)",
        };
      }
      return {
        command: python,
        args: ["-m", "pytest", "-q", "-p", "no:cacheprovider", "models/training/tests", `--junitxml=${report}`],
      };
    },
    count: (code, report) => fromJunit(code, report),
  },
];

function npx(...args) {
  return { command: "npx", args };
}

async function runOne(suite, report) {
  const { command, args, env, problem } = suite.start(report);
  if (problem) {
    console.warn(`SKIPPED ${suite.name}: ${problem}`);
    return process.env.CI
      ? { passed: 0, failed: 1, skipped: 0, note: problem }
      : { passed: 0, failed: 0, skipped: 1, note: problem };
  }
  const { code, timedOut } = await spawned(command, args, env ?? {}, suite.minutes * 60_000);
  if (timedOut) {
    const note = `stopped after its limit of ${suite.minutes} minutes`;
    console.error(`${suite.name} ${note}`);
    return { passed: 0, failed: 1, skipped: 0, note };
  }
  const counts = suite.count(code, report);
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, note: "ran no test" };
  if (code !== 0 && counts.failed === 0) return { ...counts, failed: 1, note: `exit code ${code}` };
  return counts;
}

/** In its own process group, so that a suite past its limit takes its browsers and workers with it. */
function spawned(command, args, env, limitMs) {
  return new Promise((resolve) => {
    const windows = process.platform === "win32";
    const child = spawn(command, args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...env },
      shell: windows,
      detached: !windows,
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      if (windows) child.kill("SIGKILL");
      else process.kill(-child.pid, "SIGKILL");
    }, limitMs);
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      clearTimeout(timer);
      resolve({ code: 1, timedOut });
    });
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, timedOut });
    });
  });
}

function byExitCode(code) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

function readReport(report) {
  try {
    return readFileSync(report, "utf8");
  } catch {
    return null;
  }
}

function fromVitest(code, report) {
  const text = readReport(report);
  if (text === null) return byExitCode(code === 0 ? 1 : code);
  const result = JSON.parse(text);
  const failedFiles = result.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + failedFiles,
    skipped: result.numPendingTests + (result.numTodoTests ?? 0),
  };
}

function fromPlaywright(code, report) {
  const text = readReport(report);
  if (text === null) return byExitCode(code === 0 ? 1 : code);
  const { stats } = JSON.parse(text);
  if (stats.flaky > 0) console.warn(`${stats.flaky} browser tests passed only on a second try`);
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped };
}

function fromJunit(code, report) {
  const text = readReport(report);
  const suite = text?.match(/<testsuite\b[^>]*>/)?.[0];
  if (!suite) return byExitCode(code === 0 ? 1 : code);
  const number = (name) => Number(suite.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return { passed: number("tests") - failed - number("skipped"), failed, skipped: number("skipped") };
}

function pythonWithTorch() {
  const candidates = [process.env.GRADERSPACE_PYTHON, ".venv/bin/python", "python3", "python"].filter(Boolean);
  return candidates.find((python) => {
    const probe = spawnSync(python, ["-c", "import torch, numpy, safetensors, pytest"], { cwd: root, stdio: "ignore" });
    return probe.status === 0;
  });
}
