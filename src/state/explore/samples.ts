import { representatives } from "../../core/measures/representative.ts";
import type { Draw } from "../../core/network/encoding.ts";
import type { ModelInfo, Prepared } from "../../core/network/model.ts";
import { type Choices, chooseSamples } from "../../core/random/choices.ts";
import type { SampleOrder } from "../../core/random/orders.ts";
import type { Mask } from "../../core/values/slice.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import { hasZ } from "../models/model.ts";
import { encodedIsFresh } from "./keys.ts";
import { currentDraw, hasGate, sourceName, zKey } from "./latent/z.ts";

/** How many samples are shown: as many as are wanted, but no more than the system can give. */
export function countOf(state: State, model = state.model?.value): number {
  return Math.min(state.intent.count, model?.members ?? state.intent.count);
}

/** How many are drawn: all that the samples shown stand for, where they are chosen so. */
export function drawnCount(state: State, model = state.model?.value): number {
  const { representativeOf } = state.intent;
  const count = countOf(state, model);
  return representativeOf === null || !canBeRepresented(model) ? count : Math.max(count, representativeOf);
}

/** Whether samples of a system can stand for many draws: it must have that many. */
export function canBeRepresented(model: Pick<ModelInfo, "members"> | undefined): boolean {
  return (model?.members ?? null) === null;
}

/** How the draws on the screen belong together: only draws of z have another order than their own. */
export function orderOf(state: State): SampleOrder {
  return hasZ(state) ? state.intent.order : "iid";
}

/** What the strip's samples are drawn from: `count` of `seed`, as the command line draws them too. */
export function choicesFor(state: State, model: ModelInfo, { crop, prior }: Prepared, count: number): Choices {
  const { seed, draw, fields, order } = state.intent;
  const size = { width: crop.size, height: crop.size };
  return chooseSamples(model, prior, size, {
    seed,
    row: draw,
    count,
    order,
    fieldSeed: fields.frozenSeed ?? seed,
    fieldStrength: fields.strength,
  });
}

/** Some of the draws: their numbers, from 0, ascending. */
export interface ChosenDraws {
  readonly places: readonly number[];
  /** Share of all draws for which each stands; null where they are the first ones. */
  readonly weights: readonly number[] | null;
}

/** The first `count` of the draws, or, where there are more, those `count` that stand for all of them. */
export function chooseDraws(masks: readonly Mask[], count: number, representative: boolean): ChosenDraws {
  if (!representative || masks.length <= count) return { places: [...masks.slice(0, count).keys()], weights: null };
  return representatives(masks, count);
}

/** What a system without z shows: a sample of the seed, from 0. */
export function shownIndex(state: State): number {
  const { source } = state.intent.z;
  const index = source.kind === "sample" ? source.index : 0;
  return Math.min(index, (state.model?.value.members ?? Number.POSITIVE_INFINITY) - 1);
}

/** The choice behind what is shown large; null while it is not known. */
export function currentChoices(state: State): Choices | null {
  const model = state.model?.value;
  if (!model || !state.encoded || !encodedIsFresh(state)) return null;
  if (model.head !== null) {
    const draw = currentDraw(state);
    return draw && { kind: "z", draws: [draw] };
  }
  const index = shownIndex(state);
  return at(choicesFor(state, model, state.encoded.value, index + 1), index);
}

/** Which of the draws is shown large, from 0; null where what is shown is not among them. */
export function shownDraw(state: State): number | null {
  const { source, locks, presence } = state.intent.z;
  const byHand = Object.keys(locks).length > 0 || (hasGate(state) && presence !== undefined);
  if (hasZ(state) && (source.kind !== "sample" || byHand)) return null;
  const index = source.kind === "sample" ? source.index : shownIndex(state);
  return index < drawnCount(state) ? index : null;
}

/** Names what is shown large: the z, or the sample of the seed. */
export function shownKey(state: State): string | null {
  if (!state.model) return null;
  return hasZ(state) ? zKey(state) : `${shownIndex(state)} of ${state.intent.seed}.${state.intent.draw}`;
}

/** The draws behind choices; none where the system has no z. */
export function drawsIn(choices: Choices): readonly Draw[] {
  return choices.kind === "z" ? choices.draws : [];
}

/** The member or head behind each sample that there can be, from 0; null where samples are no such thing. */
export const membersBehind = derive(
  (state: State) => [state.model?.value, state.intent.seed, state.intent.draw] as const,
  (model, seed, draw): readonly number[] | null => {
    if (!model || model.members === null) return null;
    const choices = chooseSamples(model, null, { width: 1, height: 1 }, { seed, row: draw, count: model.members });
    return choices.kind === "z" || choices.kind === "seed" ? null : choices.indices;
  },
);

/** One of a system's samples, as people call it. */
const ONE = {
  z: (n: number) => t`sample ${n}`,
  seed: (n: number) => t`pass ${n}`,
  member: (n: number) => t`member ${n}`,
  head: (n: number) => t`head ${n}`,
  samples: (n: number) => t`sample ${n}`,
} as const;

/** What is shown large, in words: "prior mean", "member 3", "pass 2 of seed 7". */
export function shownName(state: State): string {
  const { seed } = state.intent;
  if (!state.model || hasZ(state)) return sourceName(state);
  const index = shownIndex(state);
  const member = membersBehind(state)?.[index];
  return member === undefined ? t`pass ${index + 1} of seed ${seed}` : ONE[state.model.value.choice](member + 1);
}

function at(choices: Choices, index: number): Choices {
  if (choices.kind === "z") return { kind: "z", draws: choices.draws.slice(index, index + 1) };
  if (choices.kind === "seed") return { kind: "seed", seeds: choices.seeds.slice(index, index + 1) };
  return { kind: choices.kind, indices: choices.indices.slice(index, index + 1) };
}
