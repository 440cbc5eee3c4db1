import { say } from "../../core/language/say.ts";
import { whyNoVolume } from "../../io/stack/places-along.ts";
import type { State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import { caseOnScreen, frameOnScreen, regionOrigin } from "../cases/on-screen.ts";
import { readersOnCase } from "../cases/readers.ts";
import { encodeKey, identityOf } from "../explore/keys.ts";
import type { Followed } from "./followed.ts";

/** Names the lesion that the view should show; null while an input is missing, or there is one slice alone. */
export function lesionKey(state: State): string | null {
  const encode = encodeKey(state);
  if (encode === null || whyNoLesion(state) !== null) return null;
  const { seed, draw, count, threshold } = state.intent;
  const { caseId } = state.intent;
  const drawn = readersOnCase(state, caseId).map(({ id, name, outlines }) => {
    return `${id} ${name} ${outlines.map(({ frame, mask }) => `${frame}:${identityOf(mask)}`)}`;
  });
  return `${encode}|${seed}.${draw}×${count}|${threshold}|${drawn.join(";")}`;
}

/** The lesion on the screen, as far as it was followed; null where it is another one's. */
export function lesionOnScreen(state: State): Followed | null {
  return state.lesion && state.lesion.key === lesionKey(state) ? state.lesion.value : null;
}

const REMEDY = say`Open a series (a folder or zip of DICOM slices, a NIfTI, NRRD or MetaImage volume) or a pack whose cases are slices of lesions, put the box on the lesion in Explore, and come back.`;

/** Which slice of the series the one on the screen is, from 0; null before it is there. */
export function startSlice(state: State): number | null {
  return caseOnScreen(state)?.lesion?.start ?? frameOnScreen(state)?.index ?? null;
}

/** Why this case has no lesion through its slices, with the way to one; null where it has. */
export function whyNoLesion(state: State): string | null {
  const found = caseOnScreen(state);
  if (!found || !regionOrigin(state)) return t`There is no slice yet.`;
  if (found.lesion) return null;
  const problem = found.frames < 2 ? t`it is a single slice` : whyNoVolume(found.stack ?? {});
  return problem && t`There is no lesion through the slices of this case: ${problem}. ${REMEDY}`;
}
