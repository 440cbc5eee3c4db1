import { PRESET_NAMES, presetNamed, type Threshold } from "../../core/lesion/decisions.ts";
import type { ExplorerStore } from "../app/store.ts";
import type { CutPlace, LesionLook } from "./followed.ts";
import { lesionKey } from "./keys.ts";

/** What a person can do in the lesion view: what is looked at, and which sizes decide, are written here alone. */
export function lesionActions(store: ExplorerStore) {
  const look = (change: Partial<LesionLook>) => lookAt(store, change);
  return {
    /** Outlines a sample, from 0; the one that is outlined: none any more. */
    toggleLesionSample: (sample: number) =>
      chooseLesionSample(store, store.getState().lesionLook.sample === sample ? null : sample),
    /** The three cuts go through column and row of the region, and a slice of the series. */
    cutAt(place: CutPlace): void {
      const key = lesionKey(store.getState());
      if (key !== null) look({ at: { key, place } });
    },
    showInCuts: (what: keyof LesionLook["shown"], on: boolean) =>
      look({ shown: { ...store.getState().lesionLook.shown, [what]: on } }),
    /** The thresholds of a guideline. @throws BadArgument */
    presetThresholds: (preset: string) => wantThresholds(store, preset),
    setThresholds: (thresholds: readonly Threshold[]) =>
      store.setState({ lesionThresholds: { preset: null, thresholds } }),
  };
}

/** Outlines this sample in the cuts, from 0; null: none. */
export function chooseLesionSample(store: ExplorerStore, sample: number | null): void {
  lookAt(store, { sample });
}

/** Decides by the thresholds of a guideline, or by a list of one's own: "6mm,10mm,500mm3". @throws BadArgument */
export function wantThresholds(store: ExplorerStore, named: string): void {
  const preset = PRESET_NAMES.includes(named) ? named : null;
  store.setState({ lesionThresholds: { preset, thresholds: presetNamed(named) } });
}

function lookAt(store: ExplorerStore, change: Partial<LesionLook>): void {
  store.setState(({ lesionLook }) => ({ lesionLook: { ...lesionLook, ...change } }));
}
