import { epsilonFor } from "../../../core/random/draws.ts";
import { derive } from "../../app/derive.ts";
import type { State } from "../../app/shape.ts";
import { encodedIsFresh, posteriorKey } from "../keys.ts";
import { regionGraders } from "../masks.ts";
import { along, planeDirections } from "./directions.ts";
import { posteriorMean, sigmaOf, zKey } from "./z.ts";

export interface PlaneMarks {
  /** The z on the sliders, right and up in σ; null while it is not known. */
  readonly z: readonly [number, number] | null;
  readonly samples: readonly { readonly at: readonly [number, number]; readonly chosen: boolean }[];
  readonly graders: readonly { readonly at: readonly [number, number]; readonly text: string; readonly slot: number }[];
}

const EMPTY: PlaneMarks = { z: null, samples: [], graders: [] };

/** Everything that stands on the latent plane, projected on its two directions. */
export function planeMarks(state: State): PlaneMarks {
  return marks({ state });
}

/** z of every sample in σ: the same for all regions and graders. */
const sampleSigmas = derive(
  (state: State) => [state.model, state.intent.seed, state.intent.count] as const,
  (model, seed, count): readonly Float32Array[] => {
    if (!model?.value.head) return [];
    const chance = { latent: model.value.head.latent, fieldSpacings: [] };
    return Array.from({ length: count }, (_, index) => epsilonFor(seed, 0, index, chance, 1, 1).z);
  },
);

/** Only what is read here decides whether the marks are new. */
const marks = derive(
  ({ state }: { state: State }) => {
    const graders = regionGraders(state);
    const keys = graders.map(({ key }) => posteriorKey(state, key));
    const placed = keys.map((key) => (key !== null && state.posteriors[key] ? key : "")).join();
    const { source } = state.intent.z;
    return [encodedIsFresh(state), zKey(state), source, sampleSigmas(state), graders, placed, latest(state)] as const;
  },
  (fresh, _z, source, sigmas, graders, _placed, latest): PlaneMarks => {
    const { state } = latest;
    const directions = planeDirections(state);
    if (!directions || !fresh) return EMPTY;
    const at = (sigma: Float32Array) => [along(directions[0], sigma), along(directions[1], sigma)] as const;
    const z = sigmaOf(state);
    const samples = sigmas.map((sigma, index) => ({
      at: at(sigma),
      chosen: source.kind === "sample" && source.index === index,
    }));
    const placed = graders.flatMap(({ key, slot }) => {
      const sigma = posteriorMean(state, key);
      return sigma ? [{ at: at(sigma), text: key === "you" ? "Y" : String(Number(key) + 1), slot }] : [];
    });
    return { z: z ? at(z) : null, samples, graders: placed };
  },
);

/** The state itself travels in a box that is always the same one, so that it does not count as a change. */
const box: { state: State } = { state: null as unknown as State };
function latest(state: State): { state: State } {
  box.state = state;
  return box;
}
