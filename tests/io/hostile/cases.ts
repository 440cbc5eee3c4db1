import { BOMBS, KEPT } from "./bombs.ts";
import { corpus, type Format } from "./corpus.ts";
import { dice, mutate } from "./mutate.ts";

export interface Case {
  readonly format: string;
  readonly bytes: Uint8Array;
}

export interface Cases {
  readonly formats: readonly Format[];
  /** How many of the files are of each format. */
  readonly counts: ReadonlyMap<string, number>;
  readonly count: number;
  /** File `index`, the same in every process. */
  at(index: number): Case;
}

/** At least `total` mutated files, every format with its share, and every bomb and kept file as it is. */
export async function cases(total: number): Promise<Cases> {
  const formats = await corpus();
  const plan: Format[] = [];
  const counts = new Map<string, number>();
  for (const format of formats) {
    const count = Math.ceil(Math.round(1e6 * total * format.share) / 1e6);
    counts.set(format.name, count);
    for (let i = 0; i < count; i++) plan.push(format);
  }
  const evil = [...BOMBS, ...KEPT];
  counts.set("bombs", BOMBS.length);
  counts.set("kept", KEPT.length);
  const first = new Map<Format, number>();
  for (const [i, format] of plan.entries()) if (!first.has(format)) first.set(format, i);
  return {
    formats,
    counts,
    count: plan.length + evil.length,
    at: (index) => {
      const bomb = evil[index - plan.length];
      if (bomb) return { format: bomb[0], bytes: bomb[1]() };
      const format = plan[index] as Format;
      const k = index - (first.get(format) as number);
      const seed = format.seeds[k % format.seeds.length] as Uint8Array;
      // The k-th file of a format is the same whatever the total: what 2,000 find, 20,000 find too.
      const roll = dice(hash(format.name) + k);
      const other = formats[roll(formats.length)]?.seeds[0] as Uint8Array;
      return { format: format.name, bytes: mutate(seed, other, roll) };
    },
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
