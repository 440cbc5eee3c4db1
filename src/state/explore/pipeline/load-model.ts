import { isAbort } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { MeanAndVariance } from "../../../core/network/statistics.ts";
import type { WholeSliceInput } from "../../../engine/whole-slice.ts";
import { sentenceOf, tell } from "../../app/notices.ts";
import type { EnginePort, Ports } from "../../app/ports.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import type { Library } from "../../cases/library.ts";
import { type Fetched, fetchModel, modelNamed } from "../../models/load.ts";
import { QueuedModel } from "../../models/model.ts";
import type { Stage } from "./stage.ts";

/** The model on the screen. One that cannot be loaded gives way to the one before, so that the case stays. */
export class ModelOnScreen implements Stage {
  readonly job = "model";
  readonly what = say`Loading the model`;
  private readonly store: ExplorerStore;
  private readonly ports: Ports;
  private readonly library: Library;
  private port: EnginePort | null = null;
  loaded: QueuedModel | null = null;

  constructor(store: ExplorerStore, ports: Ports, library: Library) {
    this.store = store;
    this.ports = ports;
    this.library = library;
  }

  /** The engine, started on first use. */
  async start(): Promise<EnginePort> {
    this.port ??= await this.ports.engine();
    return this.port;
  }

  wanted({ intent }: State): string | null {
    return intent.model || null;
  }

  /** What stands on the screen before the visit's first model is loaded is no model at work. */
  have({ model }: State): string | undefined {
    return this.loaded ? model?.key : undefined;
  }

  async run(name: string, { model: before }: State, task: Task, doing: (what: Text) => void): Promise<void> {
    try {
      const choice = modelNamed(this.store.getState(), name);
      this.show(name, await fetchModel(await this.start(), this.library, choice, task, doing));
    } catch (error) {
      if (before === null || before.key === name || isAbort(error)) throw error;
      tell(this.store, "alert", sentenceOf(error));
      this.store.settle((intent) => ({ ...intent, model: before.key }));
    }
  }

  /** What computes may be another one after a loss, and knows how long it took. */
  report(): void {
    const before = this.store.getState().backend;
    const backend = this.loaded?.model.report() ?? null;
    this.store.setState({ backend });
    const wasm = backend?.rejected.find((one) => one.backend === "wasm");
    if (backend?.backend === "cpu" && before?.backend !== "cpu" && wasm) {
      const so = say`so the network runs in plain JavaScript, many times slower`;
      tell(
        this.store,
        "alert",
        say`WebAssembly is not used here (${wasm.reason}), ${so}; reload the page to try again.`,
      );
    }
  }

  /** Maps of a whole slice by the model on the screen. */
  async wholeSlice(input: WholeSliceInput, task: Task): Promise<MeanAndVariance | null> {
    return this.port && this.loaded && this.port.wholeSlice(this.loaded.model, input, task);
  }

  /** Its worker is not to be asked any more: the model is loaded anew. */
  reload(): void {
    this.store.setState({ model: null });
  }

  dispose(): void {
    this.loaded?.dispose();
    this.port?.dispose();
  }

  private show(name: string, { model, untested }: Fetched): void {
    const before = this.loaded;
    this.loaded = new QueuedModel(model);
    this.report();
    this.store.setState({ model: { key: name, value: this.loaded.about }, untested });
    before?.dispose();
  }
}
