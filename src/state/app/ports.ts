import type { ModelConfig } from "../../core/config/model-config.ts";
import type { Decoder, Encoding, HeadWeights, Task } from "../../core/network/encoding.ts";
import type { Model, ModelFiles } from "../../core/network/model.ts";
import type { MeanAndVariance } from "../../core/network/statistics.ts";
import type { TeachingPort } from "../../engine/teach/teaching-port.ts";
import type { TrainingPort } from "../../engine/train/training-port.ts";
import type { WholeSliceInput } from "../../engine/whole-slice.ts";
import type { ArchiveTransport } from "../../io/dicomweb/transport.ts";
import type { ArchiveSite } from "../archive/desk-state.ts";
import type { KeptStorage } from "../cases/kept/kept-storage.ts";
import type { EvaluationRows } from "../evaluate/rows.ts";
import type { KeptTeachings } from "../evaluate/teach/kept-teachings.ts";

/** A model's card: Markdown, and the address of each picture that it names. */
export interface Card {
  readonly text: string;
  readonly pictures: Readonly<Record<string, string>>;
}

/** What the page's root puts behind the store: everything that needs a network, a worker or a clock. */
export interface Ports {
  /** Starts the engine on first use. */
  engine(): Promise<EnginePort>;
  /** What the sliders need of the start, before there is an engine; missing where there is no start. */
  readonly start?: StartPorts;
  /** A training in a worker of its own. */
  trainer(): Promise<TrainingPort>;
  /** A teaching in a worker of its own. */
  teacher(): Promise<TeachingPort>;
  /** The bundled models, in the menu's order, and which of them is shown first. */
  readonly models: readonly { readonly name: string; readonly config: ModelConfig }[];
  readonly firstModel: string;
  /** A file of a bundled model. `onProgress` counts bytes. @throws NetworkFailed */
  readModel(name: string, file: string, task?: Task): Promise<Uint8Array>;
  /** `golden.json` and `golden.bin` of a bundled model; null where it has none. */
  readGolden(name: string): Promise<{ readonly json: Uint8Array; readonly values: Uint8Array } | null>;
  /** A file below `examples/`. @throws NetworkFailed */
  readExample(path: string, task?: Task): Promise<Uint8Array>;
  /** The model's card; null where it has none. */
  readCard(name: string): Promise<Card | null>;
  /** Finished rows of evaluations, kept over a reload. */
  readonly evaluationRows: EvaluationRows;
  /** Finished folds of teachings, kept over a reload. */
  teachings(): Promise<KeptTeachings>;
  /** What was open, kept over a reload. */
  readonly kept: KeptStorage;
  /** Calls back before the next repaint. */
  frame(callback: () => void): void;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Gives way to whatever else the page has to do: long work awaits it now and then. */
  nextTurn(): Promise<void>;
  /** Loads the newest version of the page in the place of this one. */
  takeNewVersion(): Promise<void>;
  /** The archives that whoever serves this page allows it; none by default. */
  readonly archives: readonly ArchiveSite[];
  readonly archiveTransport: ArchiveTransport;
  readonly app: { readonly version: string; readonly commit: string };
}

export interface StartPorts {
  /** What the network made of the start's region; null where it is not to be had. */
  encoding(): Promise<Encoding | null>;
  /** A decoder on wasm. @throws NoBackend, WorkerLost */
  decoder(head: HeadWeights): Promise<Decoder>;
}

export interface EnginePort {
  /** A model of any family, in a worker of its own until it is disposed of. @throws what loading throws; Aborted */
  load(files: ModelFiles, task?: Task): Promise<Model>;
  /** Maps of a whole slice, [H,W], beside everything else. @throws what `prepare` and decode throw; Aborted */
  wholeSlice(model: Model, input: WholeSliceInput, task?: Task): Promise<MeanAndVariance>;
  dispose(): void;
}
