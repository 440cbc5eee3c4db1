import type { StoreApi } from "zustand/vanilla";
import { TEACH_DEPTHS, type TeachDepth, type TeachSettings } from "../../../core/teach/settings.ts";
import type { Ports } from "../../app/ports.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { modelNamed } from "../../models/load.ts";
import type { EvaluationState } from "../slice.ts";
import { FinishedFolds } from "./finished-folds.ts";
import { teachingKey } from "./kept-teachings.ts";
import type { TeachState } from "./teach-state.ts";

/**
 * The run that would be started now, of the pack, the model and the depth that are chosen: behind which folds it would go
 * on, and which runs of packs that are not open were left.
 */
export class NextRun {
  readonly folds: FinishedFolds;
  readonly #teach: StoreApi<TeachState>;
  readonly #explorer: ExplorerStore;
  readonly #evaluated: StoreApi<EvaluationState>;
  readonly #settings: TeachSettings;
  readonly #unsubscribe: readonly (() => void)[];
  #looks = 0;
  /** The depth was chosen by hand: a run of another depth that was left does not overrule it. */
  #reached = false;

  constructor(
    teach: StoreApi<TeachState>,
    explorer: ExplorerStore,
    evaluated: StoreApi<EvaluationState>,
    teachings: Ports["teachings"],
    settings: TeachSettings,
  ) {
    this.#teach = teach;
    this.#explorer = explorer;
    this.#evaluated = evaluated;
    this.#settings = settings;
    this.folds = new FinishedFolds(teachings, () => teach.setState({ keepsNothing: true }));
    this.#unsubscribe = [
      evaluated.subscribe(({ pack }, before) => pack !== before.pack && void this.look()),
      explorer.subscribe(({ intent, entries, onMachine, models }, before) => {
        const same = intent.model === before.intent.model && models === before.models;
        if (!same || entries !== before.entries || onMachine !== before.onMachine) void this.look();
      }),
    ];
    void this.look();
  }

  /** How far down it reaches. */
  reach(depth: TeachDepth): void {
    if (this.#teach.getState().stage !== "idle") return;
    this.#reached = true;
    this.#teach.setState({ depth });
    void this.look();
  }

  /** Its pack, model and settings; null while the pack's list is being read. */
  chosen() {
    const { pack, settings } = this.#evaluated.getState();
    if (!pack || pack.shelf !== settings.shelf) return null;
    const model = modelNamed(this.#explorer.getState(), this.#explorer.getState().intent.model);
    return { pack, model, settings: { ...this.#settings, depth: this.#teach.getState().depth } };
  }

  /** Looks for what was left before: of what is chosen, and of packs that are not open. */
  async look(): Promise<void> {
    const look = ++this.#looks;
    const chosen = this.chosen();
    const { depth: now, stage } = this.#teach.getState();
    const depths = this.#reached || stage !== "idle" ? [now] : [now, ...TEACH_DEPTHS.filter((one) => one !== now)];
    let [depth, keptFolds] = [now, 0];
    for (const one of depths) {
      if (!chosen || keptFolds > 0) break;
      const key = teachingKey(chosen.pack.key, chosen.model.config, { ...chosen.settings, depth: one });
      keptFolds = (await this.folds.of(key)).length;
      if (keptFolds > 0) depth = one;
    }
    const elsewhere = await this.folds.elsewhere(this.#explorer.getState());
    if (look === this.#looks) this.#teach.setState({ keptFolds, elsewhere, depth });
  }

  /** Forgets the folds that are kept under this key. */
  async forget(key: string): Promise<void> {
    await this.folds.forget(key);
    await this.look();
  }

  dispose(): void {
    for (const stop of this.#unsubscribe) stop();
    this.#looks++;
  }
}
