import type { ModelConfig } from "../../core/config/model-config.ts";
import { sha256Hex, weightsHash } from "../../core/config/weights-hash.ts";
import type { Text } from "../../core/language/say.ts";
import type { MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { Pack } from "../../io/pack/pack.ts";
import type { CaseEntry } from "../app/shape.ts";
import type { PackFacts } from "./pack-facts.ts";
import type { EvaluationSettings } from "./slice.ts";

/** A pack that can be evaluated, as the menu of cases knows it. */
export interface PackEntryOfMenu {
  readonly shelf: string;
  readonly title: Text;
  readonly cases: number;
}

/** Changes with what a figure means: rows of another version are not taken for these. */
const VERSION = 2;

/** The packs in the menu, built-in examples among them; single files are none. */
export function packsOf(entries: readonly CaseEntry[]): readonly PackEntryOfMenu[] {
  const packs = new Map<string, { title: Text; cases: number }>();
  for (const { pack, group } of entries) {
    if (pack === null) continue;
    const { title, cases } = packs.get(pack.shelf) ?? { title: group, cases: 0 };
    packs.set(pack.shelf, { title, cases: cases + 1 });
  }
  return [...packs].map(([shelf, facts]) => ({ shelf, ...facts }));
}

export function factsOf(shelf: string, { index }: Pack): PackFacts {
  const patients = index.cases.map(({ patient }) => patient);
  return {
    shelf,
    title: index.title,
    key: hashOf(index),
    cases: index.cases.map(({ id, title }) => ({ id, title })),
    patients: patients.includes(undefined) ? null : (patients as string[]),
  };
}

/** The name under which one system's rows are kept. How many cases were asked for is not in it: a longer run goes on. */
export function runKey(
  packKey: string,
  config: ModelConfig,
  { seed, count, representativeOf, order }: Pick<EvaluationSettings, "seed" | "count" | "representativeOf" | "order">,
): string {
  const many = representativeOf === null ? [] : [representativeOf];
  const drawn = order === "iid" || config.choice !== "z" ? [] : [order];
  return hashOf([VERSION, packKey, weightsHash(config), seed, count, config.threshold, ...many, ...drawn]);
}

/** By which a kept run knows its pack's title without saying it. */
export function titleMark(title: string): string {
  return sha256Hex(new TextEncoder().encode(title));
}

/** 48 bits of the sha256 of crop and masks: a whole number, exact in a double. */
export function checkOf({ values, graders }: MarkedCrop): number {
  const bytes = new Uint8Array(values.byteLength + graders.reduce((sum, { bits }) => sum + bits.length, 0));
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  let at = values.byteLength;
  for (const { bits } of graders) {
    bytes.set(bits, at);
    at += bits.length;
  }
  return Number.parseInt(sha256Hex(bytes).slice(0, 12), 16);
}

function hashOf(value: unknown): string {
  return sha256Hex(new TextEncoder().encode(JSON.stringify(value)));
}
