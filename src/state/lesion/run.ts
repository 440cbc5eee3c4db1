import { throwIfAborted } from "../../core/errors.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { type FollowedSlice, followLesion } from "../../core/lesion/follow-lesion.ts";
import { measureLesion } from "../../core/lesion/measure-lesion.ts";
import type { LesionModel } from "../../core/lesion/sample-lesion.ts";
import type { Task } from "../../core/network/encoding.ts";
import { placesAlong } from "../../io/stack/places-along.ts";
import { frameKeyOf } from "../app/identity.ts";
import { KeyedTask } from "../app/keyed-task.ts";
import type { Ports } from "../app/ports.ts";
import type { Case, Picture, State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { readFrame } from "../cases/frames.ts";
import { caseOnScreen, frameOnScreen, regionCentre, regionOrigin } from "../cases/on-screen.ts";
import { regionValues } from "../explore/region.ts";
import type { QueuedModel } from "../models/model.ts";
import type { Followed, RegionSlice } from "./followed.ts";
import { lesionKey } from "./keys.ts";

/** What the outline of the person themselves is called among the graders. */
export const YOU = "You";

/**
 * Follows the lesion of the region on the screen through its slices, while its view is shown. What is ready is on the
 * screen at once; a lesion that was followed to its ends is there again when the view is.
 */
export class LesionThroughSlices {
  private readonly store: ExplorerStore;
  private readonly ports: Pick<Ports, "nextTurn">;
  private readonly model: () => QueuedModel | null;
  private readonly task: KeyedTask;
  private readonly unsubscribe: () => void;
  private following = false;

  constructor(store: ExplorerStore, ports: Pick<Ports, "nextTurn">, model: () => QueuedModel | null) {
    this.store = store;
    this.ports = ports;
    this.model = model;
    this.task = new KeyedTask(store, "lesion", "Following the lesion");
    this.unsubscribe = store.subscribe(() => this.follow());
  }

  cancel(): void {
    this.task.cancel();
  }

  retry(): void {
    this.task.retry();
    this.follow();
  }

  dispose(): void {
    this.unsubscribe();
    this.task.stop();
  }

  /** The task changes the state while it starts: those changes are seen by the pass that is running. */
  private follow(): void {
    if (this.following) return;
    this.following = true;
    const state = this.store.getState();
    const key = lesionKey(state);
    if (state.lesion && state.lesion.key !== key) this.store.setState({ lesion: null }); // frees its masks
    const have = state.lesion?.value.found ? state.lesion.key : undefined;
    this.task.want(state.view === "lesion" ? key : null, have, (task) => this.run(key as string, state, task));
    this.following = false;
  }

  private async run(key: string, state: State, task: Task): Promise<void> {
    const [found, frame, centre, origin] = [
      caseOnScreen(state),
      frameOnScreen(state),
      regionCentre(state),
      regionOrigin(state),
    ];
    const model = this.model();
    if (!found || !frame || !centre || !origin || !model) return;
    const { places, known } = placesOf(found);
    const { lesion } = found;
    const start = lesion?.start ?? frame.index;
    /** Your outline on a slice: of a pack's lesion on the one slice that is the case. */
    const yours = (k: number) =>
      (!lesion || k === start ? state.you.get(frameKeyOf(found.id, lesion ? 0 : k)) : null) ?? null;
    const drawsYours = places.some((_, k) => yours(k) !== null);
    const pictures = new Map<number, Picture>();
    const read = lesion?.read ?? ((k: number) => readFrame(this.store, found, k));
    const series = {
      name: found.title,
      places,
      ...(lesion && { draws: lesion.draws }),
      read: async (k: number) => {
        await this.ports.nextTurn(); // what hangs together is worked out here: the page stays awake between slices
        throwIfAborted(task.signal);
        const one = k === start ? frame : await read(k);
        pictures.set(k, one);
        const you = { name: YOU, mask: yours(k) };
        return { slice: one.slice, graders: [...one.graders, ...(drawsYours ? [you] : [])] };
      },
    };
    const { seed, count, threshold } = state.intent;
    const coupling = couplingNamed(DEFAULT_COUPLING);
    const order = { start, at: centre, seed, count, threshold, coupling, draw: lesion?.draw ?? state.intent.draw };
    const spacingMm = known ? frame.slice.spacingMm : null;
    const slices: RegionSlice[] = [];
    const graderNames = (await series.read(start)).graders.map(({ name }) => name);
    const show = (done: Followed["found"]) => {
      const value = { slices: ordered(slices), places, spacingMm, graderNames, origin, found: done };
      this.store.setState({ lesion: { key, value } });
    };
    const onSlice = (slice: FollowedSlice) => {
      const one = pictures.get(slice.index) as Picture;
      pictures.delete(slice.index);
      throwIfAborted(task.signal);
      slices.push({ ...slice, values: regionValues(one.slice, origin[0], origin[1]) });
      show(null);
    };
    const { grown } = await followLesion(plain(model), series, order, onSlice, task);
    throwIfAborted(task.signal);
    show({ grown, measured: measureLesion(grown, places, spacingMm) });
  }
}

/** Where the slices of a case lie: its file says so, or its pack. */
function placesOf({ stack, frames, lesion }: Case): { readonly places: readonly number[]; readonly known: boolean } {
  if (lesion) return { places: lesion.places, known: true };
  return stack ? placesAlong(stack) : { places: Array.from({ length: frames }, (_, k) => k), known: false };
}

function ordered(slices: readonly RegionSlice[]): RegionSlice[] {
  return [...slices].sort((a, b) => a.index - b.index);
}

/** The page's model as core takes it: behind what is urgent, before what is idle. */
function plain(model: QueuedModel): LesionModel & Pick<QueuedModel["about"], "config"> {
  const { config, choice, members, head } = model.about;
  return {
    ...{ config, choice, members, head },
    prepare: (crop, task = {}) => model.prepare(crop, task),
    draw: (prepared, choices, want, task) => model.draw(prepared, choices, want, "soon", task),
  };
}
