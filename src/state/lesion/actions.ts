import { presetNamed, type Threshold } from "../../core/lesion/decisions.ts";
import type { ExplorerStore } from "../app/store.ts";
import type { CutPlace, LesionLook } from "./followed.ts";
import { lesionKey } from "./keys.ts";

/** What a person can do in the lesion view: what is looked at, and which sizes decide, are written here alone. */
export function lesionActions(store: ExplorerStore) {
  const look = (change: Partial<LesionLook>) =>
    store.setState(({ lesionLook }) => ({ lesionLook: { ...lesionLook, ...change } }));
  return {
    /** Outlines a sample, from 0; the one that is outlined: none any more. */
    chooseLesionSample: (sample: number) =>
      look({ sample: store.getState().lesionLook.sample === sample ? null : sample }),
    /** The three cuts go through column and row of the region, and a slice of the series. */
    cutAt(place: CutPlace): void {
      const key = lesionKey(store.getState());
      if (key !== null) look({ at: { key, place } });
    },
    showInCuts: (what: keyof LesionLook["shown"], on: boolean) =>
      look({ shown: { ...store.getState().lesionLook.shown, [what]: on } }),
    /** The thresholds of a guideline. @throws BadArgument */
    presetThresholds: (preset: string) =>
      store.setState({ lesionThresholds: { preset, thresholds: presetNamed(preset) } }),
    setThresholds: (thresholds: readonly Threshold[]) =>
      store.setState({ lesionThresholds: { preset: null, thresholds } }),
  };
}
