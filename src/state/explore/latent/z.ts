import type { Draw, Gaussian } from "../../../core/network/encoding.ts";
import { gateOf } from "../../../core/network/shift-and-gate.ts";
import { type Epsilon, epsilonFor } from "../../../core/random/draws.ts";
import { draw, inSigma } from "../../../core/random/gaussian.ts";
import { derive } from "../../app/derive.ts";
import { type GraderKey, type Intent, YOU, type ZSource } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { encodedIsFresh, posteriorOf } from "../keys.ts";

/** The z on the sliders in units of the prior's σ, [L]; null while what it comes from is not there yet, or without z. */
export const sigmaOf = derive(
  (state: State) => {
    const { source, locks } = state.intent.z;
    const [from = null, to = null] = gradersIn(source).map((grader) => posteriorMean(state, grader));
    return [
      state.model?.value.head ?? null,
      source,
      locks,
      state.intent.seed,
      state.intent.draw,
      state.intent.order,
      priorOf(state),
      from,
      to,
    ] as const;
  },
  (head, source, locks, seed, draw, order, prior, from, to): Float32Array | null => {
    if (!head) return null;
    const sigma = unlocked(source, head.latent, { seed, draw, order }, prior, from, to)?.slice() ?? null;
    for (const [axis, value] of Object.entries(locks))
      if (sigma && Number(axis) < sigma.length) sigma[Number(axis)] = value;
    return sigma;
  },
);

function unlocked(
  source: ZSource,
  latent: number,
  how: Pick<Intent, "seed" | "draw" | "order">,
  prior: Gaussian | null,
  from: Float32Array | null,
  to: Float32Array | null,
): Float32Array | null {
  switch (source.kind) {
    case "mean":
      return new Float32Array(latent);
    case "hand":
      return Float32Array.from({ length: latent }, (_, axis) => source.sigma[axis] ?? 0);
    case "sample":
      return sampleSigma(how, source.index, latent);
    case "posterior":
      return from;
    case "exact":
      return prior && source.z.length === latent ? inSigma(prior, source.z) : null;
    case "between":
      return from && to && from.map((value, axis) => value + source.share * ((to[axis] as number) - value));
  }
}

/** z of sample `index` in σ: the same for all regions and graders. */
export function sampleSigma(
  { seed, draw, order }: Pick<Intent, "seed" | "draw" | "order">,
  index: number,
  latent: number,
): Float32Array {
  return epsilonFor(seed, draw, index, { latent, fieldSpacings: [] }, 1, 1, order).z;
}

/** The graders whose places in the latent space a source of z needs. */
export function gradersIn(source: ZSource): readonly GraderKey[] {
  if (source.kind === "posterior") return [source.grader];
  return source.kind === "between" ? [source.from, source.to] : [];
}

const means = new WeakMap<Gaussian, Float32Array>();

/** A grader's posterior mean in units of the prior's σ. */
export function posteriorMean(state: State, grader: GraderKey): Float32Array | null {
  const posterior = posteriorOf(state, grader);
  const prior = priorOf(state);
  if (!posterior || !prior) return null;
  const mean = means.get(posterior) ?? inSigma(prior, posterior.mean);
  means.set(posterior, mean); // a posterior belongs to one encoding, and so to one prior
  return mean;
}

/** P(z | crop) of the region on the screen; null while it is on its way, or without z. */
export function priorOf(state: State): Gaussian | null {
  return state.encoded && encodedIsFresh(state) ? state.encoded.value.prior : null;
}

/** The normals of sample `index`; frozen fields are those of their own seed. */
function epsilonOf(state: State, index: number): Epsilon | null {
  const model = state.model?.value;
  if (!model?.head) return null;
  const { head } = model;
  const { size } = model.config.preprocessing;
  const { seed, draw, fields, order } = state.intent;
  const of = (from: number) => epsilonFor(from, draw, index, head, size, size, order);
  const own = of(seed);
  if (fields.frozenSeed === null || fields.frozenSeed === seed || own.fields.length === 0) return own;
  return { ...own, fields: of(fields.frozenSeed).fields };
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
  const { source } = state.intent.z;
  const index = fieldsIndex(source);
  const under = index === null ? null : epsilonOf(state, index);
  const { strength } = state.intent.fields;
  const fields = under?.fields.map((field) => field.map((value) => value * strength)) ?? [];
  const shift = under?.shift ?? (source.kind === "exact" ? source.shift : undefined);
  const u = currentU(state);
  return { z, ...(fields.length > 0 && { fields }), ...(shift && { shift }), ...(u !== null && { u }) };
}

/**
 * u of the gate for what is shown large: by hand, that of the sample, or 0, the prior's mean. A grader's z was found from
 * what the grader drew: then there is a lesion. Null where the model has no gate.
 */
export function currentU(state: State): number | null {
  if (!state.model?.value.head?.gate) return null;
  const { intent } = state;
  if (intent.z.presence !== undefined) return intent.z.presence;
  const { kind } = intent.z.source;
  if (kind === "posterior" || kind === "between" || kind === "exact") return Number.POSITIVE_INFINITY;
  const index = fieldsIndex(intent.z.source);
  return (index === null ? null : epsilonOf(state, index)?.u) ?? 0;
}

/** Names the z on the sliders and what lies under it. */
export function zKey(state: State): string | null {
  const sigma = sigmaOf(state);
  if (!sigma) return null;
  const index = fieldsIndex(state.intent.z.source);
  const { seed, draw, fields, order } = state.intent;
  const under =
    index === null || !hasChance(state)
      ? ""
      : `|${order}.${fields.frozenSeed ?? seed}.${draw}:${index}×${fields.strength}`;
  const u = currentU(state);
  return Array.from(sigma, (value) => value.toFixed(5)).join(",") + under + (u === null ? "" : `|u${u}`);
}

/** Whether a sample has more of its own than z. */
function hasChance(state: State): boolean {
  return hasFields(state) || (state.model?.value.head?.shift ?? 0) > 0;
}

/** The u up to which nothing is drawn in the region on the screen; null without a gate or while it is on its way. */
export function gateOnScreen(state: State): number | null {
  const presence = state.encoded && encodedIsFresh(state) ? state.encoded.value.encoding?.presence : undefined;
  return presence === undefined ? null : gateOf(presence);
}

export function hasGate(state: State): boolean {
  return state.model?.value.head?.gate === true;
}

export function hasFields(state: State): boolean {
  return (state.model?.value.head?.fieldSpacings.length ?? 0) > 0;
}

/** Where z comes from, in words. */
export function sourceName({ intent: { z, seed }, readers }: Pick<State, "intent" | "readers">): string {
  const { source } = z;
  const named = (grader: GraderKey) => graderName(readers, grader);
  switch (source.kind) {
    case "mean":
      return "prior mean";
    case "sample":
      return `sample ${source.index + 1} of seed ${seed}`;
    case "posterior":
      return `posterior of ${named(source.grader)}`;
    case "between":
      return `${Math.round(source.share * 100)} % from ${named(source.from)} to ${named(source.to)}`;
    case "hand":
      return "by hand";
    case "exact":
      return "by hand, from a session";
  }
}

/** As a sentence calls a grader: "grader 2", "you", or by a reader's name. */
export function graderName(readers: State["readers"], grader: GraderKey): string {
  if (typeof grader === "number") return `grader ${grader + 1}`;
  return grader === YOU.id ? "you" : (readers.find(({ id }) => id === grader)?.name ?? "a reader who is gone");
}
