import type { ModelConfig } from "../../core/config/model-config.ts";
import type { Text } from "../../core/language/say.ts";
import type { Draw, Posterior, Samples, Statistics } from "../../core/network/encoding.ts";
import type { Insides } from "../../core/network/inside/inner-maps.ts";
import type { BackendReport, ModelInfo, Prepared } from "../../core/network/model.ts";
import type { Grader, Mask, Slice } from "../../core/values/slice.ts";
import type { TableStyle } from "../../io/bytes/csv.ts";
import type { SessionLesion } from "../../io/session/session.ts";
import type { Stack } from "../../io/stack/stack.ts";
import type { KeptOpening } from "../cases/kept/kept-storage.ts";
import type { MaskAsking, MaskMeaning, RegionsAsking } from "../cases/samples/mask-asking.ts";
import type { Comparing } from "../compare/comparing.ts";
import type { ReadersOfPack } from "../evaluate/agreement/readers-of-pack.ts";
import type { LesionsOfPack, LesionsWish } from "../evaluate/lesions/lesions-of-pack.ts";
import type { Ends, Mode, Plane } from "../explore/latent/masks-over-z.ts";
import { FIRST_ORDER, type Order } from "../explore/order/order.ts";
import type { WholeMap, WholeView } from "../explore/whole/whole-map.ts";
import {
  FIRST_THRESHOLDS,
  type Followed,
  type LesionLook,
  type ReaderAtZ,
  type WantedThresholds,
} from "../lesion/followed.ts";
import type { CaseId, FrameKey } from "./identity.ts";
import { FIRST_INTENT, type Intent, type Lasso, type PageReader, type ReaderId, YOU } from "./intent.ts";
import type { Failure, Job, JobName } from "./work/job.ts";

/** The shape of everything the page knows: types and first values. Who writes which part is in architecture.test.ts. */

/** One line of the menu of cases. */
export interface CaseEntry {
  readonly id: CaseId;
  readonly title: string;
  /** "Built-in examples", the title of a pack, "Opened files". */
  readonly group: Text;
  readonly simulated: boolean;
  /** The pack it belongs to and its place there, from 0; null for a file of its own. */
  readonly pack: { readonly shelf: string; readonly row: number } | null;
}

/** The slices of one lesion among the cases of a pack, as a series with the case's own slice in it. */
export interface LesionInPack {
  /** Place of each slice along the normal, mm, ascending, and its draw number. */
  readonly places: readonly number[];
  readonly draws: readonly number[];
  /** The lesion's draw number. */
  readonly draw: number;
  /** Which of them the case is, from 0. */
  readonly start: number;
  /** @throws what its file's reader throws */
  readonly read: (slice: number) => Promise<Picture>;
}

/** A case on the page: a slice, or a stack of them, and who marked it. */
export interface Case extends CaseEntry {
  readonly frames: number;
  /** Shown under the slice: who made the data and under which licence. */
  readonly attribution: string | null;
  /** Centre of the first region. */
  readonly region: readonly [number, number];
  /** Its draw number: what its samples depend on beside seed and place; 0 for a file of its own. */
  readonly draw: number;
  /** The frame shown first. */
  readonly frame: number;
  /** What was odd about the file, and what was done about it. */
  readonly notes: readonly Text[];
  /** Whether the slice is the person's own: then neither name nor id goes into a link. */
  readonly own: boolean;
  /** The opened file behind it, for its marks' geometry and the export; null for cases of a pack. */
  readonly stack: Stack | null;
  /** Where it is a slice of a lesion with others of its pack. */
  readonly lesion?: LesionInPack;
  /** Reads one frame of the stack, from 0. @throws what its file's reader throws */
  readonly read: (frame: number) => Promise<Picture>;
}

/** One picture of numbers and what its graders drew, in the slice's size. */
export interface Picture {
  readonly slice: Slice;
  readonly graders: readonly Grader[];
}

/** A picture at its place: one frame of one case. */
export interface Frame extends Picture {
  readonly caseId: CaseId;
  readonly index: number;
  /** Of the values, float32 little-endian row-major: formats.md. Worked out when first asked for. */
  sha256(): string;
  /** Lowest and highest valid value: the "full" window. */
  readonly range: readonly [number, number];
}

