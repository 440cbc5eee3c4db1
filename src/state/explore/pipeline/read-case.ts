import { say } from "../../../core/language/say.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { keepFrame, readFrame } from "../../cases/frames.ts";
import type { Library } from "../../cases/library.ts";
import { frameKey, frameOnScreen } from "../../cases/on-screen.ts";
import type { Stage } from "./stage.ts";

/** The frame that is wanted; where the case has none of that number, the one that it is shown with first. */
export function readCase(store: ExplorerStore, library: Library): Stage {
  return {
    job: "case",
    what: say`Reading the slice`,
    wanted: frameKey,
    have: (state) => (frameOnScreen(state) ? (frameKey(state) ?? undefined) : undefined),
    async run(_key, { cases, intent: { caseId, frame } }) {
      if (caseId === null) return;
      const found = cases.get(caseId) ?? (await library.read(caseId));
      const index = frame < found.frames ? frame : found.frame;
      keepFrame(store, found, await readFrame(store, found, index));
      if (index !== frame) store.settle((intent) => ({ ...intent, frame: index }));
    },
  };
}
