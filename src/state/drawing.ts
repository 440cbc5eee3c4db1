import { drawFrom } from "../core/draws.ts";
import type { Draw } from "../core/encoding.ts";
import { epsilonOf } from "./latent.ts";
import type { State } from "./store.ts";

/** The draws of the samples strip: `count` of `seed` from the prior, with the fields' strength. */
export function drawsOf(state: State): Draw[] | null {
  if (!state.encoded) return null;
  const { prior } = state.encoded.value.encoding;
  const draws: Draw[] = [];
  for (let index = 0; index < state.intent.count; index++) {
    const epsilon = epsilonOf(state, index);
    if (!epsilon) return null;
    draws.push(drawFrom(prior, epsilon, state.intent.fields.strength));
  }
  return draws;
}
