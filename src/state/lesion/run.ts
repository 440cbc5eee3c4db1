import { throwIfAborted } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { type FollowedSlice, followLesion } from "../../core/lesion/follow-lesion.ts";
import { measureLesion } from "../../core/lesion/measure-lesion.ts";
import type { LesionModel } from "../../core/lesion/sample-lesion.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Model, Prepared } from "../../core/network/model.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Grader } from "../../core/values/slice.ts";
import { frameKeyOf } from "../app/identity.ts";
import type { Ports } from "../app/ports.ts";
import type { Picture, State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { InStep } from "../app/work/in-step.ts";
import { KeyedTask } from "../app/work/keyed-task.ts";
import { placesOf } from "../cases/case.ts";
import { readFrame } from "../cases/frames.ts";
import { caseOnScreen, frameOnScreen, regionCentre, regionOrigin } from "../cases/on-screen.ts";
import { type ReaderOnCase, readersOnCase } from "../cases/readers.ts";
import { regionValues } from "../explore/region.ts";
import type { QueuedModel } from "../models/model.ts";
import type { Followed, RegionSlice } from "./followed.ts";
import { lesionKey } from "./keys.ts";

/**
 * Follows the lesion of the region on the screen through its slices, while its view is shown. What is ready is on the
 * screen at once; a lesion that was followed to its ends is there again when the view is.
 */
export class LesionThroughSlices {
  private readonly store: ExplorerStore;
  private readonly ports: Pick<Ports, "nextTurn">;
  private readonly model: () => QueuedModel | null;
  private readonly keep: (lesion: string, slice: number, prepared: Prepared) => void;
  private readonly task: KeyedTask;
  private readonly inStep: InStep;

  /** `keep` is told what the model made of each slice, for whoever wants to draw on it again. */
  constructor(
    store: ExplorerStore,
    ports: Pick<Ports, "nextTurn">,
    model: () => QueuedModel | null,
    keep: (lesion: string, slice: number, prepared: Prepared) => void,
  ) {
    this.store = store;
    this.ports = ports;
    this.model = model;
    this.keep = keep;
    this.task = new KeyedTask(store, "lesion", say`Following the lesion`);
    this.inStep = new InStep([store], () => this.follow());
  }

  cancel(): void {
    this.task.cancel();
  }

  retry(): void {
    this.task.retry();
    this.inStep.follow();
  }

  dispose(): void {
    this.inStep.dispose();
    this.task.stop();
  }

  private follow(): void {
    const state = this.store.getState();
    const key = lesionKey(state);
    if (state.lesion && state.lesion.key !== key) this.store.setState({ lesion: null }); // frees its masks
    const have = state.lesion?.value.found ? state.lesion.key : undefined;
    const shown = state.view === "lesion" && this.model() !== null; // at the start of a visit the engine comes later
    this.task.want(shown ? key : null, have, (task) => this.run(key as string, state, task));
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
    const readers = apartFrom(frame.graders, readersOnCase(state, found.id));
    /** A pack's lesion has one slice that is the case itself: what was drawn in the page lies there. */
    const frameAt = (k: number) => (!lesion ? k : k === start ? 0 : null);
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
        const here = readers.map(({ name, outlines }): Grader => {
          return { name, mask: outlines.find((outline) => outline.frame === frameAt(k))?.mask ?? null };
        });
        const picture = lesion ? {} : { picture: frameKeyOf(found.id, k) };
        return { slice: one.slice, graders: [...one.graders, ...here], ...picture };
      },
    };
    const { seed, count, threshold } = state.intent;
    const coupling = couplingNamed(DEFAULT_COUPLING);
    const order = { start, at: centre, seed, count, threshold, coupling, draw: lesion?.draw ?? state.intent.draw };
    const spacingMm = known ? frame.slice.spacingMm : null;
    const slices: RegionSlice[] = [];
    const made = new WeakMap<Crop, Prepared>();
    const graderNames = [...frame.graders, ...readers].map(({ name }) => name);
    const ids = [...frame.graders.map(() => null), ...readers.map(({ id }) => id)];
    const show = (done: Followed["found"]) => {
      const value = { slices: ordered(slices), places, spacingMm, graderNames, readers: ids, origin, found: done };
      this.store.setState({ lesion: { key, value } });
    };
    const onSlice = (slice: FollowedSlice) => {
      const one = pictures.get(slice.index) as Picture;
      pictures.delete(slice.index);
      throwIfAborted(task.signal);
      const prepared = made.get(slice.crop);
      if (prepared) this.keep(key, slice.index, prepared);
      slices.push({ ...slice, values: regionValues(one.slice, origin[0], origin[1]) });
      show(null);
    };
    const { grown } = await followLesion(plain(model, made), series, order, onSlice, task);
    throwIfAborted(task.signal);
    show({ grown, measured: measureLesion(grown, places, spacingMm) });
  }
}

/** Readers in the page, none of whom is called as a grader of the case: by their names they are followed. */
function apartFrom(graders: readonly Grader[], readers: readonly ReaderOnCase[]): readonly ReaderOnCase[] {
  return readers.map((reader) => {
    const taken = graders.some(({ name }) => name === reader.name);
    return taken ? { ...reader, name: `${reader.name} (in the page)` } : reader;
  });
}

function ordered(slices: readonly RegionSlice[]): RegionSlice[] {
  return [...slices].sort((a, b) => a.index - b.index);
}

/**
 * The page's model as core takes it: behind what is urgent, before what is idle. `made`: what it made of each crop. Its
 * crew only where a decode is light: passes fill all lanes by themselves.
 */
function plain(model: QueuedModel, made: WeakMap<Crop, Prepared>): LesionModel & Pick<QueuedModel["about"], "config"> {
  const { config, choice, members, head, decode } = model.about;
  const kept = (prepare: Model["prepare"]): Model["prepare"] => {
    return async (crop, task = {}) => {
      const prepared = await prepare(crop, task);
      made.set(crop, prepared);
      return prepared;
    };
  };
  const { crew } = model.model;
  return {
    ...{ config, choice, members, head },
    prepare: kept((crop, task = {}) => model.prepare(crop, task)),
    ...(crew && decode && { crew: { lanes: crew.lanes, prepare: kept((crop, task) => crew.prepare(crop, task)) } }),
    draw: (prepared, choices, want, task) => model.draw(prepared, choices, want, "soon", task),
  };
}
