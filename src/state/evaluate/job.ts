import type { StoreApi } from "zustand/vanilla";
import { isAbort } from "../../core/errors.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Model } from "../../core/network/model.ts";
import type { Pack } from "../../io/pack/pack.ts";
import { sentenceOf } from "../app/notices.ts";
import type { EnginePort } from "../app/ports.ts";
import type { ModelChoice } from "../app/shape.ts";
import type { Library } from "../cases/library.ts";
import { fetchModel } from "../models/load.ts";
import { runKey } from "./cases.ts";
import { changeSystem, notePace, sayTrouble } from "./results.ts";
import type { EvaluationRows } from "./rows.ts";
import { evaluateSystem, type Finding, keepsRows } from "./run.ts";
import type { EvaluationRun, EvaluationState, SystemRun } from "./slice.ts";

/** What a job needs of the page. */
export interface Surroundings {
  readonly store: StoreApi<EvaluationState>;
  readonly library: Library;
  readonly rows: EvaluationRows;
  now(): number;
  nextTurn(): Promise<void>;
  port(): Promise<EnginePort>;
  /** After every finding and at the end of every system. */
  onStep(end: "case" | "system"): void;
}

/**
 * One run of the evaluation, in rounds of cases: in each the systems one after the other, the cheapest first, so that a
 * pause leaves a comparison. It writes into the store until it is cancelled.
 */
export class EvaluationJob {
  private readonly run: EvaluationRun;
  private readonly models: readonly ModelChoice[];
  private readonly around: Surroundings;
  private readonly abort = new AbortController();
  private readonly givenUp = new Set<string>();
  private gate: { readonly held: Promise<void>; open(): void } | null = null;

  constructor(run: EvaluationRun, models: readonly ModelChoice[], around: Surroundings) {
    this.run = run;
    this.models = models;
    this.around = around;
  }

  get paused(): boolean {
    return this.gate !== null;
  }

  /** After the case that is being worked on. */
  pause(): void {
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.gate ??= { held, open };
  }

  resume(): void {
    this.gate?.open();
    this.gate = null;
  }

  cancel(): void {
    this.abort.abort();
    this.resume();
  }

  /** Works until all is done or the job is cancelled: true where it came to its end by itself. */
  async work(): Promise<boolean> {
    const { run, models } = this;
    const { library, rows, store } = this.around;
    try {
      const pack = await library.pack(run.settings.shelf);
      // none of the first paint
      const [{ cheapestFirst, roundsOf }, { keptOrder }] = await Promise.all([
        import("./rounds.ts"),
        import("./unfinished.ts"),
      ]);
      await rows.keepOrder(run.pack.key, keptOrder(run, models));
      const rounds = roundsOf(run.rows);
      for (const round of rounds) {
        for (const model of cheapestFirst(models, store.getState().paces)) {
          if (this.cancelled) break;
          const last = round === rounds.at(-1);
          if (!this.givenUp.has(model.name)) await this.turn(pack, model, { ...run, rows: round }, last);
        }
      }
    } catch (error) {
      if (!this.cancelled) sayTrouble(store, sentenceOf(error));
    }
    return !this.cancelled;
  }

  private get cancelled(): boolean {
    return this.abort.signal.aborted;
  }

  /** A system's turn in a round; it is closed at the end of it. */
  private async turn(pack: Pack, model: ModelChoice, run: EvaluationRun, last: boolean): Promise<void> {
    const { name, config } = model;
    const { around } = this;
    const key = runKey(run.pack.key, config, run);
    const kept = new Map((await around.rows.rows(key)).map((row) => [row.row, row]));
    const task: Task = { signal: this.abort.signal };
    const { rows, seed, count, representativeOf, order: drawn } = run;
    const order = { pack, shelf: run.settings.shelf, config, rows, seed, count, representativeOf, order: drawn, kept };
    this.change(name, { status: "running" });
    try {
      for await (const finding of evaluateSystem(order, () => this.open(model), around.now, task)) {
        if (this.cancelled) return;
        this.fold(name, keepsRows(config) ? key : null, finding);
        await this.gate?.held;
        if (this.cancelled) return;
        await around.nextTurn();
      }
      this.change(name, { status: last ? "done" : "waiting", loading: null });
    } catch (error) {
      if (this.cancelled || isAbort(error)) return;
      this.givenUp.add(name);
      this.change(name, { status: "failed", failure: sentenceOf(error), loading: null });
    }
    if (!this.cancelled) around.onStep("system");
  }

  private async open(model: ModelChoice): Promise<Model> {
    const { library, port } = this.around;
    const loading = (share: number) => this.change(model.name, { status: "loading", loading: share });
    loading(0);
    const { signal } = this.abort;
    const { model: system } = await fetchModel(await port(), library, model, { signal, onProgress: loading });
    this.change(model.name, { status: "running", loading: null });
    return system;
  }

  private fold(name: string, key: string | null, finding: Finding): void {
    const { store, rows, onStep } = this.around;
    if (finding.kind === "failed") {
      const { row, id, sentence } = finding;
      this.change(name, (system) => ({ failed: [...system.failed, { row, id, sentence }] }));
    } else {
      const { row, milliseconds } = finding;
      this.change(name, (system) => ({ rows: [...system.rows, row] }));
      if (milliseconds !== null) {
        if (key !== null) void rows.keep(key, row);
        notePace(store, name, milliseconds);
      }
    }
    onStep("case");
  }

  private change(name: string, change: Partial<SystemRun> | ((system: SystemRun) => Partial<SystemRun>)): void {
    if (this.cancelled) return;
    changeSystem(this.around.store, name, typeof change === "function" ? change : () => change);
  }
}
