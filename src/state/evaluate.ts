import { createStore, type StoreApi } from "zustand/vanilla";
import type { Task } from "../core/encoding.ts";
import { isAbort, throwIfAborted } from "../core/errors.ts";
import { thinned } from "../core/pick-cases.ts";
import { weightsHash } from "../core/weights-hash.ts";
import type { Sampler } from "../engine/engine.ts";
import type { Pack } from "../io/pack.ts";
import { sentenceOf } from "./async.ts";
import { factsOf, packsOf, runKey, shelfOf } from "./evaluate-pack.ts";
import { type EvaluatedRow, type EvaluationRows, type KeptOrder, rowsInMemory } from "./evaluate-rows.ts";
import { evaluateSystem, type Finding } from "./evaluate-run.ts";
import {
  type EvaluationRun,
  type EvaluationSettings,
  type EvaluationState,
  FIRST_EVALUATION,
  progressOf,
  type SystemRun,
  wantedCases,
} from "./evaluate-store.ts";
import { intervalsOf } from "./evaluate-summary.ts";
import { MOST_SAMPLES } from "./intent.ts";
import type { Library } from "./library.ts";
import { nextTurn } from "./next-turn.ts";
import type { EnginePort, Ports } from "./ports.ts";
import type { ExplorerStore, ModelChoice, State } from "./store.ts";

/** A run under way: aborted by cancel; held at `gate` while it is paused. */
interface Running {
  readonly abort: AbortController;
  gate: { readonly held: Promise<void>; open(): void } | null;
}

/** Intervals of unfinished systems are made anew no sooner than this, in milliseconds. */
const INTERVALS_MS = 10_000;

/**
 * Evaluates systems over the cases of a pack: one system after the other, one case after the other, each system in a
 * worker of its own. What is finished is kept, so that a run can be gone on with after a pause, a cancel or a reload.
 */
export class Evaluation {
  readonly store: StoreApi<EvaluationState>;
  private readonly explorer: ExplorerStore;
  private readonly ports: Ports;
  private readonly library: Library;
  private readonly port: () => Promise<EnginePort>;
  private rows: EvaluationRows;
  private running: Running | null = null;
  /** The settings were changed by hand: what was asked for before the reload no longer overrules them. */
  private touched = false;
  private looks = 0;
  /** The packs that were there when the view was last looked at: one that came since is the one to evaluate. */
  private known: ReadonlySet<string> = new Set();
  private intervalsAt = Number.NEGATIVE_INFINITY;
  private readonly unsubscribe: () => void;

  constructor(explorer: ExplorerStore, ports: Ports, library: Library, port: () => Promise<EnginePort>) {
    this.store = createStore<EvaluationState>()(() => FIRST_EVALUATION);
    this.explorer = explorer;
    this.ports = ports;
    this.library = library;
    this.port = port;
    this.rows = ports.evaluationRows;
    this.unsubscribe = explorer.subscribe((state, before) => this.follow(state, before));
  }

  /** Other settings, while nothing runs. */
  change(settings: Partial<EvaluationSettings>): void {
    if (this.running) return;
    const { shelf, ...others } = settings;
    if (Object.keys(others).length > 0) this.touched = true;
    this.store.setState((state) => ({ settings: checked({ ...state.settings, ...settings }) }));
    if (shelf !== undefined) void this.look(shelf);
    else void this.countKept();
  }

  /** Goes on from what is kept; from the beginning where nothing is. */
  start(): void {
    const { settings, pack } = this.store.getState();
    if (this.running || !pack || settings.systems.length === 0) return;
    const all = pack.cases.map((_, row) => row);
    const rows = thinned(all, wantedCases(settings, pack));
    const run: EvaluationRun = { pack, settings, rows, seed: settings.seed, count: settings.count };
    const models = this.models(settings.systems);
    const systems = models.map(({ name, config }): SystemRun => {
      return { name, title: config.title, status: "waiting", loading: null, rows: [], failed: [], failure: null };
    });
    const mine: Running = { abort: new AbortController(), gate: null };
    this.running = mine;
    this.store.setState({ order: run, systems, status: "running", intervals: {}, pace: null, trouble: null });
    void this.run(mine, run, models);
  }

  /** Everything anew: what is kept for these settings is forgotten. */
  async startOver(): Promise<void> {
    const { settings, pack } = this.store.getState();
    if (this.running || !pack) return;
    for (const { config } of this.models(settings.systems)) {
      await this.tried(this.rows.forget(runKey(pack.key, config, settings)));
    }
    this.start();
  }

