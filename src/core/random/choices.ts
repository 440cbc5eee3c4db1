import type { Choice } from "../config/model-config.ts";
import { GraderspaceError } from "../errors.ts";
import { type Message, say } from "../language/say.ts";
import type { Draw, Gaussian } from "../network/encoding.ts";
import { type Chance, drawFrom, epsilonFor } from "./draws.ts";
import type { SampleOrder } from "./orders.ts";
import { shuffle, uniforms } from "./random.ts";

/** What makes the samples of one call differ, in the terms of the system. */
export type Choices =
  | { readonly kind: "z"; readonly draws: readonly Draw[] }
  | { readonly kind: "seed"; readonly seeds: readonly number[] }
  | { readonly kind: "member" | "head" | "samples"; readonly indices: readonly number[] };

/** How `count` samples are drawn; the same words as `session.json`'s choice. */
export interface DrawOrder {
  readonly seed: number;
  readonly count: number;
  /** Row in a file of cases; 0 for a single picture. */
  readonly row?: number;
  /** Seed of the local fields, where it is not the one of z. */
  readonly fieldSeed?: number;
  /** Factor on the local fields: 0 = off, 1 = as trained. */
  readonly fieldStrength?: number;
  /** Of no account where samples are not drawn by z. */
  readonly order?: SampleOrder;
}

/** What of a system decides how its samples are drawn. */
export interface Drawable {
  readonly choice: Choice;
  /** How many different samples there can be; null where there is no end. */
  readonly members: number | null;
  /** What of chance a z takes; null where the system has no z. */
  readonly head: Chance | null;
}

const FEWER: Readonly<Record<Choice, (members: number, count: number) => Message>> = {
  z: (members, count) => say`this system has ${members} samples and cannot give ${count}`,
  seed: (members, count) => say`this system has ${members} passes and cannot give ${count} samples`,
  member: (members, count) => say`this system has ${members} members and cannot give ${count} samples`,
  head: (members, count) => say`this system has ${members} heads and cannot give ${count} samples`,
  samples: (members, count) => say`this system has ${members} samples and cannot give ${count}`,
};

/**
 * The choices behind samples 1 … count of one picture: z from the prior; fresh seeds; the first members of an ensemble;
 * heads without replacement. They depend on (seed, row, n) alone, but for the heads, which depend on (seed, row).
 * @throws GraderspaceError BadArgument: more samples than members
 */
export function chooseSamples(
  system: Drawable,
  prior: Gaussian | null,
  size: { readonly width: number; readonly height: number },
  how: DrawOrder,
): Choices {
  const { seed, count, row = 0, order } = how;
  const all = Array.from({ length: count }, (_, n) => n);
  const { choice, members, head } = system;
  if (members !== null && count > members) {
    const problem = FEWER[choice](members, count);
    throw new GraderspaceError("BadArgument", { problem, remedy: say`ask for at most ${members}` });
  }
  if (choice === "seed") return { kind: "seed", seeds: all.map((n) => passSeed(seed, row, n)) };
  if (choice === "member" || choice === "samples") return { kind: choice, indices: all };
  if (choice === "head") {
    const heads = Array.from({ length: members ?? 0 }, (_, k) => k);
    return { kind: "head", indices: shuffle(seed, [row], heads).slice(0, count) };
  }
  if (prior === null || head === null)
    throw new GraderspaceError("BadArgument", { problem: say`there is no prior to draw z from` });
  const { fieldSeed = seed, fieldStrength } = how;
  const draws = all.map((n) => {
    const of = (from: number) => epsilonFor(from, row, n, head, size.width, size.height, order);
    const epsilon = of(seed);
    const fields = fieldSeed === seed ? epsilon.fields : of(fieldSeed).fields;
    return drawFrom(prior, { ...epsilon, fields }, fieldStrength);
  });
  return { kind: "z", draws };
}

/** The same choices, each alone. */
export function choicesOneByOne(choices: Choices): Choices[] {
  if (choices.kind === "z") return choices.draws.map((draw) => ({ kind: "z", draws: [draw] }));
  if (choices.kind === "seed") return choices.seeds.map((seed) => ({ kind: "seed", seeds: [seed] }));
  return choices.indices.map((index) => ({ kind: choices.kind, indices: [index] }));
}

/** A seed of 32 bits for one pass. */
function passSeed(seed: number, row: number, n: number): number {
  const [uniform = 0] = uniforms(seed, [row, n], 1);
  return Math.floor(uniform * 2 ** 32);
}
