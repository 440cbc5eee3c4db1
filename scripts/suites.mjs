import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium } from "./chromium.mjs";
import { root } from "./install.mjs";
import { notedTests } from "./progress/note.mjs";
import { watched } from "./progress/watched.mjs";

/** A suite that neither prints a line nor ends a test for so long hangs. One that goes on may take what it takes. */
const QUIET_MINUTES = 20;
/** Test files named at the end with the time that they took. */
const SLOWEST = 12;

/**
 * Runs the suites named (all by default) and prints what took how long, what failed, and the closing line over all.
 * A suite that ran no test, or hung, has failed; what it had found before it hung is counted. One that cannot run on
 * this machine counts as skipped with its reason, and in CI, where everything is installed, as failed.
 * @returns exit code
 */
export async function runSuites(names) {
  const folder = mkdtempSync(join(tmpdir(), "graderspace-test-"));
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  const [files, failures] = [[], []];
  for (const suite of SUITES) {
    if (names.length > 0 && !names.includes(suite.name)) continue;
    console.log(`\n── ${suite.name} ──`);
    const started = Date.now();
    const counts = await runOne(suite, join(folder, `${suite.name}.ndjson`));
    for (const key of Object.keys(total)) total[key] += counts[key];
    files.push(...(counts.files ?? []));
    failures.push(...(counts.failures ?? []));
    const seconds = Math.round((Date.now() - started) / 1000);
    lines.push(
      `${suite.name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s${counts.note ? ` (${counts.note})` : ""}`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  const slowest = files.sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  if (slowest.length > 0) {
    console.log("\nThe slowest files, in seconds (two run at a time):");
    for (const [file, ms] of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(7)}  ${file}`);
  }
  if (failures.length > 0) console.log(`\nWhat failed:\n${failures.join("\n")}`);
  console.log(`\n${lines.map((line) => `• ${line}`).join("\n")}\n`);
  if (!process.env.CI)
    console.log("What CI alone runs (CONTRIBUTING.md, The tests) did not: CI=true npm test runs that, too.\n");
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Each says how it is started, and is given what was noted of its tests; one without tests is judged by its exit code. */
const SUITES = [
  { name: "lint", start: () => npx("biome", "check", "--error-on-warnings", ".") },
  { name: "types", start: () => ({ command: "npm", args: ["run", "--silent", "typecheck"] }) },
  {
    name: "unit",
    tests: true,
    start: () => npx("vitest", "run", "--reporter=default", "--reporter=./scripts/progress/vitest.mjs"),
  },
  { name: "build", start: () => ({ command: "node", args: ["scripts/build.mjs"] }) },
  {
    name: "browser",
    tests: true,
    start: () => {
      const { path, problem } = findChromium();
      if (problem) return { problem };
      return {
        ...npx("playwright", "test", "--reporter=list,./scripts/progress/playwright.mjs"),
        env: path ? { GRADERSPACE_CHROMIUM: path } : {},
      };
    },
  },
  {
    name: "recipe",
    tests: true,
    start: () => {
      const python = pythonWithTorch();
      if (!python) {
        return {
          problem: "no Python with torch, numpy, safetensors and pytest was found (GRADERSPACE_PYTHON names one)",
        };
      }
      return {
        command: python,
        args: ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_progress", "models/training/tests"],
        env: { PYTHONPATH: join(root, "scripts/progress") },
      };
    },
  },
];

function npx(...args) {
  return { command: "npx", args };
}

async function runOne(suite, notes) {
  const { command, args, env, problem } = suite.start();
  if (problem) {
    console.warn(`SKIPPED ${suite.name}: ${problem}`);
    return process.env.CI
      ? { passed: 0, failed: 1, skipped: 0, note: problem }
      : { passed: 0, failed: 0, skipped: 1, note: problem };
  }
  const { code, hung } = await watched(command, args, { env, notes, quietTurns: QUIET_MINUTES * 60 });
  const counts = suite.tests
    ? notedTests(notes)
    : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  if (counts.flaky > 0) console.warn(`${counts.flaky} tests passed only on a second try`);
  const failure = hung
    ? `stopped: it printed nothing and ended no test for ${QUIET_MINUTES} minutes`
    : counts.passed + counts.failed === 0
      ? "ran no test"
      : code !== 0 && counts.failed === 0
        ? `exit code ${code}`
        : null;
  if (failure === null) return counts;
  console.error(`${suite.name}: ${failure}`);
  return { ...counts, failed: counts.failed + 1, note: failure };
}

function pythonWithTorch() {
  const candidates = [process.env.GRADERSPACE_PYTHON, ".venv/bin/python", "python3", "python"].filter(Boolean);
  return candidates.find((python) => {
    const probe = spawnSync(python, ["-c", "import torch, numpy, safetensors, pytest"], { cwd: root, stdio: "ignore" });
    return probe.status === 0;
  });
}
