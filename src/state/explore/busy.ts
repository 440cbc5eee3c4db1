import type { State } from "../app/shape.ts";
import { frameKey } from "../cases/on-screen.ts";
import { canDraw, encodeKey, samplesKey } from "./keys.ts";
import { shownKey } from "./samples.ts";
import { wasMadeBefore } from "./start/made-before.ts";

/** The wanted z, or the wanted sample of a system without z, on the wanted encoding; null while either is unknown. */
export function currentKey(state: State): string | null {
  const encode = encodeKey(state);
  const shown = shownKey(state);
  return encode === null || shown === null ? null : `${encode}|${shown}`;
}

/** True until samples, maps and the chosen z of the current case are on the screen, or what stands in the way is said. */
export function isBusy(state: State): boolean {
  const { failures, intent, jobs } = state;
  if (jobs.open) return true;
  if (failures.model?.key === intent.model) return false;
  const frame = frameKey(state);
  if (frame !== null && failures.case?.key === frame) return false;
  const encode = encodeKey(state);
  if (encode === null) return true;
  if (failures.encode?.key === encode) return false;
  const samples = samplesKey(state);
  const samplesDone = state.drawn?.key === samples || failures.samples?.key === samples;
  const current = currentKey(state);
  return !(samplesDone && current !== null && state.current?.key === current);
}

/** Whether the engine has made what is on the screen: at the start of a visit what was made before it stands there. */
export function engineIsThere(state: State): boolean {
  const { encoded, drawn, current } = state;
  return canDraw(state) && ![encoded, drawn, current].some((one) => one === null || wasMadeBefore(one.value));
}
