import { temporal } from "zundo";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Intent } from "./intent.ts";
import { FIRST_STATE, type State, type Undoable } from "./shape.ts";

export type ExplorerStore = ReturnType<typeof createExplorerStore>;
export type StateStore = Pick<StoreApi<State>, "getState" | "setState" | "subscribe">;

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
      partialize: ({ intent, readers, drawings }): Undoable => ({ intent, readers, drawings }),
      equality: (a, b) => a.intent === b.intent && a.readers === b.readers && a.drawings === b.drawings,
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
    const { caseId, view } = store.getState().intent;
    step();
    const { intent } = store.getState();
    const same = intent.view.zoom === view.zoom && intent.view.look === view.look;
    if (intent.caseId !== caseId || same) return;
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
    settle(change: (intent: Intent) => Intent): void {
      store.temporal.getState().pause();
      store.setState(({ intent }) => ({ intent: change(intent) }));
      store.temporal.getState().resume();
    },
  });
}
