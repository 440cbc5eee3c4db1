import type { Draw, Gaussian } from "../../../core/network/encoding.ts";
import { type Epsilon, epsilonFor } from "../../../core/random/draws.ts";
import { draw, inSigma } from "../../../core/random/gaussian.ts";
import type { GraderKey, ZSource } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { encodedIsFresh, posteriorOf } from "../keys.ts";

/** The z on the sliders in units of the prior's σ, [L]; null while what it comes from is not there yet, or without z. */
export function sigmaOf(state: State): Float32Array | null {
  const head = state.model?.value.head;
  if (!head) return null;
  const free = unlocked(state, state.intent.z.source, head.latent);
  if (!free) return null;
  for (const [axis, value] of Object.entries(state.intent.z.locks))
    if (Number(axis) < free.length) free[Number(axis)] = value;
  return free;
}

function unlocked(state: State, source: ZSource, latent: number): Float32Array | null {
  switch (source.kind) {
    case "mean":
      return new Float32Array(latent);
    case "hand":
      return Float32Array.from({ length: latent }, (_, axis) => source.sigma[axis] ?? 0);
    case "sample":
      return epsilonOf(state, source.index)?.z.slice() ?? null;
    case "posterior":
      return posteriorMean(state, source.grader);
    case "exact": {
      const prior = priorOf(state);
      return prior && source.z.length === latent ? inSigma(prior, source.z) : null;
    }
    case "between": {
      const [from, to] = [posteriorMean(state, source.from), posteriorMean(state, source.to)];
      if (!from || !to) return null;
      return from.map((value, axis) => value + source.share * ((to[axis] as number) - value));
    }
  }
}

/** A grader's posterior mean in units of the prior's σ. */
export function posteriorMean(state: State, grader: GraderKey): Float32Array | null {
  const posterior = posteriorOf(state, grader);
  const prior = priorOf(state);
  return posterior && prior ? inSigma(prior, posterior.mean) : null;
}

/** P(z | crop) of the region on the screen; null while it is on its way, or without z. */
export function priorOf(state: State): Gaussian | null {
  return state.encoded && encodedIsFresh(state) ? state.encoded.value.prior : null;
}

/** The normals of sample `index`; frozen fields are those of their own seed. */
export function epsilonOf(state: State, index: number): Epsilon | null {
  const model = state.model?.value;
  if (!model?.head) return null;
  const { head } = model;
  const { size } = model.config.preprocessing;
  const { seed, fields } = state.intent;
  const own = epsilonFor(seed, 0, index, head, size, size);
  if (fields.frozenSeed === null || fields.frozenSeed === seed || own.fields.length === 0) return own;
  return { z: own.z, fields: epsilonFor(fields.frozenSeed, 0, index, head, size, size).fields };
}

/** The sample whose fields lie under the z on the sliders. */
function fieldsIndex(source: ZSource): number | null {
  if (source.kind === "sample") return source.index;
  return source.kind === "hand" ? source.fields : null;
}

/** What to decode for the z on the sliders; null while the encoding or z is not there. */
export function currentDraw(state: State): Draw | null {
  const sigma = sigmaOf(state);
  const prior = priorOf(state);
  if (!sigma || !prior) return null;
  const z = draw(prior, sigma);
  const index = fieldsIndex(state.intent.z.source);
  const fields = index === null ? undefined : epsilonOf(state, index)?.fields;
  if (!fields || fields.length === 0) return { z };
  return { z, fields: fields.map((field) => field.map((value) => value * state.intent.fields.strength)) };
}

/** Names the z on the sliders and what lies under it. */
export function zKey(state: State): string | null {
  const sigma = sigmaOf(state);
  if (!sigma) return null;
  const index = fieldsIndex(state.intent.z.source);
  const { seed, fields } = state.intent;
  const under = index === null || !hasFields(state) ? "" : `|${fields.frozenSeed ?? seed}:${index}×${fields.strength}`;
  return Array.from(sigma, (value) => value.toFixed(5)).join(",") + under;
}

export function hasFields(state: State): boolean {
  return (state.model?.value.head?.fieldSpacings.length ?? 0) > 0;
}

/** Where z comes from, in words. */
export function sourceName(source: ZSource, seed: number): string {
  switch (source.kind) {
    case "mean":
      return "prior mean";
    case "sample":
      return `sample ${source.index + 1} of seed ${seed}`;
    case "posterior":
      return source.grader === "you" ? "posterior of you" : `posterior of grader ${source.grader + 1}`;
    case "between":
      return `${Math.round(source.share * 100)} % from ${graderName(source.from)} to ${graderName(source.to)}`;
    case "hand":
      return "by hand";
    case "exact":
      return "by hand, from a session";
  }
}

export function graderName(grader: GraderKey): string {
  return grader === "you" ? "you" : `grader ${grader + 1}`;
}
