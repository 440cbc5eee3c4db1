import { relative } from "node:path";
import { noteTest } from "./note.mjs";

const STATES = { expected: "passed", flaky: "passed", unexpected: "failed", skipped: "skipped" };

/** A Playwright reporter: notes every test as it ends; one that is tried again is noted again. */
export default class {
  onTestEnd(test, { duration }) {
    const outcome = test.outcome();
    const file = relative(process.cwd(), test.location.file);
    noteTest({ id: test.id, file, state: STATES[outcome], ms: duration, flaky: outcome === "flaky" });
  }

  printsToStdio() {
    return false;
  }
}
