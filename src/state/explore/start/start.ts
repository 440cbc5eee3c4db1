import { weightsHash } from "../../../core/config/weights-hash.ts";
import type { Gaussian, Posterior, Samples, Statistics } from "../../../core/network/encoding.ts";
import type { ModelInfo } from "../../../core/network/model.ts";
import type { Grader, Slice } from "../../../core/values/slice.ts";
import type { Intent, Layer } from "../../app/intent.ts";
import type { Case, State } from "../../app/shape.ts";
import { caseOnScreen, frameOnScreen } from "../../cases/on-screen.ts";
import { posteriorOf } from "../keys.ts";
import type { Ends, Mode, Plane } from "../latent/masks-over-z.ts";
import { mapOf, rangeOf } from "../layers.ts";

/** What the samples and all that is made of them depend on, of what a person wants. */
type Asked = Pick<
  Intent,
  | "caseId"
  | "frame"
  | "region"
  | "model"
  | "seed"
  | "draw"
  | "count"
  | "representativeOf"
  | "order"
  | "z"
  | "fields"
  | "threshold"
> & { readonly sliders: Intent["view"]["sliders"] };

/**
 * What the page shows first, made before the visit by the page's own work (src/start-file.ts). Of the maps there is what
 * can be seen or asked for; what the engine makes of them takes their place once it is there.
 */
export interface Start {
  readonly asked: Asked;
  /** Of the weights that it was made with. */
  readonly weights: string;
  readonly case: Pick<Case, "title" | "group" | "simulated" | "pack" | "attribution" | "region">;
  readonly slice: Slice;
  readonly graders: readonly Grader[];
  readonly about: Omit<ModelInfo, "config">;
  readonly prior: Gaussian | null;
  readonly presence: number | null;
  readonly samples: Samples;
  readonly statistics: Statistics;
  readonly current: Float32Array;
  /** One for each grader; null for who has no place in z. */
  readonly posteriors: readonly (Posterior | null)[];
  readonly modes: readonly Mode[] | null;
  readonly ends: Readonly<Record<string, Ends>> | null;
  readonly effects: Readonly<Record<string, number>> | null;
  /** Its little masks one after the other (`cellsOf`). */
  readonly plane: (Omit<Plane, "cells"> & { readonly cells: Uint8Array }) | null;
}

/** P below it is on no picture and beyond every threshold that a person can choose. */
const NO_LESION = 1 / 256;
/** Share of a map's range below which no pixel is tinted by half a grey level, at full opacity and four times faded. */
const NO_TINT = 0.5 / 255 / 4;

/** What is on the screen, to be shown first another time; null where it is not all there. */
export function startOf(state: State): Start | null {
  const [found, frame] = [caseOnScreen(state), frameOnScreen(state)];
  const { intent, model, encoded, drawn, current, modes, ends, effects, plane } = state;
  if (!found || !frame || !model || !encoded || !drawn || !current) return null;
  const { title, group, simulated, pack, attribution } = found;
  const { config, ...about } = model.value;
  const { samples } = drawn.value;
  const { width } = samples;
  const pixels = width * samples.height;
  const probabilities = new Float32Array(samples.probabilities.length);
  for (let n = 0; n < samples.count; n++)
    probabilities.set(seen(samples.probabilities.subarray(n * pixels, (n + 1) * pixels), width, NO_LESION), n * pixels);
  const map = (layer: Exclude<Layer, "none" | "grader-disagreement">) => {
    const values = mapOf(layer, drawn.value, null) as Float32Array;
    const least = layer === "mean" ? Math.min(NO_TINT, NO_LESION) : NO_TINT * rangeOf(layer, [values], false)[1];
    return seen(values, width, least);
  };
  const statistics = {
    mean: map("mean"),
    variance: map("variance"),
    entropy: map("entropy"),
    mutualInformation: map("disagreement"),
  };
  return {
    asked: askedIn(intent),
    weights: weightsHash(config),
    case: { title, group, simulated, pack, attribution, region: found.region },
    slice: frame.slice,
    graders: frame.graders,
    about,
    prior: encoded.value.prior,
    presence: encoded.value.encoding?.presence ?? null,
    samples: { ...samples, probabilities },
    statistics,
    current: seen(current.value, width, NO_LESION),
    posteriors: frame.graders.map((_, grader) => posteriorOf(state, grader)),
    modes: modes?.value ?? null,
    ends: ends?.value ?? null,
    effects: effects?.value ?? null,
    plane: plane && { ...plane.value, cells: joined(plane.value) },
  };
}

export function askedIn(intent: Intent): Asked {
  const { caseId, frame, region, model, seed, draw, count, representativeOf, order, z, fields, threshold } = intent;
  const { sliders } = intent.view;
  return { caseId, frame, region, model, seed, draw, count, representativeOf, order, z, fields, threshold, sliders };
}

/** The values from `least` on and their neighbours, whose values say where between two pixels a line goes; 0 elsewhere. */
function seen(values: Float32Array, width: number, least: number): Float32Array {
  const kept = new Float32Array(values.length);
  const height = values.length / width;
  for (let i = 0; i < values.length; i++) {
    if (!((values[i] as number) >= least)) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++)
      for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++)
        kept[v * width + u] = values[v * width + u] as number;
  }
  return kept;
}

/** The cells one after the other, each as what it has more than the one before it (mod 256): neighbours are much alike. */
function joined({ cells, cellSize }: Plane): Uint8Array {
  const area = cellSize ** 2;
  const all = new Uint8Array(cells.length * area);
  for (const [i, cell] of cells.entries()) if (cell) all.set(cell, i * area);
  for (let at = all.length - 1; at >= area; at--) all[at] = (all[at] as number) - (all[at - area] as number);
  return all;
}

/** The cells of a start's plane. */
export function cellsOf({ side, cellSize, cells: joint }: NonNullable<Start["plane"]>): readonly Uint8Array[] {
  const area = cellSize ** 2;
  const all = joint.slice();
  for (let at = area; at < all.length; at++) all[at] = (all[at] as number) + (all[at - area] as number);
  return Array.from({ length: side ** 2 }, (_, i) => all.subarray(i * area, (i + 1) * area));
}