  /** After the case that is being worked on. */
  pause(): void {
    if (!this.running || this.running.gate) return;
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.running.gate = { held, open };
    this.store.setState({ status: "paused" });
    this.report();
    void this.refreshIntervals();
  }

  resume(): void {
    const gate = this.running?.gate;
    if (!this.running || !gate) return;
    this.running.gate = null;
    this.store.setState({ status: "running" });
    this.report();
    gate.open();
  }

  /** Ends the run; what is finished stays on the screen and is kept. */
  cancel(): void {
    const running = this.running;
    if (!running) return;
    this.running = null;
    running.abort.abort();
    running.gate?.open();
    this.ended();
  }

  dispose(): void {
    this.unsubscribe();
    this.running?.abort.abort();
    this.running?.gate?.open();
    this.running = null;
  }

  /** The view is opened, or a pack is: looks at what there is to evaluate. */
  private follow(state: State, before: State): void {
    if (state.view !== "evaluate" || (state.view === before.view && state.entries === before.entries)) return;
    if (this.running) return;
    const { settings } = this.store.getState();
    if (settings.systems.length === 0)
      this.store.setState({ settings: { ...settings, systems: [state.intent.model] } });
    const packs = packsOf(state.entries);
    const added = this.known.size > 0 ? packs.find(({ shelf }) => !this.known.has(shelf)) : undefined;
    this.known = new Set(packs.map(({ shelf }) => shelf));
    const current = settings.shelf || shelfOf(state.intent.caseKey);
    const chosen = added ?? packs.find(({ shelf }) => shelf === current) ?? packs[0];
    if (chosen) void this.look(chosen.shelf);
  }

  /** Reads the list of cases, and whether an evaluation of them was left unfinished. */
  private async look(shelf: string): Promise<void> {
    const look = ++this.looks;
    try {
      const pack = factsOf(shelf, await this.library.pack(shelf));
      const order = this.touched ? null : await this.rows.order(pack.key).catch(() => null);
      if (look !== this.looks || this.running) return;
      this.store.setState(({ settings }) => {
        const wanted = { ...settings, ...(order && this.settingsOf(order)), shelf };
        return { pack, settings: checked(wanted), kept: {}, trouble: null };
      });
      await this.countKept();
    } catch (error) {
      if (look === this.looks) this.store.setState({ trouble: sentenceOf(error) });
    }
  }

  private settingsOf({ systems, ...order }: KeptOrder): Partial<EvaluationSettings> {
    const known = this.explorer.getState().models.filter(({ config }) => systems.includes(weightsHash(config)));
    return { ...order, ...(known.length > 0 && { systems: known.map(({ name }) => name) }) };
  }

  private async countKept(): Promise<void> {
    const { settings, pack } = this.store.getState();
    if (!pack) return;
    const wanted = new Set(
      thinned(
        pack.cases.map((_, row) => row),
        wantedCases(settings, pack),
      ),
    );
    const kept: Record<string, number> = {};
    for (const { name, config } of this.models(settings.systems)) {
      const rows = await this.rows.rows(runKey(pack.key, config, settings)).catch(() => []);
      kept[name] = rows.filter(({ row }) => wanted.has(row)).length;
    }
    const now = this.store.getState();
    if (now.settings === settings && now.pack === pack) this.store.setState({ kept });
  }

  private async run(mine: Running, run: EvaluationRun, models: readonly ModelChoice[]): Promise<void> {
    this.report();
    const { seed, count } = run;
    const order = { systems: models.map(({ config }) => weightsHash(config)), seed, count, limit: run.settings.limit };
    await this.tried(this.rows.keepOrder(run.pack.key, order));
    try {
      const pack = await this.library.pack(run.settings.shelf);
      for (const model of models) await this.runSystem(mine, run, pack, model);
    } catch (error) {
      if (this.running === mine) this.store.setState({ trouble: sentenceOf(error) });
    }
    if (this.running !== mine) return;
    this.running = null;
    this.ended();
  }

  private async runSystem(mine: Running, run: EvaluationRun, pack: Pack, model: ModelChoice): Promise<void> {
    if (this.running !== mine) return;
    const { name, config } = model;
    const key = runKey(run.pack.key, config, run);
    const rows = await this.rows.rows(key).catch(() => []);
    const kept = new Map(rows.map((row) => [row.row, row]));
    const task: Task = { signal: mine.abort.signal };
    const open = () => this.openSystem(model, mine);
    const order = { pack, config, rows: run.rows, seed: run.seed, count: run.count, kept };
    this.store.setState({ pace: null });
    this.changeSystem(name, { status: "running" });
    try {
      for await (const finding of evaluateSystem(order, open, this.ports.now, task)) {
        if (this.running !== mine) return;
        this.fold(name, key, finding);
        await mine.gate?.held;
        if (this.running !== mine) return;
        await nextTurn();
      }
      if (this.running === mine) this.changeSystem(name, { status: "done", loading: null });
    } catch (error) {
      if (this.running !== mine || isAbort(error)) return;
      this.changeSystem(name, { status: "failed", failure: sentenceOf(error), loading: null });
    }
    this.report();
    void this.refreshIntervals();
  }

