import { isLive } from "../../../core/config/model-config.ts";
import { derive } from "../../app/derive.ts";
import type { State } from "../../app/shape.ts";
import { isQuick } from "../../models/model.ts";
import { encodedIsFresh } from "../keys.ts";

/** A line through the latent space in units of the prior's σ: an axis of the model or a mode of the case. */
export interface Direction {
  /** As assistive technology names it: `z1`, `mode 1`. */
  readonly name: string;
  /** [L], length 1 */
  readonly vector: Float32Array;
}

/** One slider. */
export interface Axis extends Direction {
  /** Its place among the model's axes, from 0; null for a mode. */
  readonly index: number | null;
  /** 1 − IoU between the masks at −2σ and +2σ: of an axis over the validation cases, of a mode on this case. */
  readonly effect: number;
  /** Mean nats over the graders of `val`; null for a mode. */
  readonly kl: number | null;
  readonly live: boolean;
}

/** A mode is live from this effect on (formats.md). */
const LIVE_MODE = 0.1;
const LIVE_AXIS = 0.05;
export const MOST_MODES = 6;

/** Whether the sliders are this case's modes: they are found through the decode, where there is one. */
export function slidersAreModes(state: State): boolean {
  if (!isQuick(state)) return false;
  const { sliders } = state.intent.view;
  if (sliders !== "auto") return sliders === "modes";
  return state.model?.value.config.architecture.prior === "standard";
}

/** The model's own axes, strongest effect on the picture first. */
const axes = derive(
  (state: State) => [state.model] as const,
  (model): readonly Axis[] => {
    if (!model?.value.head) return [];
    const { axes: reports, architecture } = model.value.config;
    const { latent } = model.value.head;
    // A learnt prior can leave an axis unused, which its nats show; of N(0, I) only the effect says something.
    const learnt = architecture.prior === "net";
    return Array.from({ length: latent }, (_, index): Axis => {
      const report = reports[index];
      // Nobody measured it: that is no reason to call it dead.
      if (!report)
        return { name: `z${index + 1}`, index, vector: unit(index, latent), effect: Number.NaN, kl: null, live: true };
      const live = learnt ? isLive(report) : report.effect >= LIVE_AXIS;
      return { name: `z${index + 1}`, index, vector: unit(index, latent), ...report, live };
    }).sort(
      (a, b) => order(b.effect) - order(a.effect) || (b.kl ?? 0) - (a.kl ?? 0) || (a.index ?? 0) - (b.index ?? 0),
    );
  },
);

function order(effect: number): number {
  return Number.isNaN(effect) ? 0 : effect;
}

const modes = derive(
  (state: State) => [encodedIsFresh(state) && state.modes?.key === state.encoded?.key ? state.modes : null] as const,
  (found): readonly Axis[] =>
    found?.value.map(({ vector, effect }, rank) => ({
      name: `mode ${rank + 1}`,
      index: null,
      vector,
      effect,
      kl: null,
      live: effect >= LIVE_MODE,
    })) ?? [],
);

/** What the sliders are, strongest first; empty while the modes of the case are not known. */
export function slidersOf(state: State): readonly Axis[] {
  return slidersAreModes(state) ? modes(state) : axes(state);
}

/** The two strongest directions: right and up in the plane. Null where there are not two, or not yet. */
export function planeDirections(state: State): readonly [Direction, Direction] | null {
  const [first, second] = slidersOf(state);
  return first && second ? [first, second] : null;
}

function unit(index: number, latent: number): Float32Array {
  const vector = new Float32Array(latent);
  vector[index] = 1;
  return vector;
}

/** Where z (in σ) lies along a direction. */
export function along(direction: Direction, sigma: Float32Array): number {
  let sum = 0;
  for (let axis = 0; axis < sigma.length; axis++) sum += (sigma[axis] as number) * (direction.vector[axis] ?? 0);
  return sum;
}
