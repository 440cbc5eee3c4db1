import { temporal } from "zundo";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ModelConfig } from "../../core/config/model-config.ts";
import type { Draw, Encoding, Gaussian, Samples, Statistics } from "../../core/network/encoding.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { BackendReport } from "../../engine/engine.ts";
import type { Case, CaseEntry, Frame } from "../cases/case.ts";
import { type Comparing, FIRST_COMPARING } from "../compare/slice.ts";
import type { Ends, Mode } from "../explore/latent/modes.ts";
import { FIRST_WHOLE_VIEW, type WholeMap, type WholeView } from "../explore/whole-slice.ts";
import type { Loaded } from "../models/system.ts";
import { FIRST_INTENT, type Intent, type Lasso } from "./intent.ts";
import type { Failure, Job, JobName, Notice } from "./jobs.ts";

/** A result and the inputs it came of: it is stale where the inputs wanted now have another key. */
export interface Keyed<T> {
  readonly key: string;
  readonly value: T;
}

export interface Encoded {
  readonly crop: Crop;
  /** P(z | crop); null where the system has no z. */
  readonly prior: Gaussian | null;
  /** All that a decode needs of the crop; null where every sample is a pass of its own. */
  readonly encoding: Encoding | null;
}

export interface Drawn {
  /** What each sample was drawn from; empty where the system has no z. */
  readonly draws: readonly Draw[];
  readonly samples: Samples;
  readonly statistics: Statistics;
}

/** The plane's little masks, [side × side] from top left; null where not yet decoded. */
export interface Plane {
  readonly side: number;
  /** P(lesion) [size × size] of a box of the region, shrunk. */
  readonly cells: readonly (Uint8Array | null)[];
  readonly cellSize: number;
  readonly done: number;
}

export interface ModelChoice {
  readonly name: string;
  readonly config: ModelConfig;
  /** False for a model that the person opened. */
  readonly bundled: boolean;
}

/** What stands open beside the page itself. */
export type Sheet = "export" | "keys" | "model" | "backend" | "share" | null;

/** What fills the page below the top bar. */
export type View = "explorer" | "compare" | "evaluate";

export interface State {
  // what the person wants; in the undo history
  readonly intent: Intent;
  /** The lasso's mask, by case and frame, in the slice's size. */
  readonly you: Readonly<Record<string, Mask>>;
  // what there is to choose from
  readonly models: readonly ModelChoice[];
  readonly entries: readonly CaseEntry[];
  // what came of it
  readonly cases: Readonly<Record<string, Case>>;
  readonly frames: Readonly<Record<string, Frame>>;
  readonly model: Keyed<Loaded> | null;
  /**
   * The model whose network is sure to be in the engine, which holds one: none from where a load begins to where it
   * ends. A load that was given up may have put another network there than that of the model on the screen.
   */
  readonly inEngine: string | null;
  readonly backend: BackendReport | null;
  readonly encoded: Keyed<Encoded> | null;
  readonly posteriors: Readonly<Record<string, Gaussian>>;
  readonly drawn: Keyed<Drawn> | null;
  /** P(lesion) of the z on the sliders, [H,W]. */
  readonly current: Keyed<Float32Array> | null;
  readonly plane: Keyed<Plane> | null;
  /** The modes of the case, strongest first. */
  readonly modes: Keyed<readonly Mode[]> | null;
  /** Both ends of each axis, by the axis's name. */
  readonly ends: Keyed<Readonly<Record<string, Ends>>> | null;
  /** Maps of the whole slice, where they were asked for. */
  readonly whole: Keyed<WholeMap> | null;
  readonly wholeView: WholeView;
  /** A view that waits for its slice: out of a link or a session about an own file. */
  readonly awaited: { readonly hash: string; readonly intent: Partial<Intent> } | null;
  readonly jobs: Readonly<Partial<Record<JobName, Job>>>;
  readonly failures: Readonly<Partial<Record<JobName, Failure>>>;
  readonly notices: readonly Notice[];
  readonly view: View;
  readonly compare: Comparing;
  readonly sheet: Sheet;
  readonly lasso: Lasso;
  /** Step of the guided tour, from 0; null while it is closed. */
  readonly tour: number | null;
}

export type Undoable = Pick<State, "intent" | "you">;
export type ExplorerStore = ReturnType<typeof createExplorerStore>;
export type StateStore = Pick<StoreApi<State>, "getState" | "setState" | "subscribe">;

export const FIRST_STATE: State = {
  intent: FIRST_INTENT,
  you: {},
  models: [],
  entries: [],
  cases: {},
  frames: {},
  model: null,
  inEngine: null,
  backend: null,
  encoded: null,
  posteriors: {},
  drawn: null,
  current: null,
  plane: null,
  modes: null,
  ends: null,
  whole: null,
  wholeView: FIRST_WHOLE_VIEW,
  awaited: null,
  jobs: {},
  failures: {},
  notices: [],
  view: "explorer",
  compare: FIRST_COMPARING,
  sheet: null,
  lasso: "off",
  tour: null,
};

/** How long two moves of one gesture may lie apart to be undone as one, in milliseconds. */
const GESTURE_MS = 800;

/**
 * The store with its undo history: what the person wants, not what came of it. Moves of one gesture (a dragged slider,
 * a swept window) are one step back. `now` is a clock in milliseconds.
 */
export function createExplorerStore(now: () => number, first: Partial<State> = {}) {
  let gesture: string | null = null;
  let last: { gesture: string; at: number } | null = null;
  const store = createStore<State>()(
    temporal((): State => ({ ...FIRST_STATE, ...first }), {
      partialize: (state): Undoable => ({ intent: state.intent, you: state.you }),
      equality: (a, b) => a.intent === b.intent && a.you === b.you,
      limit: 200,
      handleSet: (remember) => (past, replace, current, delta) => {
        const same = gesture !== null && last?.gesture === gesture && now() - last.at < GESTURE_MS;
        last = gesture === null ? null : { gesture, at: now() };
        if (same) return;
        (remember as (...all: unknown[]) => void)(past, replace, current, delta);
      },
    }),
  );
  /** A step back or forth leaves zoom and place as they are: the person goes on looking at the same spot. */
  const lookingOn = (step: () => void) => {
    const { caseKey, view } = store.getState().intent;
    step();
    const { intent } = store.getState();
    const same = intent.view.zoom === view.zoom && intent.view.look === view.look;
    if (intent.caseKey !== caseKey || same) return;
    const { zoom, look } = view;
    store.temporal.getState().pause();
    store.setState({ intent: { ...intent, view: { ...intent.view, zoom, look } } });
    store.temporal.getState().resume();
  };
  return Object.assign(store, {
    /** Changes the intent; moves with the same `gesture` name shortly after each other are undone together. */
    want(change: (intent: Intent) => Intent, name: string | null = null): void {
      gesture = name;
      store.setState((state) => ({ intent: change(state.intent) }));
      gesture = null;
    },
    undo(): void {
      last = null;
      lookingOn(() => store.temporal.getState().undo());
    },
    redo(): void {
      last = null;
      lookingOn(() => store.temporal.getState().redo());
    },
    /** Changes the intent without a step in the history: what the page does by itself. */
    settle(change: (state: State) => Partial<State>): void {
      store.temporal.getState().pause();
      store.setState(change);
      store.temporal.getState().resume();
    },
  });
}
