import { noteTest } from "./note.mjs";

/** A Vitest reporter: notes every test as it ends, and a file that could not be run. */
export default class {
  onTestCaseResult(test) {
    const { state, errors } = test.result();
    if (state === "pending") return;
    noteTest({
      id: test.id,
      file: test.module.relativeModuleId,
      name: test.fullName,
      state,
      ms: test.diagnostic()?.duration ?? 0,
      why: errors?.[0]?.message,
    });
  }

  onTestModuleEnd(module) {
    const file = module.relativeModuleId;
    const { environmentSetupDuration, prepareDuration, collectDuration, setupDuration } = module.diagnostic();
    const ms = environmentSetupDuration + prepareDuration + collectDuration + setupDuration;
    const [error] = module.errors();
    noteTest({ id: module.id, file, state: error ? "failed" : null, ms, why: error?.message });
  }
}
