import { axesOf } from "./latent.ts";
import type { State } from "./store.ts";

/** A line through the latent space in units of the prior's σ: an axis of the model or a mode of the case. */
export interface Direction {
  readonly name: string;
  /** [L], length 1 */
  readonly vector: Float32Array;
}

/** The two strongest directions: right and up in the plane. Null where there are not two. */
export function planeDirections(state: State): readonly [Direction, Direction] | null {
  const [first, second] = axesOf(state);
  const latent = state.model?.value.head.latent ?? 0;
  if (!first || !second) return null;
  return [unit(first.name, first.index, latent), unit(second.name, second.index, latent)];
}

function unit(name: string, index: number, latent: number): Direction {
  const vector = new Float32Array(latent);
  vector[index] = 1;
  return { name, vector };
}

/** Where z (in σ) lies along a direction. */
export function along(direction: Direction, sigma: Float32Array): number {
  let sum = 0;
  for (let axis = 0; axis < sigma.length; axis++) sum += (sigma[axis] as number) * (direction.vector[axis] ?? 0);
  return sum;
}
