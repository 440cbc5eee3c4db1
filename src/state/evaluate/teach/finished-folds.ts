import type { ModelConfig } from "../../../core/config/model-config.ts";
import { weightsHash } from "../../../core/config/weights-hash.ts";
import { inEnglish } from "../../../core/language/say.ts";
import type { FoldRecord } from "../../../core/teach/taught.ts";
import type { Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import { packsOf, titleMark } from "../cases.ts";
import { type KeptTeaching, type LeftTeaching, leftElsewhere, teachingsInMemory } from "./kept-teachings.ts";

/** Finished folds of the run that is on and of those before it; kept by the browser until it refuses, here from then on. */
export class FinishedFolds {
  #kept: ReturnType<Ports["teachings"]>;
  readonly #onLoss: () => void;
  #run: { readonly key: string; readonly teaching: KeptTeaching } | null = null;

  /** `onLoss` is told once that a reload will lose what is kept. */
  constructor(teachings: Ports["teachings"], onLoss: () => void) {
    this.#kept = teachings().catch(() => teachingsInMemory());
    this.#onLoss = onLoss;
  }

  /** What cannot be read is taken as not there. */
  async of(key: string): Promise<readonly FoldRecord[]> {
    return (await (await this.#kept).of(key).catch(() => null))?.records ?? [];
  }

  /** Runs that were left, of packs that are kept on this machine and not open. */
  async elsewhere({ models, onMachine, entries }: State): Promise<readonly LeftTeaching[]> {
    const all = await (await this.#kept).all().catch(() => []);
    const parents = models.map(({ config }) => weightsHash(config));
    const open = packsOf(entries).map(({ title }) => inEnglish(title));
    return leftElsewhere(all, parents, onMachine.openings, open);
  }

  /** The folds that come now belong to this run. */
  begin(key: string, packTitle: string, parent: ModelConfig, folding: number): void {
    const teaching = { titled: titleMark(packTitle), parent: weightsHash(parent), folding, records: [] };
    this.#run = { key, teaching };
  }

  async keep(record: FoldRecord): Promise<void> {
    if (!this.#run) return;
    const { key, teaching: before } = this.#run;
    const teaching = { ...before, records: [...before.records, record] };
    this.#run = { key, teaching };
    try {
      await (await this.#kept).keep(key, teaching);
    } catch {
      this.#kept = Promise.resolve(teachingsInMemory());
      await (await this.#kept).keep(key, teaching);
      this.#onLoss();
    }
  }

  async forget(key: string): Promise<void> {
    if (this.#run?.key === key) this.#run = null;
    await (await this.#kept).forget(key).catch(() => undefined);
  }
}
