import { rounded } from "../../measures/rounded.ts";
import { byLongAxis, type Threshold } from "../decisions.ts";
import {
  type Flips,
  flipsOfGraders,
  flipsOfSamples,
  gradersFigures,
  type ReadLesion,
  samplesFigures,
  volumeFigures,
} from "../nodule-figures.ts";
import type { LognormalLaw } from "../volume-law.ts";

/** A figure of the graders, and the model's where there is a model; null where it does not exist. */
interface Both {
  readonly graders: number | null;
  readonly model?: number | null;
}

/** At one threshold: shares of pairs on different sides, the graders' 95 % interval by patients, lesions with both sides. */
export interface CohortFlips extends Both {
  readonly graders_any: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Figures of lesions as the command line prints them and the page shows them, six significant digits. */
export interface CohortFigures {
  /** From here to `none_drew`: with a model, and where it drew some lesion (`VolumeFigures`). */
  readonly crps_log_volume?: number;
  readonly coverage90?: number;
  readonly coverage50?: number;
  readonly width90_log?: number;
  readonly width50_log?: number;
  readonly fewer_than_half_drew?: number;
  readonly none_drew?: number;
  readonly icc_log_volume: Both;
  readonly icc_volume: Both;
  readonly icc_long_axis: Both;
  readonly volume_ratio: { readonly graders_median: number | null; readonly model_median?: number | null };
  /** By the threshold's name. */
  readonly flips: Readonly<Record<string, CohortFlips>>;
  readonly flips_long_axis: Readonly<Record<string, CohortFlips>>;
  /** CRPS of log volume of what one would show without a law. */
  readonly baselines?: {
    readonly majority: number;
    readonly bestSingle: number;
    readonly lognormal: number | null;
  };
  readonly lognormal_law?: LognormalLaw;
}

/**
 * All figures of lesions that every grader drew; the model's too where they were sampled (`model`). `law`: the lognormal
 * baseline's, where one was fitted. `pause` is awaited between the figures.
 */
export async function cohortFigures(
  read: readonly ReadLesion[],
  decisions: readonly Threshold[],
  { model, law }: { readonly model: boolean; readonly law: LognormalLaw | null },
  pause: () => Promise<void>,
): Promise<CohortFigures> {
  const graders = gradersFigures(read);
  await pause();
  const samples = model ? samplesFigures(read) : null;
  await pause();
  const volumes = model ? volumeFigures(read, law) : null;
  const both = (name: "iccVolume" | "iccLogVolume" | "iccLongAxis") => ({
    graders: orNull(graders[name]?.value),
    ...(samples && { model: orNull(samples[name]?.value) }),
  });
  const flips = async (thresholds: readonly Threshold[]) => {
    const found: Record<string, CohortFlips> = {};
    for (const threshold of thresholds) {
      await pause();
      found[threshold.name] = flipsAt(
        flipsOfGraders(read, threshold),
        samples === null ? null : flipsOfSamples(read, threshold),
      );
    }
    return found;
  };
  return {
    ...(volumes && {
      crps_log_volume: rounded(volumes.crpsLogVolume),
      coverage90: rounded(volumes.coverage90),
      coverage50: rounded(volumes.coverage50),
      width90_log: rounded(volumes.width90Log),
      width50_log: rounded(volumes.width50Log),
      fewer_than_half_drew: volumes.fewDrew,
      none_drew: volumes.noneDrew,
    }),
    icc_log_volume: both("iccLogVolume"),
    icc_volume: both("iccVolume"),
    icc_long_axis: both("iccLongAxis"),
    volume_ratio: {
      graders_median: orNull(graders.volumeRatio),
      ...(samples && { model_median: orNull(samples.volumeRatio) }),
    },
    flips: await flips(decisions),
    flips_long_axis: await flips(byLongAxis(decisions)),
    ...(volumes && {
      baselines: {
        majority: rounded(volumes.baselines.majority),
        bestSingle: rounded(volumes.baselines.bestSingle),
        lognormal: orNull(volumes.baselines.lognormal),
      },
    }),
    ...(law && { lognormal_law: { a: rounded(law.a), b: rounded(law.b), sigma: rounded(law.sigma) } }),
  };
}

function flipsAt({ pairs, low, high, any }: Flips, model: Flips | null): CohortFlips {
  return {
    graders: orNull(pairs),
    ...(model && { model: orNull(model.pairs) }),
    graders_any: orNull(any),
    low: orNull(low),
    high: orNull(high),
  };
}

/** A figure that does not exist is null, said by its place. */
function orNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || Number.isNaN(value) ? null : rounded(value);
}
