import { isAbort, throwIfAborted } from "../../core/errors.ts";
import type { Statistics, Task } from "../../core/network/encoding.ts";
import { cutMask } from "../../core/values/mask-placement.ts";
import { cropRegion } from "../../core/values/region.ts";
import { emptyMask } from "../../core/values/slice.ts";
import { sampleAt } from "../../core/values/threshold.ts";
import type { WholeSliceInput } from "../../engine/whole-slice.ts";
import { KeyedTask } from "../app/keyed-task.ts";
import { sentenceOf, tell } from "../app/notices.ts";
import type { EnginePort, Ports } from "../app/ports.ts";
import type { JobName, State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { keepFrame, readFrame } from "../cases/frames.ts";
import type { Library } from "../cases/library.ts";
import { frameKey, frameOnScreen, regionCentre } from "../cases/on-screen.ts";
import { fetchModel, modelNamed } from "../models/load.ts";
import { hasZ, isQuick, modelIsThere, QueuedModel } from "../models/model.ts";
import { currentKey } from "./busy.ts";
import { encodedIsFresh, encodeKey, samplesKey } from "./keys.ts";
import { slidersAreModes, slidersOf } from "./latent/directions.ts";
import { lesionBox } from "./latent/little-mask.ts";
import { endsOf, findModes } from "./latent/modes.ts";
import { fillPlane, planeKey } from "./latent/plane.ts";
import { nextUnplaced, type Unplaced } from "./latent/posteriors.ts";
import { whyUnreachable } from "./latent/unreachable.ts";
import { choicesFor, countOf, currentChoices, drawsIn, shownInStrip } from "./samples.ts";

/** A frame at 60 Hz, a little less: timers are not exact. */
const FRAME_MS = 15;

/**
 * Keeps what is on the screen in step with what is wanted: after every change each stage compares the key of what it
 * has with the key of what is wanted, and runs where they differ. Nothing else starts work.
 */
export class Conductor {
  private readonly store: ExplorerStore;
  private readonly ports: Ports;
  private readonly library: Library;
  private readonly stages: Record<
    "model" | "case" | "encode" | "samples" | "plane" | "modes" | "ends" | "posterior",
    KeyedTask
  >;
  private port: EnginePort | null = null;
  private system: QueuedModel | null = null;
  private frameAsked = false;
  private decoding = false;
  private decodedAt = Number.NEGATIVE_INFINITY;
  /** The z that the decoder failed on: not asked again. */
  private undecodable: string | null = null;
  private readonly unsubscribe: () => void;

  constructor(store: ExplorerStore, ports: Ports, library: Library) {
    this.store = store;
    this.ports = ports;
    this.library = library;
    this.stages = {
      case: new KeyedTask(store, "case", "Reading the slice"),
      model: new KeyedTask(store, "model", "Loading the model"),
      encode: new KeyedTask(store, "encode", "Looking at the region"),
      samples: new KeyedTask(store, "samples", "Drawing samples"),
      plane: new KeyedTask(store, "plane", "Filling the latent plane"),
      modes: new KeyedTask(store, "modes", "Finding the modes of this case"),
      ends: new KeyedTask(store, "ends", "Decoding the sliders' ends"),
      posterior: new KeyedTask(store, "posterior", "Placing the graders"),
    };
    this.unsubscribe = store.subscribe(() => this.follow());
    this.follow();
  }

  dispose(): void {
    this.unsubscribe();
    for (const stage of Object.values(this.stages)) stage.stop();
    this.system?.dispose();
    this.port?.dispose();
  }

  /** Ends the work that is shown as running. */
  cancel(job: JobName): void {
    if (job in this.stages) this.stages[job as keyof typeof this.stages].cancel();
  }

  /** Tries again what failed or was cancelled. */
  retry(): void {
    this.undecodable = null;
    for (const stage of Object.values(this.stages)) stage.retry();
  }

  private following = false;
  private again = false;

  /** Stages change the state while they start: one pass at a time, and another where something changed meanwhile. */
  private follow(): void {
    this.again = true;
    if (this.following) return;
    this.following = true;
    while (this.again) {
      this.again = false;
      this.step(this.store.getState());
    }
    this.following = false;
  }

  private step(state: State): void {
    const { stages } = this;
    const frame = frameKey(state);
    stages.case.want(frame, frameOnScreen(state) ? (frame as string) : undefined, () => this.readCase(state));
    stages.model.want(state.intent.model || null, state.model?.key, (task, say) =>
      this.loadOrGoBack(state.intent.model, task, say),
    );
    const unreachable = whyUnreachable(state, (key) => stages.posterior.hasFailed(key));
    if (unreachable !== null) {
      this.store.settle(({ intent }) => ({ intent: { ...intent, z: { ...intent.z, source: { kind: "mean" } } } }));
      return tell(this.store, "alert", unreachable);
    }
    const held = modelIsThere(state);
    const encode = held ? encodeKey(state) : null;
    stages.encode.want(encode, state.encoded?.key, (task) => this.encode(encode as string, state, task));
    const encoded = encodedIsFresh(state);
    const samples = encoded ? samplesKey(state) : null;
    stages.samples.want(samples, state.drawn?.key, (task) => this.drawSamples(samples as string, state, task));
    this.askFrame();
    const settled = samples !== null && state.drawn?.key === samples;
    const encodedKey = state.encoded?.key ?? null;
    const modes = settled && slidersAreModes(state) ? encodedKey : null;
    stages.modes.want(modes, state.modes?.key, (task) => this.findModes(modes as string, state, task));
    const axes = settled && hasZ(state) && !slidersAreModes(state) ? encodedKey : null;
    stages.ends.want(axes, state.ends?.key, (task) => this.decodeEnds(axes as string, state, task));
    const missing = settled && held ? nextUnplaced(state, (key) => stages.posterior.hasFailed(key)) : null;
    stages.posterior.want(missing?.key ?? null, undefined, (task) => this.place(missing as Unplaced, state, task));
    const plane = settled ? planeKey(state) : null;
    const filled = state.plane && state.plane.value.done === state.plane.value.cells.length;
    stages.plane.want(plane, filled ? state.plane?.key : undefined, (task) =>
      fillPlane(this.store, this.system as QueuedModel, this.ports.now, task),
    );
  }

  private async findModes(key: string, state: State, task: Task): Promise<void> {
    const [encoded, drawn] = [state.encoded?.value, state.drawn?.value];
    if (!encoded || !drawn || !this.system) return;
    const value = await findModes(this.system, encoded, drawn.statistics.mean, state.intent.threshold, task);
    throwIfAborted(task.signal);
    this.store.setState({ modes: { key, value } });
  }

  private async decodeEnds(key: string, state: State, task: Task): Promise<void> {
    if (!state.encoded || !state.drawn || !this.system) return;
    const axes = slidersOf(state);
    const { statistics, samples } = state.drawn.value;
    const box = lesionBox(statistics.mean, samples);
    const vectors = axes.map(({ vector }) => vector);
    const ends = await endsOf(this.system, state.encoded.value, vectors, box, state.intent.threshold, task);
    throwIfAborted(task.signal);
    const value = Object.fromEntries(axes.flatMap(({ name }, i) => (ends[i] ? [[name, ends[i]]] : [])));
    this.store.setState({ ends: { key, value } });
  }

  private async readCase(state: State): Promise<void> {
    const { caseId, frame } = state.intent;
    if (caseId === null) return;
    const found = state.cases.get(caseId) ?? (await this.library.read(caseId));
    const index = frame < found.frames ? frame : found.frame;
    keepFrame(this.store, found, await readFrame(this.store, found, index));
    if (index !== frame) this.store.settle(({ intent }) => ({ intent: { ...intent, frame: index } }));
  }

  /** A model that cannot be loaded gives way to the one before, so that the case stays on the screen. */
  private async loadOrGoBack(name: string, task: Task, say: (what: string) => void): Promise<void> {
    const before = this.store.getState().model?.key;
    try {
      await this.loadModel(name, task, say);
    } catch (error) {
      if (before === undefined || isAbort(error)) throw error;
      tell(this.store, "alert", sentenceOf(error));
      this.store.settle(({ intent }) => ({ model: null, intent: { ...intent, model: before } }));
    }
  }

  private async loadModel(name: string, task: Task, say: (what: string) => void): Promise<void> {
    const choice = modelNamed(this.store.getState(), name);
    const port = await this.start();
    const model = await fetchModel(port, this.library, choice, task, say);
    const before = this.system;
    this.system = new QueuedModel(model);
    this.store.setState({ model: { key: name, value: this.system.about }, backend: model.report() });
    before?.dispose();
  }

  /** Maps of a whole slice by the model on the screen. */
  async wholeSlice(input: WholeSliceInput, task: Task): Promise<Statistics | null> {
    return this.port && this.system && this.port.wholeSlice(this.system.model, input, task);
  }

  /** The engine, started on first use. */
  async start(): Promise<EnginePort> {
    this.port ??= await this.ports.engine();
    return this.port;
  }

  private async encode(key: string, state: State, task: Task): Promise<void> {
    const frame = frameOnScreen(state);
    const centre = regionCentre(state);
    if (!frame || !centre || !this.system || !state.model) return;
    const crop = cropRegion(frame.slice, centre[0], centre[1], state.model.value.config.preprocessing.size);
    const value = await this.system.prepare(crop, task);
    throwIfAborted(task.signal);
    // The report is another one after a loss, and knows how long the encode took.
    this.store.setState({ encoded: { key, value }, backend: this.system.model.report() });
  }

  private async drawSamples(key: string, state: State, task: Task): Promise<void> {
    if (!state.encoded || !state.model || !this.system) return;
    const encoded = state.encoded.value;
    const choices = choicesFor(state, state.model.value, encoded, countOf(state));
    const { samples, statistics } = await this.system.draw(
      encoded,
      choices,
      { samples: true, statistics: true },
      "soon",
      task,
    );
    throwIfAborted(task.signal);
    if (!samples || !statistics) return;
    this.store.setState({ drawn: { key, value: { draws: drawsIn(choices), samples, statistics } } });
  }

  private async place(missing: Unplaced, state: State, task: Task): Promise<void> {
    if (!this.system || !state.encoded) return;
    const { origin, size } = state.encoded.value.crop;
    const mask = missing.mask ? cutMask(missing.mask, origin, size) : emptyMask(size, size);
    const posterior = await this.system.posterior(state.encoded.value, mask, task);
    throwIfAborted(task.signal);
    const here = `${state.encoded.key}|`; // those of other regions are not shown any more
    this.store.setState(({ posteriors }) => ({
      posteriors: {
        ...Object.fromEntries(Object.entries(posteriors).filter(([key]) => key.startsWith(here))),
        [missing.key]: posterior,
      },
    }));
  }

  /**
   * One decode per frame: the first at once, those that follow within the frame at the next one, and then only the last
   * z. A result of the same encoding is shown even where z has moved on meanwhile.
   */
  private askFrame(): void {
    if (this.frameAsked || this.decoding || !this.wantsDecode(this.store.getState())) return;
    this.frameAsked = true;
    const decode = () => {
      this.frameAsked = false;
      void this.decodeCurrent();
    };
    if (this.ports.now() - this.decodedAt >= FRAME_MS) queueMicrotask(decode);
    else this.ports.frame(decode);
  }

  private wantsDecode(state: State): boolean {
    const key = currentKey(state);
    if (key === this.undecodable) return false;
    if (key === null || this.system === null || !encodedIsFresh(state)) return false;
    return state.current?.key !== key && state.failures.samples?.key !== samplesKey(state);
  }

  private async decodeCurrent(): Promise<void> {
    const state = this.store.getState();
    const key = currentKey(state);
    const drawn = this.wantsDecode(state) ? drawnAlready(state) : null;
    if (drawn && key !== null) {
      this.store.setState({ current: { key, value: drawn } });
      return;
    }
    const choices = this.wantsDecode(state) ? currentChoices(state) : null;
    if (!choices || key === null || !state.encoded || !this.system) return;
    this.decoding = true;
    this.decodedAt = this.ports.now();
    try {
      const { samples } = await this.system.draw(state.encoded.value, choices, { samples: true }, "now");
      this.decoding = false;
      if (samples && this.store.getState().encoded === state.encoded) {
        this.store.setState({ current: { key, value: samples.probabilities } });
      }
    } catch (error) {
      // The same system draws the samples: their stage tells the person. One that was closed gave way to another.
      this.decoding = false;
      if (!isAbort(error)) this.undecodable = key;
    }
    this.askFrame();
  }
}

/** P(lesion) of what is shown large where the strip has it and another pass would cost more than a frame. */
function drawnAlready(state: State): Float32Array | null {
  const index = isQuick(state) ? null : shownInStrip(state);
  if (index === null || state.drawn?.key !== samplesKey(state)) return null;
  return sampleAt(state.drawn.value.samples, index).slice();
}
