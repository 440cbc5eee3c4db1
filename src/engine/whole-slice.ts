import { drawMany } from "../core/draws.ts";
import type { Decoder, Encoding, HeadWeights, Samples, Task } from "../core/encoding.ts";
import { throwIfAborted } from "../core/errors.ts";
import { type Crop, cropRegion, REGION } from "../core/region.ts";
import type { Slice } from "../core/slice.ts";
import { addToStitch, startStitch, stitchCentres, stitchedSamples, stitchWeights } from "../core/stitch.ts";
import type { Engine } from "./engine.ts";

export interface WholeSliceInput {
  readonly engine: Pick<Engine, "encode">;
  /** One of its own: another picture is opened on it for every region. */
  readonly decoder: Decoder;
  readonly head: HeadWeights;
  readonly slice: Slice;
  readonly seed: number;
  readonly count: number;
  /** Of the local fields; 1 = as trained. */
  readonly strength?: number;
}

/**
 * Samples of a whole slice, [N, H, W]: overlapping regions, each under its own prior, the same ε in all of them, joined
 * by smooth weights. While one region is decoded the next is encoded. A region without contrast is left at 0: there is
 * nothing in it. @throws what encode and decode throw; Aborted
 */
export async function sampleWholeSlice(input: WholeSliceInput, task?: Task): Promise<Samples> {
  const { engine, slice, count } = input;
  const centres = stitchCentres(slice.width, slice.height);
  const weights = stitchWeights();
  const stitch = startStitch(slice.width, slice.height, count);
  const encode = (k: number) => encodeRegion(engine, slice, centres[k], task);
  let next = encode(0);
  for (const [k, centre] of centres.entries()) {
    const encoding = await next;
    next = encode(k + 1);
    next.catch(() => undefined); // awaited in the next round, if there is one
    addToStitch(stitch, encoding ? await decodeRegion(input, encoding, task) : nothing(count), centre, weights);
    throwIfAborted(task?.signal);
    task?.onProgress?.((k + 1) / centres.length);
  }
  return stitchedSamples(stitch);
}

/** Null for a region without contrast, and past the last one. */
async function encodeRegion(
  engine: Pick<Engine, "encode">,
  slice: Slice,
  centre: readonly [number, number] | undefined,
  task: Task | undefined,
): Promise<Encoding | null> {
  if (centre === undefined) return null;
  const crop: Crop = cropRegion(slice, ...centre);
  return crop.constant ? null : engine.encode(crop, { signal: task?.signal });
}

async function decodeRegion(input: WholeSliceInput, encoding: Encoding, task: Task | undefined): Promise<Samples> {
  const { decoder, head, seed, count, strength } = input;
  decoder.open(encoding);
  const draws = drawMany(encoding.prior, head, encoding, { seed, count, ...(strength !== undefined && { strength }) });
  const { samples } = await decoder.decode(draws, { samples: true }, { signal: task?.signal });
  return samples as Samples;
}

function nothing(count: number): Samples {
  return { count, width: REGION, height: REGION, probabilities: new Float32Array(count * REGION * REGION) };
}
