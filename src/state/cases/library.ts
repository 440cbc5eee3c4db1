import type { Task } from "../../core/network/encoding.ts";
import type { Golden } from "../../engine/engine.ts";
import type { Pack } from "../../io/pack/pack.ts";
import type { ModelChoice } from "../app/store.ts";
import type { Case, CaseEntry } from "./case.ts";

/** Where cases and models come from: the built-in ones, packs, and files that the person opened. */
export interface Library {
  /** The built-in examples, in the menu's order. @throws NetworkFailed, DamagedFile */
  examples(): Promise<readonly CaseEntry[]>;
  /** @throws NetworkFailed, BadArgument where no such case is known */
  read(key: string): Promise<Case>;
  /** The model's weight files in the order of its config; progress counts bytes. @throws NetworkFailed */
  weights(model: ModelChoice, task: Task): Promise<Uint8Array[]>;
  /** What PyTorch made of a fixed input, for the engine's self-test; null for a model without it. */
  golden(model: ModelChoice): Promise<Golden | null>;
  /** Makes a case known; an older one of the same key is replaced. */
  add(found: Case): void;
  /** The pack whose cases' keys begin with `shelf`. @throws NetworkFailed, BadArgument where no such pack is known */
  pack(shelf: string): Promise<Pack>;
  /** Makes the cases of a pack known under a name of its own. */
  addPack(shelf: string, pack: Pack): readonly CaseEntry[];
  /** Makes a model known by its files. */
  addModel(model: ModelChoice, weights: readonly Uint8Array[]): void;
}
