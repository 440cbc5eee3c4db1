import { type Icc, icc11 } from "../agreement/icc.ts";
import { bootstrapMean } from "../measures/bootstrap.ts";
import { linearQuantile } from "../measures/quantile.ts";
import { type DecidedSize, decisionOf, isBelow, type Threshold } from "./decisions.ts";
import type { LesionSize } from "./reader-sizes.ts";
import type { SampledLesion } from "./sample-lesion.ts";
import {
  centralInterval,
  covered,
  crpsEnsemble,
  crpsNormal,
  fitLognormal,
  type LognormalLaw,
  ratioOfFour,
} from "./volume-law.ts";

/** One lesion whose readers all drew, with a model's samples of it where there is a model. */
export interface ReadLesion {
  readonly patient: unknown;
  /** Volume of one voxel, mm³: what a mask that is empty counts as where a logarithm is taken of it. */
  readonly voxelMm3: number;
  readonly graders: readonly LesionSize[];
  readonly sampled: SampledLesion | null;
}

/** What readers make of lesions, and how often they would decide differently. */
export interface ReadersFigures {
  readonly iccVolume: Icc | null;
  readonly iccLogVolume: Icc | null;
  readonly iccLongAxis: Icc | null;
  /** Median over lesions of the largest to the smallest of four volumes (of samples: the mean over all fours). */
  readonly volumeRatio: number | null;
}

export interface Flips {
  /** Share of the pairs of readers on different sides, its mean over lesions, and that mean's 95 % interval by patients. */
  readonly pairs: number;
  readonly low: number;
  readonly high: number;
  /** Share of the lesions with readers on both sides. */
  readonly any: number;
}

/** How a model's volumes stand to the graders'. */
export interface VolumeFigures {
  readonly crpsLogVolume: number;
  readonly coverage90: number;
  readonly coverage50: number;
  /** Mean of log(high/low) of the 90 % intervals, and of the 50 % ones. */
  readonly width90Log: number;
  readonly width50Log: number;
  /** CRPS of: the samples' majority mask, their medoid, a lognormal law about their mean mask. */
  readonly baselines: { readonly majority: number; readonly bestSingle: number; readonly lognormal: number | null };
  /** Lesions on which fewer than half of the samples drew, and those on which none did: these are in no figure here. */
  readonly fewDrew: number;
  readonly noneDrew: number;
}

const drewSomething = ({ volumeMm3 }: LesionSize) => volumeMm3 > 0;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const byGraders = ({ graders }: ReadLesion) => graders;
const bySamples = ({ sampled }: ReadLesion) => sampled?.sizes.filter(drewSomething) ?? [];

/** The graders' own figures. */
export function gradersFigures(lesions: readonly ReadLesion[]): ReadersFigures {
  return readersFigures(lesions.map(byGraders));
}

/** The same of a model's samples, as if each were a reader: over those that drew something. */
export function samplesFigures(lesions: readonly ReadLesion[]): ReadersFigures {
  return readersFigures(lesions.map(bySamples));
}

/** How often two graders would decide differently. */
export function flipsOfGraders(lesions: readonly ReadLesion[], threshold: Threshold): Flips {
  return flipsOver(lesions.map(byGraders), patientsOf(lesions), threshold);
}

/** The same of two samples that drew something. */
export function flipsOfSamples(lesions: readonly ReadLesion[], threshold: Threshold): Flips {
  return flipsOver(lesions.map(bySamples), patientsOf(lesions), threshold);
}

function patientsOf(lesions: readonly ReadLesion[]): readonly unknown[] {
  return lesions.map(({ patient }) => patient);
}

function readersFigures(read: readonly (readonly LesionSize[])[]): ReadersFigures {
  const table = (measure: (size: LesionSize) => number) => icc11(read.map((sizes) => sizes.map(measure)));
  const ratios = read.flatMap((sizes) => ratioOfFour(sizes.map(({ volumeMm3 }) => volumeMm3)) ?? []);
  return {
    iccVolume: table(({ volumeMm3 }) => volumeMm3),
    iccLogVolume: table(({ volumeMm3 }) => Math.log(volumeMm3)),
    iccLongAxis: table(({ longMm }) => longMm),
    volumeRatio:
      ratios.length === 0
        ? null
        : linearQuantile(
            ratios.sort((a, b) => a - b),
            0.5,
          ),
  };
}

