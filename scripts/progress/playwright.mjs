import { relative } from "node:path";
import { noteTest } from "./note.mjs";

const STATES = { expected: "passed", flaky: "passed", unexpected: "failed", skipped: "skipped" };

/** A Playwright reporter: notes every test as it ends; one that is tried again is noted again. */
export default class {
  onTestEnd(test, { duration, error }) {
    const outcome = test.outcome();
    const file = relative(process.cwd(), test.location.file);
    const name = test.titlePath().slice(3).join(" › ");
    const flaky = outcome === "flaky";
    noteTest({ id: test.id, file, name, state: STATES[outcome], ms: duration, flaky, why: error?.message });
  }

  printsToStdio() {
    return false;
  }
}
