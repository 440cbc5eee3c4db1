import { isAbort, throwIfAborted } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { partsOfLesion } from "../../core/lesion/grow.ts";
import type { Task } from "../../core/network/encoding.ts";
import { encodingBytes, HELD_BYTES, Held } from "../../core/network/held.ts";
import type { Prepared } from "../../core/network/model.ts";
import { draw } from "../../core/random/gaussian.ts";
import { emptyMask, type Mask } from "../../core/values/slice.ts";
import { maskOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import { sentenceOf, tell } from "../app/notices.ts";
import type { Ports } from "../app/ports.ts";
import type { State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { InStep } from "../app/work/in-step.ts";
import { KeyedTask } from "../app/work/keyed-task.ts";
import { OncePerFrame } from "../app/work/once-per-frame.ts";
import { regionCentre } from "../cases/on-screen.ts";
import { currentU, sigmaOf } from "../explore/latent/z.ts";
import { isQuick, type QueuedModel } from "../models/model.ts";
import { lesionKey, lesionOnScreen, startSlice } from "./keys.ts";
import { readerKey, readerSlices } from "./reader-keys.ts";

/** How to find what belongs to the lesion on the screen of masks of its slices: the same at every move of a slider. */
const partOnScreen = derive(
  (state: State) => {
    const followed = lesionOnScreen(state);
    const [centre, origin] = [regionCentre(state), followed?.origin];
    const point = centre && origin ? ([centre[0] - origin[0], centre[1] - origin[1]] as const) : null;
    return [followed?.found?.grown, startSlice(state), point?.[0], point?.[1]] as const;
  },
  (grown, start, x, y) =>
    grown && start !== null && x !== undefined && y !== undefined
      ? partsOfLesion(grown, { start, point: [x, y] })
      : null,
);

/**
 * What the z on the sliders shows through all slices of the lesion on the screen: one z in σ of each slice's own prior
 * (as the coupling `same-z` ties draws), without local fields, all slices decoded in one go, once a frame. While the
 * lesion's view is shown, the encodings of its slices are kept, here and with the decoder, at most HELD_BYTES in each
 * place; once it is left, neither keeps any.
 */
export class ReaderThroughSlices {
  private readonly store: ExplorerStore;
  private readonly model: () => QueuedModel | null;
  private readonly preparing: KeyedTask;
  private readonly decoding: OncePerFrame;
  private readonly inStep: InStep;
  /** The lesion whose slices are kept, and what the model made of each by its number in the series. */
  private lesion: string | null = null;
  private kept = new Held<Prepared>(HELD_BYTES);

  constructor(store: ExplorerStore, ports: Pick<Ports, "frame" | "now">, model: () => QueuedModel | null) {
    this.store = store;
    this.model = model;
    this.preparing = new KeyedTask(store, "reader", say`Looking at the lesion's slices`);
    this.decoding = new OncePerFrame(
      ports,
      () => this.wanted(),
      (key) => this.decode(key),
    );
    this.inStep = new InStep([store], () => this.follow());
  }

  /** A slice that was looked at for the lesion anyway is not looked at again. */
  keep(lesion: string, slice: number, prepared: Prepared): void {
    const { encoding } = prepared;
    if (this.lesion === lesion && encoding) this.kept.put(slice, encodingBytes(encoding), () => prepared);
  }

  cancel(): void {
    this.preparing.cancel();
  }

  retry(): void {
    this.preparing.retry();
    this.decoding.retry();
    this.inStep.follow();
  }

  dispose(): void {
    this.inStep.dispose();
    this.preparing.stop();
  }

  private follow(): void {
    const state = this.store.getState();
    const key = lesionKey(state);
    if (state.lesionReader && state.lesionReader.value.lesion !== key) this.store.setState({ lesionReader: null });
    const shown = state.view === "lesion" && isQuick(state) ? key : null;
    if (shown !== this.lesion) {
      if (this.lesion !== null) this.model()?.forget();
      [this.lesion, this.kept] = [shown, new Held<Prepared>(HELD_BYTES)];
    }
    const slices = shown === null ? [] : readerSlices(state);
    const ready = slices.every((slice) => this.kept.get(slice) !== null);
    this.preparing.want(slices.length > 0 ? shown : null, ready ? (shown ?? undefined) : undefined, (task) =>
      this.prepare(shown as string, slices, task),
    );
    this.decoding.follow();
  }

  private async prepare(lesion: string, slices: readonly number[], task: Task): Promise<void> {
    const crops = new Map(lesionOnScreen(this.store.getState())?.slices.map(({ index, crop }) => [index, crop]));
    for (const [done, slice] of slices.entries()) {
      const [crop, model] = [crops.get(slice), this.model()];
      if (this.kept.get(slice) === null && crop && model) {
        const prepared = await model.prepare(crop, task.signal ? { signal: task.signal } : {});
        throwIfAborted(task.signal);
        this.keep(lesion, slice, prepared);
      }
      task.onProgress?.((done + 1) / slices.length);
    }
  }

  private wanted(): string | null {
    const state = this.store.getState();
    const key = state.view === "lesion" && this.model() ? readerKey(state) : null;
    if (key === null || state.lesionReader?.key === key) return null;
    const slices = readerSlices(state);
    return slices.length > 0 && slices.every((slice) => this.kept.get(slice) !== null) ? key : null;
  }

  private async decode(key: string): Promise<void> {
    const state = this.store.getState();
    const [lesion, followed, sigma, model] = [lesionKey(state), lesionOnScreen(state), sigmaOf(state), this.model()];
    const partOf = partOnScreen(state);
    if (lesion === null || !followed?.found || !sigma || !model || !partOf) return;
    const slices = readerSlices(state);
    const prepared = slices.map((slice) => this.kept.get(slice) as Prepared);
    const u = currentU(state) ?? 0;
    const draws = prepared.map(({ prior }) => ({ z: prior ? draw(prior, sigma) : sigma, u }));
    const found = await model.drawEach(prepared, draws, "now").catch((error) => {
      if (!isAbort(error)) tell(this.store, "alert", sentenceOf(error));
      throw error;
    });
    if (this.lesion === null) model.forget(); // what it was given after the place was left
    if (lesionKey(this.store.getState()) !== lesion) return; // another one is on the screen by now
    const { threshold } = state.intent;
    const { grown } = followed.found;
    const { smallestPart } = model.about.config;
    const size = prepared[0]?.crop.size ?? 0;
    const marked = new Map(
      slices.map((slice, k) => [slice, maskOf(found[k] as Float32Array, size, size, threshold, smallestPart)]),
    );
    const stack = Array.from(
      { length: grown.last - grown.first + 1 },
      (_, s): Mask => marked.get(grown.first + s) ?? emptyMask(size, size),
    );
    const part = partOf(stack);
    const masks = new Map(slices.map((slice) => [slice, part[slice - grown.first] as Mask]));
    this.store.setState({ lesionReader: { key, value: { lesion, masks } } });
  }
}
