import { throwIfAborted } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Prepared } from "../../core/network/model.ts";
import { cropRegion } from "../../core/values/region.ts";
import { frameKeyOf } from "../app/identity.ts";
import type { EnginePort } from "../app/ports.ts";
import type { State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { InStep } from "../app/work/in-step.ts";
import { KeyedTask } from "../app/work/keyed-task.ts";
import type { Library } from "../cases/library.ts";
import { frameOnScreen, regionCentre } from "../cases/on-screen.ts";
import { choicesFor, drawnCount, drawsIn } from "../explore/samples.ts";
import { fetchModel, modelNamed } from "../models/load.ts";
import { QueuedModel } from "../models/model.ts";
import { columnKey, regionKey } from "./slice.ts";

/** One column at work: its system once it is loaded, and the region that it has looked at. */
interface Column {
  readonly task: KeyedTask;
  system: QueuedModel | null;
  encoded: { readonly region: string; readonly value: Prepared } | null;
}

/**
 * Keeps the columns of the comparison in step with the explorer's region, seed and count, while the view is open. The
 * explorer's own model needs no work: its samples are there. One column computes at a time, in their order.
 */
export class Comparison {
  private readonly store: ExplorerStore;
  private readonly library: Library;
  private readonly port: () => Promise<EnginePort>;
  private readonly columns = new Map<string, Column>();
  private turn: Promise<void> = Promise.resolve();
  private readonly inStep: InStep;

  constructor(store: ExplorerStore, library: Library, port: () => Promise<EnginePort>) {
    this.store = store;
    this.library = library;
    this.port = port;
    this.inStep = new InStep([store], () => this.follow());
  }

  cancel(name: string): void {
    this.columns.get(name)?.task.cancel();
  }

  retry(name: string): void {
    const column = this.columns.get(name);
    if (!column) return;
    this.unload(column); // what failed may be its worker: that of the next try is another one
    column.task.retry();
  }

  dispose(): void {
    this.inStep.dispose();
    for (const name of [...this.columns.keys()]) this.close(name);
  }

  private follow(): void {
    const state = this.store.getState();
    const wanted = state.view === "compare" ? state.compare.systems.filter((name) => name !== state.intent.model) : [];
    for (const name of [...this.columns.keys()]) if (!wanted.includes(name)) this.close(name);
    for (const name of wanted) {
      const key = columnKey(state, name);
      const column = this.column(name);
      column.task.want(key, state.compared[name]?.key, (task, doing) =>
        this.inTurn(task, doing, () => this.draw(column, name, key as string, task, doing)),
      );
    }
  }

  private column(name: string): Column {
    const known = this.columns.get(name);
    if (known) return known;
    const column = { task: new KeyedTask(this.store, `compare:${name}`, say`Starting`), system: null, encoded: null };
    this.columns.set(name, column);
    return column;
  }

  /** Its results stay; its memory and its worker go. */
  private close(name: string): void {
    const column = this.columns.get(name);
    this.columns.delete(name);
    column?.task.stop();
    if (column) this.unload(column);
  }

  private unload(column: Column): void {
    column.system?.dispose();
    column.system = null;
    column.encoded = null;
  }

  private async draw(column: Column, name: string, key: string, task: Task, doing: (what: Text) => void) {
    const state = this.store.getState();
    if (columnKey(state, name) !== key) return;
    column.system ??= await this.load(column, name, task, doing);
    const { system } = column;
    doing(say`Looking at the region`);
    const encoded = await this.look(column, system, state, task);
    if (!encoded) return;
    const count = drawnCount(state, system.about);
    doing(say`Drawing ${count} samples`);
    const choices = choicesFor(state, system.about, encoded, count);
    const want = { samples: true, statistics: true };
    const { samples, statistics } = await system.draw(encoded, choices, want, "soon", task);
    throwIfAborted(task.signal);
    if (!samples || !statistics) return;
    const value = { draws: drawsIn(choices), samples, statistics };
    this.store.setState(({ compared }) => ({ compared: { ...compared, [name]: { key, value } } }));
  }

  private async load(column: Column, name: string, task: Task, doing: (what: Text) => void): Promise<QueuedModel> {
    const model = modelNamed(this.store.getState(), name);
    const system = new QueuedModel((await fetchModel(await this.port(), this.library, model, task, doing)).model);
    if (this.columns.get(name) === column) return system;
    system.dispose(); // the column was closed meanwhile
    throwIfAborted(task.signal);
    return system;
  }

  private async look(column: Column, system: QueuedModel, state: State, task: Task): Promise<Prepared | null> {
    const region = regionKey(state);
    if (region !== null && column.encoded?.region === region) return column.encoded.value;
    const [frame, centre] = [frameOnScreen(state), regionCentre(state)];
    if (!frame || !centre || region === null) return null;
    const { size } = system.about.config.preprocessing;
    const picture = frameKeyOf(frame.caseId, frame.index);
    const crop = cropRegion(frame.slice, centre[0], centre[1], size);
    const value = await system.prepare({ ...crop, picture }, task);
    column.encoded = { region, value };
    return value;
  }

  /** Several systems at once would only slow each other down: the first result would be as late as the last. */
  private async inTurn(task: Task, doing: (what: Text) => void, work: () => Promise<void>): Promise<void> {
    const before = this.turn;
    let done = () => {};
    this.turn = new Promise((resolve) => {
      done = resolve;
    });
    try {
      doing(say`Waiting for its turn`);
      await before;
      throwIfAborted(task.signal);
      await work();
    } finally {
      void before.then(done);
    }
  }
}
