import type { ModelConfig } from "../../../core/config/model-config.ts";
import { sha256Hex, weightsHash } from "../../../core/config/weights-hash.ts";
import type { TeachSettings } from "../../../core/teach/settings.ts";
import type { FoldRecord } from "../../../core/teach/taught.ts";
import type { KeptOpening } from "../../cases/kept/kept-storage.ts";
import { titleMark } from "../cases.ts";

/** What is kept of a teaching that may be gone on with: figures of its finished folds, and nothing of the pictures. */
export interface KeptTeaching {
  /** A hash of the pack's title. */
  readonly titled: string;
  /** Hash of the parent's weights. */
  readonly parent: string;
  readonly folding: number;
  readonly records: readonly FoldRecord[];
}

/** Where teachings outlive the page. `run` is a hash (`teachingKey`). */
export interface KeptTeachings {
  of(run: string): Promise<KeptTeaching | null>;
  all(): Promise<readonly KeptTeaching[]>;
  keep(run: string, teaching: KeptTeaching): Promise<void>;
  forget(run: string): Promise<void>;
}

/** Teachings that last as long as the page: where the browser keeps nothing, and in tests. */
export function teachingsInMemory(): KeptTeachings {
  const kept = new Map<string, KeptTeaching>();
  return {
    of: async (run) => kept.get(run) ?? null,
    all: async () => [...kept.values()],
    keep: async (run, teaching) => void kept.set(run, teaching),
    forget: async (run) => void kept.delete(run),
  };
}

/** Changes with what a fold's figures mean: those of another version are not gone on with. */
const VERSION = 1;

/** The name under which a teaching is kept: the same pack, parent and settings give the same folds. */
export function teachingKey(packKey: string, config: ModelConfig, settings: TeachSettings): string {
  const all = [VERSION, packKey, weightsHash(config), config.threshold, settings];
  return sha256Hex(new TextEncoder().encode(JSON.stringify(all)));
}

/** A teaching that was left, of a pack that is not open and whose files are kept on this machine. */
export interface LeftTeaching {
  readonly done: number;
  readonly folding: number;
  readonly opening: { readonly id: string; readonly title: string };
}

/** `parents`: hashes of the weights of the models that are here. `open`: titles of the packs that are open. */
export function leftElsewhere(
  all: readonly KeptTeaching[],
  parents: readonly string[],
  openings: readonly Pick<KeptOpening, "id" | "title">[],
  open: readonly string[],
): readonly LeftTeaching[] {
  const marks = new Set(open.map(titleMark));
  return all.flatMap(({ titled, parent, folding, records }) => {
    const opening = openings.find(({ title }) => titleMark(title) === titled);
    if (!opening || marks.has(titled) || !parents.includes(parent)) return [];
    return [{ done: records.length, folding, opening: { id: opening.id, title: opening.title } }];
  });
}
