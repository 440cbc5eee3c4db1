import { GraderspaceError } from "../../core/errors.ts";
import type { Decoded, Gaussian, Task, Want } from "../../core/network/encoding.ts";
import { addSamples, startSums, statisticsFrom } from "../../core/network/statistics.ts";
import { type Choices, choicesOneByOne } from "../../core/random/choices.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { Sampler } from "../../engine/engine.ts";
import type { Encoded } from "../app/shape.ts";
import { DecodeQueue, type Urgency } from "./queue.ts";
import type { Loaded, System } from "./system.ts";

/**
 * A system that makes each sample by a pass of its own. Samples are asked for one by one, so that a moved slider waits
 * for one pass at most, and not for the rest of the strip.
 */
export class SamplingSystem implements System {
  readonly about: Loaded;
  private readonly sampler: Sampler;
  private readonly queue: DecodeQueue<Crop, Choices>;
  /** The crop of the last `prepare` that was sent: the sampler answers for no other. */
  private prepared: Crop | null = null;

  constructor(sampler: Sampler) {
    const { config, choice, members, head, backend = null } = sampler;
    this.about = { config, choice, members, head, decode: null, backend };
    this.sampler = sampler;
    let crop: Crop | null = null;
    this.queue = new DecodeQueue({
      open: (next) => {
        crop = next;
      },
      decode: async ([choices], want, task) => {
        if (this.prepared !== crop && crop) await this.send(crop, task);
        return this.sampler.draw(choices as Choices, want, task);
      },
      dispose: () => sampler.dispose(),
    });
  }

  async prepare(crop: Crop, task: Task): Promise<Encoded> {
    return { crop, prior: await this.send(crop, task), encoding: null };
  }

  async draw({ crop }: Encoded, choices: Choices, want: Want, urgency: Urgency, task?: Task): Promise<Decoded> {
    const single = choicesOneByOne(choices);
    const [width, height, pixels] = [crop.size, crop.size, crop.size ** 2];
    const probabilities = new Float32Array(single.length * pixels);
    const sums = startSums(pixels);
    for (const [n, choice] of single.entries()) {
      const { samples } = await this.queue.decode(crop, [choice], { samples: true }, urgency, signalOf(task));
      if (!samples) throw new GraderspaceError("BadArgument", { problem: "the system gave no sample" });
      probabilities.set(samples.probabilities, n * pixels);
      if (want.statistics) addSamples(sums, samples);
      task?.onProgress?.((n + 1) / single.length);
    }
    const samples = { count: single.length, width, height, probabilities };
    return { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsFrom(sums) }) };
  }

  async posterior({ crop }: Encoded, mask: Mask, task: Task): Promise<Gaussian> {
    if (this.prepared !== crop) await this.send(crop, task);
    const [posterior] = (await this.sampler.posteriors([mask], task)) ?? [];
    if (posterior) return posterior;
    throw new GraderspaceError("BadArgument", { problem: `${this.about.config.name} has no posterior` });
  }

  dispose(): void {
    this.queue.dispose();
  }

  /** Calls reach the sampler in the order in which they are sent, so what is sent next speaks of this crop. */
  private async send(crop: Crop, task?: Task): Promise<Gaussian | null> {
    this.prepared = crop;
    try {
      return (await this.sampler.prepare(crop.values, crop.size, task)).prior;
    } catch (error) {
      if (this.prepared === crop) this.prepared = null;
      throw error;
    }
  }
}

/** Progress is counted over all passes, not within one. */
function signalOf(task?: Task): Task {
  return task?.signal ? { signal: task.signal } : {};
}