/** A result and the inputs it came of: it is stale where the inputs wanted now have another key. */
export interface Keyed<T> {
  readonly key: string;
  readonly value: T;
}

export interface Drawn {
  /** What each sample was drawn from; empty where the system has no z. */
  readonly draws: readonly Draw[];
  readonly samples: Samples;
  readonly statistics: Statistics;
}

export interface ModelChoice {
  readonly name: string;
  readonly config: ModelConfig;
  /** False for a model that the person opened. */
  readonly bundled: boolean;
}

/** What a person is told: a sentence that goes by itself (`status`), or one that stays until it is closed (`alert`). */
export interface Notice {
  readonly id: number;
  readonly kind: "status" | "alert";
  readonly text: Text;
  /** What its button does, where it has one. */
  readonly remedy?: "reload";
}

/** What stands open beside the page itself. */
export type Sheet =
  | "export"
  | "keys"
  | "model"
  | "backend"
  | "share"
  | "forget"
  | "archive"
  | "concepts"
  | `concept:${string}`
  | null;

/** What each reader drew in the page, in the slice's size. */
export type Drawings = ReadonlyMap<ReaderId, ReadonlyMap<FrameKey, Mask>>;

/** A reader's outline of one slice out of a session. */
export interface DrawnBefore extends Omit<PageReader, "id"> {
  readonly mask: Mask | null;
  readonly done: boolean;
}

/** The view of a link or a session about an own file, until the slice whose hash begins so is opened. */
export interface AwaitedView {
  readonly hash: string;
  readonly intent: Partial<Intent>;
  /** What a session says beside the view. */
  readonly drawn: readonly DrawnBefore[];
  readonly lesion: SessionLesion | null;
}

/** A study in which a reader sees nobody else until done. */
export interface Blinding {
  readonly on: boolean;
  /** Who is done with which case (`doneKey`). */
  readonly done: ReadonlySet<string>;
}

/** What fills the page below the top bar. */
type EvaluateView = "evaluate" | "agreement" | "lesions" | "teach";
export type View = "explorer" | "lesion" | "compare" | EvaluateView | "learn" | "train";

