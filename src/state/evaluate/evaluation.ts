import { createStore, type StoreApi } from "zustand/vanilla";
import { weightsHash } from "../../core/config/weights-hash.ts";
import { thinned } from "../../core/measures/pick-cases.ts";
import { MOST_SAMPLES, REPRESENTED } from "../app/intent.ts";
import { sentenceOf } from "../app/notices.ts";
import { placeOf } from "../app/places.ts";
import type { EnginePort, Ports } from "../app/ports.ts";
import type { ModelChoice, State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { hideJob, showJob } from "../app/tasks.ts";
import { EXAMPLES, type Library } from "../cases/library.ts";
import { caseOnScreen } from "../cases/on-screen.ts";
import { factsOf, packsOf, runKey } from "./cases.ts";
import { intervalsOf } from "./figures.ts";
import { EvaluationJob } from "./job.ts";
import { beginResults, changeSystem, sayTrouble } from "./results.ts";
import { type EvaluationRows, type KeptOrder, keptWherePossible } from "./rows.ts";
import {
  type EvaluationRun,
  type EvaluationSettings,
  type EvaluationState,
  FIRST_EVALUATION,
  progressOf,
  type SystemRun,
  wantedCases,
} from "./slice.ts";

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
  private readonly rows: EvaluationRows;
  private running: EvaluationJob | null = null;
  /** The settings were changed by hand: what was asked for before the reload no longer overrules them. */
  private touched = false;
  private looks = 0;
  /** The packs that were there when the view was last looked at: one opened since is the one to evaluate. */
  private known: ReadonlySet<string> = new Set();
  private intervalsAt = Number.NEGATIVE_INFINITY;
  private readonly unsubscribe: () => void;

  constructor(explorer: ExplorerStore, ports: Ports, library: Library, port: () => Promise<EnginePort>) {
    this.store = createStore<EvaluationState>()(() => FIRST_EVALUATION);
    this.explorer = explorer;
    this.ports = ports;
    this.library = library;
    this.port = port;
    this.rows = keptWherePossible(ports.evaluationRows, () => {
      const trouble = "This browser keeps nothing here: a reload of the page loses these results.";
      sayTrouble(this.store, trouble);
    });
    this.unsubscribe = explorer.subscribe((state, before) => this.follow(state, before));
    this.follow(explorer.getState(), null);
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
    const { seed, count, representativeOf, order } = settings;
    const run: EvaluationRun = { pack, settings, rows, seed, count, representativeOf, order };
    const models = this.models(settings.systems);
    const systems = models.map(({ name, config }): SystemRun => {
      const drawn = config.choice === "z" ? order : "iid";
      const begun = { status: "waiting", loading: null, rows: [], failed: [], failure: null } as const;
      return { name, title: config.title, order: drawn, ...begun };
    });
    const { store, library, rows: kept, port } = this;
    const { now, nextTurn } = this.ports;
    const onStep = (end: "case" | "system") => this.stepped(end);
    beginResults(this.store, systems);
    this.store.setState({ order: run, status: "running", intervals: {} });
    const job = new EvaluationJob(run, models, { store, library, rows: kept, now, nextTurn, port, onStep });
    this.running = job;
    this.report();
    void job.work().then((finished) => {
      if (finished) this.ended();
    });
  }

  /** Everything anew: what is kept for these settings is forgotten. */
  async startOver(): Promise<void> {
    const { settings, pack } = this.store.getState();
    if (this.running || !pack) return;
    for (const { config } of this.models(settings.systems)) {
      await this.rows.forget(runKey(pack.key, config, settings));
    }
    this.start();
  }

  /** After the case that is being worked on. */
  pause(): void {
    if (!this.running || this.running.paused) return;
    this.running.pause();
    this.store.setState({ status: "paused" });
    this.report();
    void this.refreshIntervals();
  }

  resume(): void {
    if (!this.running?.paused) return;
    this.store.setState({ status: "running" });
    this.report();
    this.running.resume();
  }

  /** Ends the run; what is finished stays on the screen and is kept. */
  cancel(): void {
    if (!this.running) return;
    this.running.cancel();
    this.ended();
  }

  dispose(): void {
    this.unsubscribe();
    this.running?.cancel();
    this.running = null;
  }

  /** The view is opened, or a pack is: looks at what there is to evaluate. */
  private follow(state: State, before: State | null): void {
    if (placeOf(state.view) !== "evaluate") return;
    if (before && state.view === before.view && state.entries === before.entries) return;
    if (this.running) return;
    const { settings } = this.store.getState();
    if (settings.systems.length === 0)
      this.store.setState({ settings: { ...settings, systems: [state.intent.model] } });
    const packs = packsOf(state.entries);
    // Examples are fetched beside what a reload brings back, and may come after it: nobody opened them.
    const opened = packs.findLast(({ shelf }) => shelf !== EXAMPLES && !this.known.has(shelf));
    const added = this.known.size > 0 ? opened : undefined;
    this.known = new Set(packs.map(({ shelf }) => shelf));
    const current = settings.shelf || caseOnScreen(state)?.pack?.shelf;
    const chosen = added ?? packs.find(({ shelf }) => shelf === current) ?? packs[0];
    if (chosen) void this.look(chosen.shelf);
  }

  /** Reads the list of cases, and whether an evaluation of them was left unfinished. */
  private async look(shelf: string): Promise<void> {
    const look = ++this.looks;
    try {
      const pack = factsOf(shelf, await this.library.pack(shelf));
      const order = this.touched ? null : await this.rows.order(pack.key);
      if (look !== this.looks || this.running) return;
      this.store.setState(({ settings }) => {
        const wanted = { ...settings, ...(order && this.settingsOf(order)), shelf };
        return { pack, settings: checked(wanted), kept: {} };
      });
      sayTrouble(this.store, null);
      await this.countKept();
    } catch (error) {
      if (look === this.looks) sayTrouble(this.store, sentenceOf(error));
    }
  }

  private settingsOf({ systems, ...order }: KeptOrder): Partial<EvaluationSettings> {
    const known = this.explorer.getState().models.filter(({ config }) => systems.includes(weightsHash(config)));
    return {
      representativeOf: null,
      order: "iid",
      ...order,
      ...(known.length > 0 && { systems: known.map(({ name }) => name) }),
    };
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
      const rows = await this.rows.rows(runKey(pack.key, config, settings));
      kept[name] = rows.filter(({ row }) => wanted.has(row)).length;
    }
    const now = this.store.getState();
    if (now.settings === settings && now.pack === pack) this.store.setState({ kept });
  }

  private stepped(end: "case" | "system"): void {
    this.report();
    if (end === "system" || this.ports.now() - this.intervalsAt > INTERVALS_MS) void this.refreshIntervals();
  }

  private ended(): void {
    this.running = null;
    for (const { name } of this.store.getState().systems) changeSystem(this.store, name, () => ({ loading: null }));
    this.store.setState({ status: "idle" });
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
      const value = await intervalsOf(rows, order?.pack.patients ?? null, this.ports.nextTurn);
      if (this.store.getState().order !== order) break;
      this.store.setState(({ intervals }) => ({ intervals: { ...intervals, [name]: { rows, value } } }));
    }
    this.intervalsAt = this.ports.now();
  }

  /** The status line of the page tells of a run while another view is open. */
  private report(): void {
    const state = this.store.getState();
    const { done, total } = progressOf(state);
    const progress = total === 0 ? null : done / total;
    if (state.status === "running") showJob(this.explorer, "evaluate", { progress, what: "Evaluating" });
    else hideJob(this.explorer, "evaluate");
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
    representativeOf:
      settings.representativeOf === null ? null : whole(settings.representativeOf, REPRESENTED.least, REPRESENTED.most),
  };
}
