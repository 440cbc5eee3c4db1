import type { Draw, Gaussian } from "../../../core/network/encoding.ts";
import { gateOf } from "../../../core/network/shift-and-gate.ts";
import { epsilonFor } from "../../../core/random/draws.ts";
import { draw, inSigma } from "../../../core/random/gaussian.ts";
import { derive } from "../../app/derive.ts";
import { type GraderKey, type Intent, YOU, type ZSource } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { t } from "../../app/speech.ts";
import { encodedIsFresh, posteriorOf } from "../keys.ts";
import { epsilonOf } from "./epsilon.ts";
import { fieldsName, fieldsSource, fieldsUnder, gradersIn } from "./fields-under.ts";

/** The z on the sliders in units of the prior's σ, [L]; null while what it comes from is not there yet, or without z. */
export const sigmaOf = derive(
  (state: State) => {
    const { source, locks } = state.intent.z;
    const [from = null, to = null] =
      source.kind === "hand" ? [] : gradersIn(source).map((grader) => posteriorMean(state, grader));
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

/** The sample whose shift and u lie under the z on the sliders. */
function sampleUnder(source: ZSource): number | null {
  const from = fieldsSource(source);
  return typeof from === "number" ? from : null;
}

/** What to decode for the z on the sliders; null while the encoding, z or its fields are not there. */
export function currentDraw(state: State): Draw | null {
  const sigma = sigmaOf(state);
  const prior = priorOf(state);
  if (!sigma || !prior) return null;
  const under = fieldsUnder(state);
  if (under === "waiting") return null;
  const z = draw(prior, sigma);
  const { source } = state.intent.z;
  const index = sampleUnder(source);
  const { strength } = state.intent.fields;
  const fields = under?.map((field) => field.map((value) => value * strength)) ?? [];
  const shift =
    (index === null ? undefined : epsilonOf(state, index)?.shift) ??
    (source.kind === "exact" ? source.shift : undefined);
  const u = currentU(state);
  return { z, ...(fields.length > 0 && { fields }), ...(shift && { shift }), ...(u !== null && { u }) };
}

/**
 * u of the gate for what is shown large: by hand, that of the sample, or 0, the prior's mean. A grader who drew had it open,
 * and who drew nothing had it shut (`Posterior.u`); between two it is that of the nearer. Null where the model has no gate.
 */
export function currentU(state: State): number | null {
  if (!state.model?.value.head?.gate) return null;
  const { presence, source } = state.intent.z;
  if (presence !== undefined) return presence;
  if (source.kind === "exact") return Number.POSITIVE_INFINITY; // also where no fields came with it
  const from = fieldsSource(source);
  if (from === null) return 0;
  if (typeof from === "number") return epsilonOf(state, from)?.u ?? 0;
  if ("given" in from) return Number.POSITIVE_INFINITY;
  return posteriorOf(state, from.share < 0.5 ? from.from : from.to)?.u ?? Number.POSITIVE_INFINITY;
}

/** Names the z on the sliders and what lies under it; null while any of it is on its way. */
export function zKey(state: State): string | null {
  const sigma = sigmaOf(state);
  if (!sigma || fieldsUnder(state) === "waiting") return null;
  const { seed, draw, fields, order } = state.intent;
  const name = hasChance(state) ? fieldsName(state) : "";
  const under = name === "" ? "" : `|${order}.${fields.frozenSeed ?? seed}.${draw}:${name}×${fields.strength}`;
  const u = currentU(state);
  return Array.from(sigma, (value) => value.toFixed(5)).join(",") + under + (u === null ? "" : `|u${u}`);
}

/** Whether a sample has more of its own than z. */
function hasChance(state: State): boolean {
  return hasFields(state) || (state.model?.value.head?.shift ?? 0) > 0;
}

/** The u up to which nothing is drawn in the region on the screen; null without a gate or while it is on its way. */
export function gateOnScreen(state: State): number | null {
  const prepared = state.encoded && encodedIsFresh(state) ? state.encoded.value : null;
  const presence = prepared?.encoding?.presence ?? prepared?.presence;
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
      return t`prior mean`;
    case "sample":
      return t`sample ${source.index + 1} of seed ${seed}`;
    case "posterior":
      return t`posterior of ${named(source.grader)}`;
    case "between":
      return t`${Math.round(source.share * 100)} % from ${named(source.from)} to ${named(source.to)}`;
    case "hand":
      return t`by hand`;
    case "exact":
      return t`by hand, from a session`;
  }
}

/** As a sentence calls a grader: "grader 2", "you", or by a reader's name. */
export function graderName(readers: State["readers"], grader: GraderKey): string {
  if (typeof grader === "number") return t`grader ${grader + 1}`;
  return grader === YOU.id ? t`you` : (readers.find(({ id }) => id === grader)?.name ?? t`a reader who is gone`);
}
