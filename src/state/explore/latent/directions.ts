import { say, type Text } from "../../../core/language/say.ts";
import { derive } from "../../app/derive.ts";
import type { State } from "../../app/shape.ts";
import { isQuick } from "../../models/model.ts";
import { encodedIsFresh } from "../keys.ts";

/** A line through the latent space in units of the prior's σ: an axis of the model or a mode of the case. */
export interface Direction {
  /** The same in every language: `z1`, `mode 1`. */
  readonly name: string;
  /** As a person reads it. */
  readonly label: Text;
  /** [L], length 1 */
  readonly vector: Float32Array;
}

/** One slider. */
export interface Axis extends Direction {
  /** Its place among the model's axes, from 0; null for a mode. */
  readonly index: number | null;
  /** 1 − IoU between the masks at −2σ and +2σ: of an axis over the validation cases, of a mode about this case's prior mean. */
  readonly effect: number;
  /** Mean nats over the graders of `val`; null for a mode. */
  readonly kl: number | null;
}

/** An effect below it is none that anybody would see. */
const NO_EFFECT = 0.05;
export const MOST_MODES = 6;
/** Sliders that stand there at first; the others are asked for. */
export const FIRST_SLIDERS = 16;
/** A noise may have thousands of axes: sliders stand for the strongest of them. */
export const MOST_SLIDERS = 64;

/** Whether the sliders are this case's modes: they are found through the decode, where there is one. */
export function slidersAreModes(state: State): boolean {
  if (!isQuick(state)) return false;
  const { sliders } = state.intent.view;
  if (sliders !== "auto") return sliders === "modes";
  return state.model?.value.config.architecture.prior === "standard";
}

/** The model's own axes, strongest effect on the picture first, `MOST_SLIDERS` of them; unmeasured ones in their order. */
const axes = derive(
  (state: State) => [state.model] as const,
  (model): readonly Axis[] => {
    if (!model?.value.head) return [];
    const { axes: reports } = model.value.config;
    const { latent } = model.value.head;
    return Array.from({ length: latent }, (_, index) => {
      const { effect, kl } = reports[index] ?? { effect: Number.NaN, kl: null };
      return { name: `z${index + 1}`, label: `z${index + 1}`, index, effect, kl };
    })
      .sort((a, b) => order(b.effect) - order(a.effect) || (b.kl ?? 0) - (a.kl ?? 0) || a.index - b.index)
      .slice(0, MOST_SLIDERS)
      .map((axis): Axis => ({ ...axis, vector: unit(axis.index, latent) }));
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
      label: say`mode ${rank + 1}`,
      index: null,
      vector,
      effect,
      kl: null,
    })) ?? [],
);

/** What the sliders are, strongest first; empty while the modes of the case are not known. */
export function slidersOf(state: State): readonly Axis[] {
  return slidersAreModes(state) ? modes(state) : axes(state);
}

/** How many axes of the model no slider stands for. */
export function axesWithoutSlider(state: State): number {
  if (slidersAreModes(state)) return 0;
  return Math.max(0, (state.model?.value.head?.latent ?? 0) - MOST_SLIDERS);
}

/** The effects of the sliders about the z on them, by their names; null while none is known of this encoding. */
export function effectsHere(state: State): Readonly<Record<string, number>> | null {
  const { effects, encoded } = state;
  return effects && encodedIsFresh(state) && effects.key.startsWith(`${encoded?.key}|`) ? effects.value : null;
}

/** Whether a slider moves the outline where z is now; null while that is not known. */
export function movesHere({ name }: Pick<Axis, "name">, here: Readonly<Record<string, number>> | null): boolean | null {
  const effect = here?.[name];
  return effect === undefined ? null : effect >= NO_EFFECT;
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
export function along(direction: Pick<Direction, "vector">, sigma: Float32Array): number {
  let sum = 0;
  for (let axis = 0; axis < sigma.length; axis++) sum += (sigma[axis] as number) * (direction.vector[axis] ?? 0);
  return sum;
}
