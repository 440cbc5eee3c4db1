import { thresholdsText } from "../../core/lesion/decisions.ts";
import { MOST_SAMPLES } from "../app/intent.ts";
import { FIRST_STATE, type State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { chooseLesionSample, wantThresholds } from "./actions.ts";
import type { WantedThresholds } from "./followed.ts";

/** What of the lesion view a link says, beside its place: the sizes that decide, and the sample that is outlined, from 1. */
export function lesionWords({ view, lesionLook, lesionThresholds }: State): string {
  if (view !== "lesion") return "";
  const sizes = thresholdsWord(lesionThresholds);
  const plain = sizes === thresholdsWord(FIRST_STATE.lesionThresholds);
  const sample = lesionLook.sample === null ? "" : `&sample=${lesionLook.sample + 1}`;
  return `${plain ? "" : `&sizes=${sizes}`}${sample}`;
}

/** Thresholds as a link and a session name them: a guideline, or a list. */
export function thresholdsWord({ preset, thresholds }: WantedThresholds): string {
  return preset ?? thresholdsText(thresholds);
}

/** Takes up what a link to a lesion says; sizes that are none are left out. */
export function followLesionWords(store: ExplorerStore, hash: string): void {
  if (store.getState().view !== "lesion") return;
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const sample = Number(words.get("sample") ?? Number.NaN);
  chooseLesionSample(store, Number.isInteger(sample) && sample >= 1 && sample <= MOST_SAMPLES ? sample - 1 : null);
  try {
    wantThresholds(store, words.get("sizes") ?? thresholdsWord(FIRST_STATE.lesionThresholds));
  } catch {
    // sizes that are none: those on the screen stay, as with every word of a link that makes no sense
  }
}
