import { SAMPLE_ORDERS } from "../../../core/random/orders.ts";
import { FIRST_INTENT, type Intent, MOST_SAMPLES, REACH, REPRESENTED, type ZIntent } from "../intent.ts";
import { inDigits, numberIn, type Say, whenThere, wholeIn } from "./words.ts";
import { FARTHEST_SIGMA, sourceIn, sourceText } from "./z-text.ts";

type Draws = Pick<Intent, "seed" | "draw" | "count" | "representativeOf" | "order" | "z" | "fields">;

/** Writes what samples are drawn and which z is shown: seed, draw, number, order; z, locks, presence, fields. */
export function sayDraws({ seed, draw, count, representativeOf, order, z, fields }: Draws, say: Say): void {
  say("seed", String(seed), "0");
  say("draw", String(draw), "0");
  say("n", String(count), "16");
  if (representativeOf !== null) say("of", String(representativeOf));
  say("order", order, "iid");
  say("z", sourceText(z.source), "mean");
  say("lock", locksText(z.locks), "");
  say("strength", String(fields.strength), "1");
  if (z.presence !== undefined) say("u", String(z.presence));
  if (fields.frozenSeed !== null) say("frozen", String(fields.frozenSeed));
}

/** What a link's words say of it. */
export function drawsSaid(words: URLSearchParams): Partial<Draws> {
  const draws: { -readonly [K in keyof Draws]?: Draws[K] } = {};
  const text = (key: string) => words.get(key);
  whenThere(wholeIn(text("seed"), 0, 2 ** 31 - 1), (seed) => (draws.seed = seed));
  draws.draw = wholeIn(text("draw"), 0, 2 ** 31 - 1) ?? 0; // a link of before the draw rule means 0
  whenThere(wholeIn(text("n"), 1, MOST_SAMPLES), (count) => (draws.count = count));
  draws.representativeOf = wholeIn(text("of"), REPRESENTED.least, REPRESENTED.most);
  draws.order = SAMPLE_ORDERS.find((order) => order === text("order")) ?? "iid";
  const presence = numberIn(text("u"), -REACH, REACH);
  const source = sourceIn(text("z")) ?? { kind: "mean" };
  const z: ZIntent = { source, locks: locksIn(text("lock")), ...(presence !== null && { presence }) };
  if (text("z") || text("lock") || presence !== null) draws.z = z;
  const strength = numberIn(text("strength"), 0, 2);
  const frozenSeed = wholeIn(text("frozen"), 0, 2 ** 31 - 1);
  if (strength !== null || frozenSeed !== null) {
    draws.fields = { strength: strength ?? FIRST_INTENT.fields.strength, frozenSeed };
  }
  return draws;
}

function locksText(locks: ZIntent["locks"]): string {
  return Object.entries(locks)
    .map(([axis, value]) => `${Number(axis) + 1}:${inDigits(value, 4)}`)
    .join(",");
}

function locksIn(text: string | null): Record<number, number> {
  const locks: Record<number, number> = {};
  for (const part of text?.split(",") ?? []) {
    const [axis, value] = part.split(":").map(Number);
    if (
      axis !== undefined &&
      value !== undefined &&
      Number.isInteger(axis) &&
      axis >= 1 &&
      axis <= 1024 &&
      Math.abs(value) <= FARTHEST_SIGMA
    )
      locks[axis - 1] = value;
  }
  return locks;
}
