import { BOMBS, KEPT } from "./bombs.ts";
import { corpus, type Format } from "./corpus.ts";
import { dice, mutate } from "./mutate.ts";
import { KINDS } from "./structured/kinds.ts";
import type { Kind, Mutant } from "./structured/mutant.ts";

export interface Case {
  readonly format: string;
  readonly bytes: Uint8Array;
  /** MiB of pixels that it honestly holds: reading them takes its time, however good the reader. */
  readonly honestMiB?: number;
  /** Where it is known what must come of the file. */
  readonly known?: { readonly kind: Kind; readonly seed: number; readonly mutant: Mutant };
}

/** Of all mutated files, those whose outcome is known; the others are damaged without knowing what it means. */
const KNOWN_SHARE = 0.6;

export interface Cases {
  readonly formats: readonly Format[];
  /** How many of the files are of each format. */
  readonly counts: ReadonlyMap<string, number>;
  readonly count: number;
  /** File `index`, the same in every process. */
  at(index: number): Case;
}

/**
 * At least `total` mutated files: those of a known outcome, each kind in turn, and damaged ones, every format with its
 * share. Then every bomb and kept file as it is.
 */
export async function cases(total: number): Promise<Cases> {
  const formats = await corpus();
  const plan: Format[] = [];
  const counts = new Map<string, number>();
  const known = Math.ceil(total * KNOWN_SHARE);
  for (const format of formats) {
    const count = Math.ceil(Math.round(1e6 * (total - known) * format.share) / 1e6);
    counts.set(format.name, count);
    for (let i = 0; i < count; i++) plan.push(format);
  }
  const evil = [...BOMBS, ...KEPT];
  counts.set("known", known);
  counts.set("bombs", BOMBS.length);
  counts.set("kept", KEPT.length);
  const first = new Map<Format, number>();
  for (const [i, format] of plan.entries()) if (!first.has(format)) first.set(format, i);
  return {
    formats,
    counts,
    count: plan.length + known + evil.length,
    at: (index) => {
      if (index >= plan.length && index < plan.length + known) return knownCase(index - plan.length);
      const bomb = evil[index - plan.length - known];
      if (bomb) return { format: bomb[0], bytes: bomb[1](), honestMiB: bomb[2] ?? 0 };
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

/** The k-th file of a known outcome: the same whatever the total. */
function knownCase(k: number): Case {
  const kind = KINDS[k % KINDS.length] as Kind;
  const seed = hash(kind.format + kind.name) + k;
  const mutant = kind.make(dice(seed));
  return { format: `${kind.format}, known`, bytes: mutant.bytes, known: { kind, seed, mutant } };
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
