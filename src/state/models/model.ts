import { hasPosterior } from "../../core/config/model-config.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Decoded, Draw, Posterior, Task, Want } from "../../core/network/encoding.ts";
import type { Insides } from "../../core/network/inside/inner-maps.ts";
import { infoOf, type Model, type ModelInfo, type Prepared } from "../../core/network/model.ts";
import { statisticsOf } from "../../core/network/statistics.ts";
import { withRule } from "../../core/network/with-decoder.ts";
import { type Choices, choicesOneByOne } from "../../core/random/choices.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { State } from "../app/shape.ts";
import { Queue, type Urgency } from "./queue.ts";

/**
 * A model at work for a page that moves: what is urgent overtakes what is not. Where every sample is a pass of its own,
 * samples are asked for one by one, so that a moved slider waits for one pass at most, and not for the rest of the strip.
 */
export class QueuedModel {
  readonly about: ModelInfo;
  readonly model: Model;
  private readonly queue: Queue;

  constructor(model: Model) {
    const oneByOne = model.decode !== null || model.choice === "head"; // all heads come of one look
    this.queue = new Queue(oneByOne ? 1 : model.crew?.lanes);
    this.about = infoOf(model);
    this.model = model;
  }

  /** @throws as `Model.prepare` */
  prepare(crop: Crop, task: Task): Promise<Prepared> {
    return this.model.prepare(crop, task);
  }

  /** @throws as `Model.draw` */
  async draw(prepared: Prepared, choices: Choices, want: Want, urgency: Urgency, task: Task = {}): Promise<Decoded> {
    const { model, queue } = this;
    const { signal } = task;
    if (model.decode) return queue.run(urgency, signal, () => model.draw(prepared, choices, want, task));
    const single = choicesOneByOne(choices);
    const { size } = prepared.crop;
    const pixels = size ** 2;
    const probabilities = new Float32Array(single.length * pixels);
    let done = 0;
    const drawn = async (choice: Choices, n: number) => {
      const pass = () => model.draw(prepared, choice, { samples: true }, signal ? { signal } : {});
      const { samples } = await queue.run(urgency, signal, pass);
      if (!samples) throw new GraderspaceError("BadArgument", { problem: say`the system gave no sample` });
      probabilities.set(samples.probabilities, n * pixels);
      task.onProgress?.(++done / single.length);
    };
    await Promise.all(single.map(drawn));
    const samples = { count: single.length, width: size, height: size, probabilities };
    const decoded = { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsOf(samples) }) };
    return withRule(decoded, this.about.config);
  }

  /** @throws BadArgument where every sample is a pass of its own; as `Model.drawEach` */
  drawEach(prepared: readonly Prepared[], draws: readonly Draw[], urgency: Urgency): Promise<readonly Float32Array[]> {
    return this.queue.run(urgency, undefined, async () => {
      const found = await this.model.drawEach?.(prepared, draws);
      if (found) return found;
      throw new GraderspaceError("BadArgument", { problem: say`${this.about.config.name} has no light decode` });
    });
  }

  /** Frees what `drawEach` holds. */
  forget(): void {
    this.model.forget?.();
  }

  /** Where graders' masks lie in z. @throws BadArgument where the model has no z; as `Model.prepare` */
  async posteriors(prepared: Prepared, masks: readonly Mask[], task: Task): Promise<readonly Posterior[]> {
    const found = await this.model.posteriors?.(prepared, masks, task);
    if (found?.length === masks.length) return found;
    throw new GraderspaceError("BadArgument", { problem: say`${this.about.config.name} has no posterior` });
  }

  /** @throws BadArgument where every sample is a pass of its own; as `Model.prepare` */
  async lookInside(prepared: Prepared, task: Task): Promise<Insides> {
    const found = await this.model.lookInside?.(prepared, task);
    if (found) return found;
    throw new GraderspaceError("BadArgument", { problem: say`${this.about.config.name} has no levels to look at` });
  }

  dispose(): void {
    this.queue.clear();
    this.model.dispose();
  }
}

/** Whether the model has a z: prior, posterior, sliders and plane come with it. */
export function hasZ(state: State): boolean {
  return state.model?.value.head != null;
}

/** Whether graders have a place in z: their marks, `As grader` and KL come with it. */
export function placesGraders(state: State): boolean {
  return state.model !== null && hasPosterior(state.model.value.config);
}

/** Whether the wanted model is the one that is loaded: until then nothing is asked of it. */
export function modelIsThere({ model, intent }: State): boolean {
  return model !== null && model.key === intent.model;
}

/** Whether a decode fits into a frame: then the plane's masks and the map of the whole slice are affordable. */
export function isQuick(state: State): boolean {
  return state.model?.value.decode != null;
}
