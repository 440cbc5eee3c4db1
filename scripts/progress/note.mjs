import { appendFileSync, readFileSync } from "node:fs";

/**
 * Notes what became of a test in the file that the suite's runner named, at once: what ended before a suite was stopped
 * has been counted. `state`: passed, failed, skipped; null for time that belongs to the file and to no test.
 */
export function noteTest(test) {
  const path = process.env.GRADERSPACE_PROGRESS;
  if (path) appendFileSync(path, `${JSON.stringify(test)}\n`);
}

/** What was noted so far: how many tests passed, failed and were skipped, how many only on a second try, and each file's milliseconds. */
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
  };
}

/** The lines that are complete: the last may have been cut off. */
function readLines(path) {
  try {
    return readFileSync(path, "utf8").split("\n").slice(0, -1);
  } catch {
    return []; // no test has ended yet
  }
}
