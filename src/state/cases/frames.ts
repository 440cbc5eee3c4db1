import { type FrameKey, frameKeyOf } from "../app/identity.ts";
import type { Case, Frame } from "../app/shape.ts";
import type { StateStore } from "../app/store.ts";
import { frameOf } from "./case.ts";

/** Pictures and masks kept in memory, in bytes: about ninety slices of 512 × 512. A stack of hundreds would fill it. */
const MOST_BYTES = 96 * 2 ** 20;

/** Frame `index` of a case: from memory, else out of its file. @throws what the file's reader throws */
export async function readFrame(store: StateStore, found: Case, index: number): Promise<Frame> {
  const kept = store.getState().frames.get(frameKeyOf(found.id, index));
  return kept ?? frameOf(found.id, index, await found.read(index));
}

/**
 * Makes a case and the frame that was read of it known; of the others the least recently read go. A frame of what the
 * case was before marks were laid over it is not kept.
 */
export function keepFrame(store: StateStore, found: Case, frame: Frame): void {
  store.setState(({ cases, frames }) => {
    if ((cases.get(found.id) ?? found) !== found) return {};
    const key = frameKeyOf(frame.caseId, frame.index);
    const others = [...frames].filter(([name]) => name !== key);
    return { cases: new Map(cases).set(found.id, found), frames: withinBudget([...others, [key, frame]]) };
  });
}

/** Another version of a case that is open, and its one frame that was read since: what was read before is of the old one. */
export function replaceCase(store: StateStore, next: Case, frame: Frame): void {
  store.setState(({ cases, frames }) => ({
    cases: new Map(cases).set(next.id, next),
    frames: withinBudget([
      ...[...frames].filter(([, other]) => other.caseId !== next.id),
      [frameKeyOf(frame.caseId, frame.index), frame],
    ]),
  }));
}

/** From the last one on, as many as there is room for; the last one in any case. */
function withinBudget(frames: readonly (readonly [FrameKey, Frame])[]): ReadonlyMap<FrameKey, Frame> {
  let [bytes, first] = [0, frames.length - 1];
  for (let at = first; at >= 0; at--) {
    bytes += bytesOf((frames[at] as readonly [FrameKey, Frame])[1]);
    if (bytes > MOST_BYTES) break;
    first = at;
  }
  return new Map(frames.slice(first));
}

function bytesOf({ slice, graders }: Frame): number {
  const masks = graders.reduce((sum, { mask }) => sum + (mask?.bits.length ?? 0), 0);
  return slice.values.byteLength + (slice.padding?.length ?? 0) + masks;
}
