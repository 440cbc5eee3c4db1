import { throwIfAborted } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { MeanAndVariance } from "../../../core/network/statistics.ts";
import type { WholeSliceInput } from "../../../engine/whole-slice.ts";
import { derive } from "../../app/derive.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { KeyedTask } from "../../app/work/keyed-task.ts";
import { frameKey, frameOnScreen, isBlinded } from "../../cases/on-screen.ts";
import { isQuick, modelIsThere } from "../../models/model.ts";
import { canDraw } from "../keys.ts";
import { LAYER_STYLES } from "../layers.ts";
import type { WholeMap, WholeView } from "./whole-map.ts";

/** Every sample of the whole slice is held until all regions are there: at most so many numbers, 128 MiB. */
const MOST_NUMBERS = 2 ** 25;
const MOST_SAMPLES = 32;
const FEWEST_SAMPLES = 4;

/** The inputs that a map belongs to; with another slice, frame or model it is stale. Null where there is no slice yet. */
export function wholeKey(state: State): string | null {
  const frame = frameKey(state);
  return frame === null || !frameOnScreen(state) ? null : `${state.intent.model}|${frame}`;
}

/** The map of the slice on the screen; null where none was made of it, or it is not to be seen. */
export function wholeOnScreen(state: State): WholeMap | null {
  return !isBlinded(state) && state.whole && state.whole.key === wholeKey(state) ? state.whole.value : null;
}

/** Whether a map can be asked for: slice and model are there, and the model decodes quickly enough for it. */
export function wholeIsPossible(state: State): boolean {
  return wholeKey(state) !== null && !isBlinded(state) && isQuick(state) && modelIsThere(state) && canDraw(state);
}

/** The chosen map with the values at the two ends of its colour bar, round and wide enough; null where none is shown. */
export const wholeMap = derive(
  (state: State) => [wholeOnScreen(state), state.wholeView.layer] as const,
  (whole, layer): { readonly values: Float32Array; readonly range: readonly [number, number] } | null => {
    if (!whole) return null;
    const values = whole.statistics[layer];
    const { tops } = LAYER_STYLES[layer];
    const most = values.reduce((top, value) => Math.max(top, value), 0);
    return { values, range: [0, tops.find((top) => top >= most - 1e-6) ?? tops.at(-1) ?? 1] };
  },
);

/** How many of the wanted samples a slice of so many pixels can hold. */
export function wholeCount(wanted: number, pixels: number): number {
  const room = Math.max(FEWEST_SAMPLES, Math.floor(MOST_NUMBERS / pixels));
  return Math.min(wanted, room, MOST_SAMPLES);
}

/** Maps a slice with the model on the screen; null where there is none any more. */
type WholeSliceMapper = (input: WholeSliceInput, task: Task) => Promise<MeanAndVariance | null>;

/**
 * The run over a whole slice: started by the person alone, ended by `cancel`, or by another slice, frame or model. The
 * rest of the page does not wait for it.
 */
export class WholeSlice {
  private readonly store: ExplorerStore;
  private readonly map: WholeSliceMapper;
  private readonly task: KeyedTask;
  private running: string | null = null;
  private readonly unsubscribe: () => void;

  constructor(store: ExplorerStore, map: WholeSliceMapper) {
    this.store = store;
    this.map = map;
    this.task = new KeyedTask(store, "whole", say`Mapping the whole slice`);
    this.unsubscribe = store.subscribe((state) => this.follow(state));
  }

  start(): void {
    const state = this.store.getState();
    const key = wholeKey(state);
    if (key === null || !wholeIsPossible(state)) return;
    this.running = key;
    this.task.retry();
    this.task.want(key, undefined, (task) => this.run(key, state, task));
  }

  cancel(): void {
    this.task.cancel();
  }

  setView(change: Partial<WholeView>): void {
    this.store.setState(({ wholeView }) => ({ wholeView: { ...wholeView, ...change } }));
  }

  /** Takes the map away. */
  remove(): void {
    this.store.setState({ whole: null });
  }

  dispose(): void {
    this.unsubscribe();
    this.task.stop();
  }

  private follow(state: State): void {
    const key = wholeKey(state);
    if (this.running !== null && this.running !== key) {
      this.running = null;
      this.task.stop();
    }
    if (state.whole && state.whole.key !== key) this.remove(); // it is not shown any more: frees its memory
  }

  private async run(key: string, state: State, task: Task): Promise<void> {
    const frame = frameOnScreen(state);
    const head = state.model?.value.decode;
    if (!frame || !head) return;
    const { slice } = frame;
    const { seed, fields } = state.intent;
    const count = wholeCount(state.intent.count, slice.width * slice.height);
    const statistics = await this.map({ head, slice, seed, count, strength: fields.strength }, task);
    throwIfAborted(task.signal);
    if (!statistics) return;
    this.store.setState({ whole: { key, value: { statistics, count, seed } } });
  }
}