export interface State {
  // what the person wants; in the undo history
  readonly intent: Intent;
  /** Who draws in the page, "You" first. */
  readonly readers: readonly PageReader[];
  readonly drawings: Drawings;
  // what there is to choose from
  readonly models: readonly ModelChoice[];
  readonly entries: readonly CaseEntry[];
  // what came of it
  readonly cases: ReadonlyMap<CaseId, Case>;
  /** The frames in memory, least recently read first. */
  readonly frames: ReadonlyMap<FrameKey, Frame>;
  readonly model: Keyed<ModelInfo> | null;
  /** The model on the screen could not be held against its golden values: they were not to be had. */
  readonly untested: boolean;
  readonly backend: BackendReport | null;
  readonly encoded: Keyed<Prepared> | null;
  /** What the model's levels make of the region, while it is shown how the network works. */
  readonly inside: Keyed<Insides> | null;
  /** Places of graders in the latent space, of the encoding on the screen. */
  readonly posteriors: Readonly<Record<string, Posterior>>;
  readonly drawn: Keyed<Drawn> | null;
  /** P(lesion) of the z on the sliders, [H,W]. */
  readonly current: Keyed<Float32Array> | null;
  /** Where the modes of a set of samples stand, in σ, for the samples and the one shown that it is keyed by. */
  readonly shape: Keyed<readonly number[]> | null;
  /** Whether the map of masks stands in the place of the plane of z, or of the samples each; null: where it is at home. */
  readonly maskMap: boolean | null;
  readonly plane: Keyed<Plane> | null;
  /** The modes of the case, strongest first. */
  readonly modes: Keyed<readonly Mode[]> | null;
  /** Both ends of each axis, by the axis's name. */
  readonly ends: Keyed<Readonly<Record<string, Ends>>> | null;
  /** What each slider does about the z on the sliders, by its name: 1 − IoU between the masks at −2σ and +2σ. */
  readonly effects: Keyed<Readonly<Record<string, number>>> | null;
  /** Maps of the whole slice, where they were asked for. */
  readonly whole: Keyed<WholeMap> | null;
  readonly wholeView: WholeView;
  readonly awaited: AwaitedView | null;
  /** What is kept on this machine, the last opened first; refused: the browser keeps nothing; not keeping: the person does not want it. */
  readonly onMachine: {
    readonly refused: boolean;
    readonly keeping: boolean;
    readonly openings: readonly KeptOpening[];
  };
  /** The question what an opened mask is, or what the regions of an RTSTRUCT are, by its file; null where nothing is asked. */
  readonly asking: MaskAsking | RegionsAsking | null;
  /** What a mask opened alone is, where the person said so for good. */
  readonly masksAre: Exclude<MaskMeaning, "samples"> | null;
  readonly jobs: Readonly<Partial<Record<JobName, Job>>>;
  readonly failures: Readonly<Partial<Record<JobName, Failure>>>;
  readonly notices: readonly Notice[];
  readonly view: View;
  /** The lesion of the region on the screen through its slices, as far as it was followed. */
  readonly lesion: Keyed<Followed> | null;
  /** What the z on the sliders shows through its slices. */
  readonly lesionReader: Keyed<ReaderAtZ> | null;
  readonly lesionLook: LesionLook;
  readonly lesionThresholds: WantedThresholds;
  /** The readers of a pack among themselves. */
  readonly agreement: Keyed<ReadersOfPack> | null;
  /** Whether readers of one name are taken for one person in every case where the pack does not say so. */
  readonly sameReaders: boolean;
  /** The lesions of a pack: the graders' sizes, and a model's where it was asked. */
  readonly lesionsOfPack: Keyed<LesionsOfPack> | null;
  readonly lesionsWish: LesionsWish;
  /** The draw of a model that was started (`LesionsDraw.key`); null: none yet. */
  readonly lesionsAsked: string | null;
  readonly compare: Comparing;
  /** How tables leave the page. */
  readonly tables: TableStyle;
  /** What each system made of the region on the screen, by its name. */
  readonly compared: Readonly<Record<string, Keyed<Drawn>>>;
  readonly sheet: Sheet;
  readonly lasso: Lasso;
  /** Diameter of brush and eraser, in widths of a pixel. */
  readonly brush: number;
  /** Who draws; where that reader was taken away, the first. */
  readonly drawingAs: ReaderId;
  readonly blinding: Blinding;
  /** Step of the guided tour, from 0; null while it is closed. */
  readonly tour: number | null;
  readonly pageOrder: Order;
}

export type Undoable = Pick<State, "intent" | "readers" | "drawings">;

export const FIRST_STATE: State = {
  intent: FIRST_INTENT,
  readers: [YOU],
  drawings: new Map(),
  models: [],
  entries: [],
  cases: new Map(),
  frames: new Map(),
  model: null,
  untested: false,
  backend: null,
  encoded: null,
  inside: null,
  posteriors: {},
  drawn: null,
  current: null,
  shape: null,
  maskMap: null,
  plane: null,
  modes: null,
  ends: null,
  effects: null,
  whole: null,
  wholeView: { layer: "variance", opacity: 0.75 },
  awaited: null,
  onMachine: { refused: false, keeping: true, openings: [] },
  asking: null,
  masksAre: null,
  jobs: {},
  failures: {},
  notices: [],
  view: "explorer",
  lesion: null,
  lesionReader: null,
  lesionLook: { sample: null, at: null, shown: { variance: true, graders: true, reader: true } },
  lesionThresholds: FIRST_THRESHOLDS,
  agreement: null,
  sameReaders: false,
  lesionsOfPack: null,
  lesionsWish: { model: null, count: 32, seed: 0 },
  lesionsAsked: null,
  tables: "comma",
  compare: { systems: [], chosen: false, outlines: { samples: true, graders: true } },
  compared: {},
  sheet: null,
  lasso: "off",
  brush: 8,
  drawingAs: "you",
  blinding: { on: false, done: new Set() },
  tour: null,
  pageOrder: FIRST_ORDER,
};