  private async openSystem(model: ModelChoice, mine: Running): Promise<Sampler> {
    const loading = (share: number) => {
      if (this.running === mine) this.changeSystem(model.name, { status: "loading", loading: share });
    };
    loading(0);
    const task: Task = { signal: mine.abort.signal, onProgress: loading };
    const [port, weights, golden] = await Promise.all([
      this.port(),
      this.library.weights(model, task),
      this.library.golden(model),
    ]);
    throwIfAborted(task.signal);
    const files = { config: model.config, weights, ...(golden && { golden }) };
    const system = await port.system(files, { signal: mine.abort.signal });
    if (this.running === mine) this.changeSystem(model.name, { status: "running", loading: null });
    return system;
  }

  private fold(name: string, key: string, finding: Finding): void {
    if (finding.kind === "failed") {
      const { row, id, sentence } = finding;
      this.changeSystem(name, (system) => ({ failed: [...system.failed, { row, id, sentence }] }));
    } else {
      const { row, milliseconds } = finding;
      this.changeSystem(name, (system) => ({ rows: [...system.rows, row] }));
      if (milliseconds !== null) {
        void this.keep(key, row);
        // a running mean that follows a machine that slows down
        this.store.setState(({ pace }) => ({ pace: pace === null ? milliseconds : 0.8 * pace + 0.2 * milliseconds }));
      }
    }
    this.report();
    if (this.ports.now() - this.intervalsAt > INTERVALS_MS) void this.refreshIntervals();
  }

  private async keep(key: string, row: EvaluatedRow): Promise<void> {
    await this.tried(this.rows.keep(key, row));
  }

  /** A browser that keeps nothing (a private window) is told of once; the run goes on. */
  private async tried(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch {
      this.rows = rowsInMemory();
      this.store.setState({ trouble: "This browser keeps nothing here: a reload of the page loses these results." });
    }
  }

  private ended(): void {
    this.store.setState(({ systems }) => ({
      status: "idle",
      systems: systems.map((system) => (system.loading === null ? system : { ...system, loading: null })),
    }));
    this.report();
    void this.refreshIntervals();
    void this.countKept();
  }

  /** Makes the intervals of the systems that have new rows, one pass at a time. */
  private async refreshIntervals(): Promise<void> {
    this.intervalsAt = Number.POSITIVE_INFINITY;
    const { systems, order } = this.store.getState();
    for (const { name, rows } of systems) {
      if (rows.length < 2 || this.store.getState().intervals[name]?.rows === rows) continue;
      const value = await intervalsOf(rows, order?.pack.patients ?? null);
      if (this.store.getState().order !== order) break;
      this.store.setState(({ intervals }) => ({ intervals: { ...intervals, [name]: { rows, value } } }));
    }
    this.intervalsAt = this.ports.now();
  }

  private changeSystem(name: string, change: Partial<SystemRun> | ((system: SystemRun) => Partial<SystemRun>)): void {
    this.store.setState(({ systems }) => ({
      systems: systems.map((system) =>
        system.name === name ? { ...system, ...(typeof change === "function" ? change(system) : change) } : system,
      ),
    }));
  }

  /** The status line of the page tells of a run while another view is open. */
  private report(): void {
    const state = this.store.getState();
    const { done, total } = progressOf(state);
    this.explorer.setState(({ jobs: { evaluate: _old, ...jobs } }) =>
      state.status === "running"
        ? { jobs: { ...jobs, evaluate: { progress: total === 0 ? null : done / total, what: "Evaluating" } } }
        : { jobs },
    );
  }

  /** In the menu's order. */
  private models(names: readonly string[]): readonly ModelChoice[] {
    return this.explorer.getState().models.filter(({ name }) => names.includes(name));
  }
}

function checked(settings: EvaluationSettings): EvaluationSettings {
  const whole = (value: number, low: number, high: number) =>
    Number.isFinite(value) ? Math.max(low, Math.min(high, Math.round(value))) : low;
  return {
    ...settings,
    limit: settings.limit === null ? null : whole(settings.limit, 1, 2 ** 31 - 1),
    count: whole(settings.count, 1, MOST_SAMPLES),
    seed: whole(settings.seed, 0, 2 ** 31 - 1),
  };
}
