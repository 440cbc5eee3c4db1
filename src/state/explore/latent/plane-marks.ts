import { derive } from "../../app/derive.ts";
import { REACH } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { encodedIsFresh } from "../keys.ts";
import { regionGraders, sampleOrder } from "../masks.ts";
import { along, slidersOf } from "./directions.ts";
import { posteriorMean, sampleSigma, sigmaOf } from "./z.ts";

export interface PlaneMarks {
  /** The z on the sliders, right and up in σ; null while it is not known. */
  readonly z: readonly [number, number] | null;
  readonly samples: readonly { readonly at: readonly [number, number]; readonly chosen: boolean }[];
  readonly graders: readonly { readonly at: readonly [number, number]; readonly text: string; readonly slot: number }[];
}

/** A mark that lies outside of the plane. */
export interface BeyondMark {
  readonly who: string;
  /** Colour slot of a grader or reader; null for z. */
  readonly slot: number | null;
  /** In σ, right and up. */
  readonly at: readonly [number, number];
}

/** z, and who of the graders lie further out than the plane reaches. */
export function marksBeyond({ z, graders }: PlaneMarks): readonly BeyondMark[] {
  const all: BeyondMark[] = graders.map(({ at, text, slot }) => ({ who: text, slot, at }));
  if (z) all.push({ who: "z", slot: null, at: z });
  return all.filter(({ at }) => at.some((value) => Math.abs(value) > REACH));
}

const EMPTY: PlaneMarks = { z: null, samples: [], graders: [] };

const sampleSigmas = derive(
  (state: State) =>
    [
      state.model?.value.head ?? null,
      state.intent.seed,
      state.intent.draw,
      state.intent.order,
      sampleOrder(state),
    ] as const,
  (head, seed, draw, order, samples): readonly { readonly index: number; readonly sigma: Float32Array }[] =>
    head ? samples.map((index) => ({ index, sigma: sampleSigma({ seed, draw, order }, index, head.latent) })) : [],
);

/** Everything that stands on the latent plane, projected on its two directions. */
export const planeMarks = derive(
  (state: State) => {
    const [right, up] = slidersOf(state);
    const graders = regionGraders(state);
    const places = graders.map(({ key }) => posteriorMean(state, key));
    const { source } = state.intent.z;
    const chosen = source.kind === "sample" ? source.index : null;
    const fresh = encodedIsFresh(state);
    return [right, up, fresh, sigmaOf(state), chosen, sampleSigmas(state), graders, ...places] as const;
  },
  (right, up, fresh, z, chosen, sigmas, graders, ...places): PlaneMarks => {
    if (!right || !up || !fresh) return EMPTY;
    const at = (sigma: Float32Array) => [along(right, sigma), along(up, sigma)] as const;
    return {
      z: z ? at(z) : null,
      samples: sigmas.map(({ sigma, index }) => ({ at: at(sigma), chosen: index === chosen })),
      graders: graders.flatMap(({ mark, slot }, i) => {
        const sigma = places[i];
        return sigma ? [{ at: at(sigma), text: mark, slot }] : [];
      }),
    };
  },
);
