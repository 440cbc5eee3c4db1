import { appendFileSync, readFileSync } from "node:fs";

/**
 * Notes what became of a test in the file that the suite's runner named, at once: what ended before a suite was stopped
 * has been counted. `state`: passed, failed, skipped; null for time that belongs to the file and to no test. One that
 * failed has a `name` and says `why`.
 */
export function noteTest(test) {
  const path = process.env.GRADERSPACE_PROGRESS;
  if (path) appendFileSync(path, `${JSON.stringify(test)}\n`);
}

/**
 * What was noted so far: how many tests passed, failed and were skipped, how many only on a second try, each file's
 * milliseconds, and those that failed, as `file: name`, each with what it said.
 */
export function notedTests(path) {
  const tests = new Map();
  const files = new Map();
  for (const line of readLines(path)) {
    const test = JSON.parse(line);
    tests.set(test.id, test); // the last try is what counts
    files.set(test.file, (files.get(test.file) ?? 0) + test.ms);
  }
  const count = (holds) => [...tests.values()].filter(holds).length;
  return {
    passed: count(({ state }) => state === "passed"),
    failed: count(({ state }) => state === "failed"),
    skipped: count(({ state }) => state === "skipped"),
    flaky: count(({ flaky }) => flaky),
    files,
    failures: [...tests.values()].filter(({ state }) => state === "failed").map(told),
  };
}

/** Lines and letters of an error that tell which one it is; the whole stands where the test ran. */
const [LINES, LETTERS] = [4, 400];
// biome-ignore lint/suspicious/noControlCharactersInRegex: what runners colour their errors with
const COLOURS = /\u001b\[[0-9;]*m/g;

function told({ file, name = "the file could not be run", why = "" }) {
  const lines = why.replace(COLOURS, "").trim().split("\n").slice(0, LINES);
  return [`${file}: ${name}`, ...lines.filter(Boolean).map((line) => `  ${line}`)].join("\n").slice(0, LETTERS);
}

/** The lines that are complete: the last may have been cut off. */
function readLines(path) {
  try {
    return readFileSync(path, "utf8").split("\n").slice(0, -1);
  } catch {
    return []; // no test has ended yet
  }
}