/** How often readers of one lesion decide differently at a threshold; a row per lesion, of those who drew. */
export function flipsOver(
  read: readonly (readonly DecidedSize[])[],
  patients: readonly unknown[],
  threshold: Threshold,
): Flips {
  const shares = read.map((sizes) => decisionOf(sizes, threshold)?.flip ?? Number.NaN);
  const { mean: pairs, low, high } = bootstrapMean(shares, patients);
  const split = read.filter((sizes) => new Set(sizes.map((size) => isBelow(size, threshold))).size > 1);
  return { pairs, low, high, any: split.length / read.length };
}

/**
 * CRPS of log volume, its mean over a lesion's graders, then lesions; coverage of every grader's volume by the samples'
 * intervals. Over samples with a volume. Null where no lesion has such a sample.
 */
export function volumeFigures(lesions: readonly ReadLesion[], law: LognormalLaw | null): VolumeFigures | null {
  const judged = lesions.flatMap(({ graders, sampled, voxelMm3 }) => {
    const volumes = sampled?.sizes.filter(drewSomething).map(({ volumeMm3 }) => volumeMm3) ?? [];
    return sampled && volumes.length > 0
      ? [
          judgedLesion(
            graders.map(({ volumeMm3 }) => volumeMm3),
            sampled,
            volumes,
            voxelMm3,
            law,
          ),
        ]
      : [];
  });
  if (judged.length === 0) return null;
  const over = (name: keyof (typeof judged)[number]) => mean(judged.map((one) => one[name]));
  const few = lesions.filter(({ sampled }) => {
    return sampled !== null && 2 * sampled.sizes.filter(drewSomething).length < sampled.sizes.length;
  });
  return {
    crpsLogVolume: over("crps"),
    coverage90: over("in90"),
    coverage50: over("in50"),
    width90Log: over("width90"),
    width50Log: over("width50"),
    baselines: {
      majority: over("majority"),
      bestSingle: over("single"),
      lognormal: law === null ? null : over("lognormal"),
    },
    fewDrew: few.length,
    noneDrew: lesions.length - judged.length,
  };
}

function judgedLesion(
  graders: readonly number[],
  sampled: SampledLesion,
  volumes: readonly number[],
  voxelMm3: number,
  law: LognormalLaw | null,
) {
  const logs = volumes.map(Math.log);
  const [wide, narrow] = [centralInterval(volumes, 0.9), centralInterval(volumes, 0.5)];
  const score = (rule: (logVolume: number) => number) => mean(graders.map((volume) => rule(Math.log(volume))));
  const point = (volume: number) => score((y) => Math.abs(y - Math.log(Math.max(volume, voxelMm3))));
  const single = sampled.sizes[sampled.medoid]?.volumeMm3 ?? 0;
  const centre = law && law.a + law.b * Math.log(Math.max(sampled.meanMaskMm3, voxelMm3));
  return {
    crps: score((y) => crpsEnsemble(logs, y)),
    in90: covered(graders, wide),
    in50: covered(graders, narrow),
    width90: Math.log(wide[1] / wide[0]),
    width50: Math.log(narrow[1] / narrow[0]),
    majority: point(sampled.majorityMm3),
    single: point(single),
    lognormal: law === null || centre === null ? Number.NaN : score((y) => crpsNormal(centre, law.sigma, y)),
  };
}

/** The lognormal baseline's law out of lesions of the training data: a pair of mean mask and volume per grader. */
export function lognormalOf(lesions: readonly ReadLesion[]): LognormalLaw | null {
  return fitLognormal(
    lesions.flatMap(({ graders, sampled, voxelMm3 }) => {
      const mask = Math.max(sampled?.meanMaskMm3 ?? 0, voxelMm3);
      return sampled === null ? [] : graders.map(({ volumeMm3 }) => ({ mask, reader: volumeMm3 }));
    }),
  );
}
