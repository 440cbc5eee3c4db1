import type { Mask } from "../../core/values/slice.ts";
import type { FrameKey } from "../app/identity.ts";
import type { ExplorerStore } from "../app/store.ts";

/** What you drew is written here alone: an outline of a frame, null for none. Each is one step in the undo history. */
export function drawYou(store: ExplorerStore, outlines: readonly (readonly [FrameKey, Mask | null])[]): void {
  store.setState(({ you }) => {
    const next = new Map(you);
    for (const [key, mask] of outlines) {
      if (mask) next.set(key, mask);
      else next.delete(key);
    }
    return { you: next };
  });
}

/** Outlines of before the page was loaded: no step in the history. */
export function bringYouBack(store: ExplorerStore, outlines: readonly (readonly [FrameKey, Mask])[]): void {
  store.temporal.getState().pause();
  drawYou(store, outlines);
  store.temporal.getState().resume();
}
