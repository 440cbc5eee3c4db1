import { noteTest } from "./note.mjs";

/** A Vitest reporter: notes every test as it ends, and a file that could not be run. */
export default class {
  onTestCaseResult(test) {
    const { state } = test.result();
    if (state === "pending") return;
    noteTest({ id: test.id, file: test.module.relativeModuleId, state, ms: test.diagnostic()?.duration ?? 0 });
  }

  onTestModuleEnd(module) {
    const file = module.relativeModuleId;
    const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration } = module.diagnostic();
    const ms = environmentSetupDuration + prepareDuration + collectDuration + setupDuration;
    noteTest({ id: module.id, file, state: module.errors().length > 0 ? "failed" : null, ms });
  }
}
