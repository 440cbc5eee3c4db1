import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Decoder, Draw, Encoding, HeadWeights, Samples, Task } from "../core/network/encoding.ts";
import type { Model } from "../core/network/model.ts";
import type { MeanAndVariance } from "../core/network/statistics.ts";
import { drawFrom, epsilonFor } from "../core/random/draws.ts";
import { type Crop, cropRegion, REGION } from "../core/values/region.ts";
import type { Slice } from "../core/values/slice.ts";
import {
  addToStitch,
  type Stitch,
  startStitch,
  stitchCentres,
  stitchedMeanAndVariance,
  stitchWeights,
} from "../core/values/stitch.ts";

/** Decodes regions and joins them; the same in this thread and in a worker, where the samples then stay. */
export interface Stitcher {
  start(width: number, height: number, count: number): Promise<void>;
  /** `encoding` null: nothing is there, every sample is 0. @throws WorkerLost where the start was not heard of */
  add(region: Region, task?: Task): Promise<void>;
  /** Over the stitched samples, [H, W]. */
  finish(): Promise<MeanAndVariance>;
}

export interface Region {
  readonly centre: readonly [number, number];
  readonly encoding: Encoding | null;
  readonly draws: readonly Draw[];
}

export interface WholeSliceInput {
  readonly head: HeadWeights;
  readonly slice: Slice;
  readonly seed: number;
  readonly count: number;
  /** Of the local fields; 1 = as trained. */
  readonly strength?: number;
}

/**
 * Where graders would disagree in a whole slice: overlapping regions, each under its own prior, the same ε in all of
 * them, joined by smooth weights. While one region is decoded the next are encoded, as many at once as the model's crew
 * has lanes. A region without contrast counts as empty. Begins once more where a worker died on the way.
 *
 * Neighbours share no part of the network's work, although they overlap: each is scaled by its own least and largest
 * value, as the training crops were, has zeros around it, and is doubled with aligned corners, which depends on the
 * size. Of a made-up chest of 512×512 one scale alone moves P at z = 0 by up to .99 (default model), and one tile in
 * place of 25 by more than .01 at 1.9 % of the pixels: another picture, not the same in less time.
 * @throws what encode and decode throw; Aborted
 */
export async function mapWholeSlice(
  model: Pick<Model, "prepare" | "crew">,
  stitcher: Stitcher,
  input: WholeSliceInput,
  task?: Task,
): Promise<MeanAndVariance> {
  try {
    return await mapOnce(model, stitcher, input, task);
  } catch (error) {
    if (!(error instanceof GraderspaceError && error.tag === "WorkerLost")) throw error;
    return mapOnce(model, stitcher, input, task);
  }
}

async function mapOnce(
  model: Pick<Model, "prepare" | "crew">,
  stitcher: Stitcher,
  { head, slice, seed, count, strength = 1 }: WholeSliceInput,
  task?: Task,
): Promise<MeanAndVariance> {
  const centres = stitchCentres(slice.width, slice.height);
  const signal = { ...(task?.signal && { signal: task.signal }) };
  const crew = model.crew ?? { lanes: 1, prepare: (crop: Crop, how?: Task) => model.prepare(crop, how) };
  const encode = async (centre: readonly [number, number] | undefined): Promise<Encoding | null> => {
    if (centre === undefined) return null;
    const crop = cropRegion(slice, ...centre);
    return crop.constant ? null : (await crew.prepare(crop, signal)).encoding;
  };
  const epsilons = Array.from({ length: count }, (_, n) => epsilonFor(seed, 0, n, head, REGION, REGION));
  await stitcher.start(slice.width, slice.height, count);
  const ahead: Promise<Encoding | null>[] = [];
  const begin = (k: number) => {
    const encoding = encode(centres[k]);
    encoding.catch(() => undefined); // awaited when its turn comes, if it does
    ahead.push(encoding);
  };
  for (let k = 0; k < crew.lanes; k++) begin(k);
  for (const [k, centre] of centres.entries()) {
    const encoding = (await ahead.shift()) ?? null;
    begin(k + crew.lanes);
    const draws = encoding ? epsilons.map((epsilon) => drawFrom(encoding.prior, epsilon, strength)) : [];
    await stitcher.add({ centre, encoding, draws }, signal);
    throwIfAborted(task?.signal);
    task?.onProgress?.((k + 1) / centres.length);
  }
  return stitcher.finish();
}

export class LocalStitcher implements Stitcher {
  readonly #decoder: Decoder;
  readonly #weights = stitchWeights();
  #stitch: Stitch | null = null;

  /** The decoder is used by this stitcher alone: another picture is opened on it for every region. */
  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  async start(width: number, height: number, count: number): Promise<void> {
    this.#stitch = startStitch(width, height, count);
  }

  async add({ centre, encoding, draws }: Region, task?: Task): Promise<void> {
    const stitch = this.#stitch ?? fail();
    const samples = encoding ? await this.#decode(encoding, draws, task) : nothing(stitch.count);
    addToStitch(stitch, samples, centre, this.#weights);
  }

  async finish(): Promise<MeanAndVariance> {
    const stitch = this.#stitch ?? fail();
    this.#stitch = null; // count · width · height numbers are not kept
    return stitchedMeanAndVariance(stitch);
  }

  async #decode(encoding: Encoding, draws: readonly Draw[], task?: Task): Promise<Samples> {
    this.#decoder.open(encoding);
    const { samples } = await this.#decoder.decode(draws, { samples: true }, task);
    return samples as Samples;
  }
}

function fail(): never {
  throw new GraderspaceError("WorkerLost", { problem: say`the work on this slice was stopped by the browser` });
}

function nothing(count: number): Samples {
  return { count, width: REGION, height: REGION, probabilities: new Float32Array(count * REGION * REGION) };
}
