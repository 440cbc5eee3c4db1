import { dice, iou } from "../core/agreement.ts";
import type { Draw, Gaussian, Samples, Statistics } from "../core/encoding.ts";
import { placeMask } from "../core/placing.ts";
import { areaPx, type Grader, type Mask, type Slice } from "../core/slice.ts";
import { type Cell, float32Text, writeCsv } from "./csv.ts";
import { type NpzArray, writeNpz } from "./npz-write.ts";
import { pngOfMask } from "./png-write.ts";
import { type Session, writeSession } from "./session.ts";

/** Everything that leaves in one export: the samples of one region of one slice, and what they were made from. */
export interface SampleExport {
  /** Its size, spacing and geometry are used; its name never is. */
  readonly slice: Slice;
  /** Column and row of the region's first pixel in the slice. */
  readonly origin: readonly [number, number];
  readonly samples: Samples;
  readonly statistics: Statistics;
  /** What each sample was drawn from, in their order; empty z where the system has none. */
  readonly draws: readonly Draw[];
  /** Null where the system has no latent space. */
  readonly prior: Gaussian | null;
  /** As the model's head: one field per draw and spacing. */
  readonly fieldSpacings: readonly number[];
  /** P(lesion) at the prior mean, [H, W] of the region: asks for `mean.png`. */
  readonly priorMean?: Float32Array;
  /** In the slice's size. */
  readonly graders: readonly Grader[];
  readonly session: Session;
}

/**
 * `sample-001.png` … , `mean.png` where the prior mean is there, `maps.npz`, `samples.csv` and `session.json`: the
 * files of formats.md's `sample`, for the command line and the page alike. Same input, same bytes.
 */
export function exportSamples(input: SampleExport): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [index, mask] of sampleMasks(input).entries()) files[`${sampleName(index)}.png`] = pngOfMask(mask);
  if (input.priorMean) files["mean.png"] = pngOfMask(sliceMask(input, input.priorMean));
  files["maps.npz"] = mapsNpz(input);
  files["samples.csv"] = new TextEncoder().encode(samplesCsv(input));
  files["session.json"] = writeSession(input.session);
  return files;
}

/** `sample-001` for the first. */
export function sampleName(index: number): string {
  return `sample-${String(index + 1).padStart(3, "0")}`;
}

/** The samples' masks on the source's grid. */
export function sampleMasks(input: SampleExport): Mask[] {
  return probabilityMaps(input.samples).map((map) => sliceMask(input, map));
}

/** One map of the region [H, W], thresholded and put back into the slice. */
export function sliceMask(input: SampleExport, map: Float32Array): Mask {
  return placeMask(regionMask(input, map), input.origin, input.slice.width, input.slice.height);
}

function regionMask(input: SampleExport, map: Float32Array): Mask {
  const { width, height } = input.samples;
  const bits = new Uint8Array(width * height);
  for (let i = 0; i < bits.length; i++) bits[i] = (map[i] as number) >= input.session.threshold ? 1 : 0;
  return { width, height, bits };
}

function probabilityMaps({ count, width, height, probabilities }: Samples): Float32Array[] {
  const area = width * height;
  return Array.from({ length: count }, (_, n) => probabilities.subarray(n * area, (n + 1) * area));
}

/** What of a grader's mask lies in the region: the model answers for no more. A grader who drew nothing: empty. */
export function graderInRegion(input: SampleExport, grader: Grader): Mask {
  const { width, height } = input.samples;
  const [x0, y0] = input.origin;
  const bits = new Uint8Array(width * height);
  const mask = grader.mask;
  for (let y = 0; mask && y < Math.min(height, mask.height - y0); y++) {
    for (let x = 0; x < Math.min(width, mask.width - x0); x++) {
      bits[y * width + x] = mask.bits[(y0 + y) * mask.width + x0 + x] as number;
    }
  }
  return { width, height, bits };
}

function mapsNpz(input: SampleExport): Uint8Array {
  const { count, width, height, probabilities } = input.samples;
  const { mean, variance, entropy, mutualInformation } = input.statistics;
  const latent = input.draws[0]?.z.length ?? 0;
  const prior = input.prior ?? { mean: new Float32Array(0), logSigma: new Float32Array(0) };
  const size = [height, width];
  const arrays: Record<string, NpzArray> = {
    mean: { values: mean, shape: size },
    variance: { values: variance, shape: size },
    entropy: { values: entropy, shape: size },
    mutual_information: { values: mutualInformation, shape: size },
    probabilities: { values: probabilities, shape: [count, ...size] },
    z: { values: joined(input.draws.map((draw) => draw.z)), shape: [input.draws.length, latent] },
    prior_mean: { values: prior.mean, shape: [prior.mean.length] },
    prior_sigma: { values: prior.logSigma.map((logSigma) => Math.exp(logSigma)), shape: [prior.logSigma.length] },
    origin: { values: Int32Array.from(input.origin), shape: [2] },
  };
  for (const [index, spacing] of input.fieldSpacings.entries()) {
    const shape = [input.draws.length, Math.ceil(height / spacing), Math.ceil(width / spacing)];
    arrays[`field_${spacing}`] = {
      values: joined(input.draws.map((draw) => draw.fields?.[index] ?? new Float32Array(0))),
      shape,
    };
  }
  if (input.graders.length > 0) {
    const masks = input.graders.map((grader) => graderInRegion(input, grader).bits);
    const values = new Uint8Array(masks.length * width * height);
    for (const [index, bits] of masks.entries()) values.set(bits, index * width * height);
    arrays["graders"] = { values, shape: [masks.length, ...size] };
  }
  return writeNpz(arrays);
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** One row per sample; Dice and IoU with each grader within the region, ∅ with ∅ = 1. */
function samplesCsv(input: SampleExport): string {
  const latent = input.draws[0]?.z.length ?? 0;
  const graders = input.graders.map((grader) => graderInRegion(input, grader));
  const spacing = input.slice.spacingMm;
  const numbers = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
  const header = [
    "sample",
    "seed",
    ...numbers("z", latent),
    "area_px",
    "area_mm2",
    "empty",
    ...numbers("dice_", graders.length),
    ...numbers("iou_", graders.length),
  ];
  const inSlice = sampleMasks(input);
  const rows = probabilityMaps(input.samples).map((map, index): Cell[] => {
    const mask = regionMask(input, map);
    const area = areaPx(inSlice[index] as Mask);
    return [
      index + 1,
      input.session.choice.seed,
      ...Array.from(input.draws[index]?.z ?? [], (z) => Number(float32Text(z))),
      area,
      spacing ? rounded(area * spacing[0] * spacing[1]) : null,
      area === 0 ? 1 : 0,
      ...graders.map((grader) => rounded(dice(mask, grader))),
      ...graders.map((grader) => rounded(iou(mask, grader))),
    ];
  });
  return writeCsv(header, rows);
}

/** Six significant digits: more would claim what the pixels do not know. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
