import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { LesionSize } from "./reader-sizes.ts";

/** What decides: the mean of long and short axis (Fleischner 2017, Lung-RADS 2022), the long axis alone, or the volume. */
export type DecisionMeasure = "meanDiameterMm" | "longMm" | "volumeMm3";

/** A size at which the advice changes: below it, or at and above it. */
export interface Threshold {
  /** "6mm", "100mm3". */
  readonly name: string;
  readonly measure: DecisionMeasure;
  /** mm or mm³. */
  readonly value: number;
}

const DIAMETER = "meanDiameterMm";

/** Sizes at which advice on a solid nodule changes, by the guideline's name. */
const DECISION_PRESETS: Readonly<Record<string, readonly Threshold[]>> = {
  /** MacMahon et al., Radiology 284:228, 2017: 6 and 8 mm, 100 and 250 mm³. */
  "fleischner-2017": [
    ...[6, 8].map((value) => thresholdOf(DIAMETER, value)),
    ...[100, 250].map((value) => thresholdOf("volumeMm3", value)),
  ],
  /** ACR Lung-RADS 2022, at baseline: 6, 8 and 15 mm. */
  "lung-rads-2022": [6, 8, 15].map((value) => thresholdOf(DIAMETER, value)),
};

export const PRESET_NAMES = Object.keys(DECISION_PRESETS);

/** A threshold of one's own, named like those of a guideline. `value`: mm or mm³. */
export function thresholdOf(measure: DecisionMeasure, value: number): Threshold {
  return { name: `${value}${measure === "volumeMm3" ? "mm3" : "mm"}`, measure, value };
}

const OWN = /^(\d+(?:\.\d+)?)(mm3?)$/;

/** The thresholds of a guideline by its name, or a list of one's own: "6mm,10mm,500mm3". @throws GraderspaceError BadArgument */
export function presetNamed(name: string): readonly Threshold[] {
  const preset = Object.hasOwn(DECISION_PRESETS, name) ? DECISION_PRESETS[name] : undefined;
  if (preset) return preset;
  const own = name.split(",").map((one) => OWN.exec(one.trim()));
  const remedy = say`give one of ${PRESET_NAMES.join(", ")}, or a list like 6mm,10mm,500mm3`;
  const problem = say`there are no thresholds "${name}"`;
  return own.map((found) => {
    const value = Number(found?.[1]);
    if (!(value > 0)) throw new GraderspaceError("BadArgument", { problem, remedy });
    return thresholdOf(found?.[2] === "mm3" ? "volumeMm3" : DIAMETER, value);
  });
}

/** A list as `presetNamed` reads it. */
export function thresholdsText(thresholds: readonly Threshold[]): string {
  return thresholds.map(({ name }) => name).join(",");
}

/** The same thresholds in mm, decided on by the long axis alone. */
export function byLongAxis(thresholds: readonly Threshold[]): readonly Threshold[] {
  return thresholds
    .filter(({ measure }) => measure === DIAMETER)
    .map(({ name, value }) => ({ name, value, measure: "longMm" }));
}

/** Mean of both axes, mm; 0 where nothing was drawn. */
export function meanDiameterMm({ longMm, shortMm }: Pick<LesionSize, "longMm" | "shortMm">): number {
  return (longMm + shortMm) / 2;
}

/** A size that decisions are made by; a single slice has no volume. */
export interface DecidedSize extends Pick<LesionSize, "longMm" | "shortMm"> {
  readonly volumeMm3: number | null;
}

/** One side of a threshold: true below it. Without a volume no threshold of volume has a side. */
export function isBelow(size: DecidedSize, { measure, value }: Threshold): boolean {
  return (measure === "meanDiameterMm" ? meanDiameterMm(size) : (size[measure] ?? Number.NaN)) < value;
}

/** How readers of one lesion decide at a threshold. */
export interface Decision {
  /** Share of the readers below it. */
  readonly below: number;
  /** Share of the pairs of readers on different sides: b·(n − b) of n·(n − 1)/2; null under two readers. */
  readonly flip: number | null;
}

export function decisionOf(sizes: readonly DecidedSize[], threshold: Threshold): Decision | null {
  const n = sizes.length;
  if (n === 0) return null;
  const below = sizes.filter((size) => isBelow(size, threshold)).length;
  return { below: below / n, flip: n < 2 ? null : (2 * below * (n - below)) / (n * (n - 1)) };
}

/** What readers decide at one threshold: samples and graders who drew something. */
export interface ReadersDecision {
  readonly threshold: Threshold;
  /** Null where no sample drew. */
  readonly samples: Decision | null;
  readonly graders: Decision | null;
  /** Graders below the threshold, of those who drew. */
  readonly gradersBelow: number;
  readonly gradersDrew: number;
}

/** Over the samples and graders who drew something. */
export function decisionsOf(
  { samples, graders }: { readonly samples: readonly LesionSize[]; readonly graders: readonly LesionSize[] },
  thresholds: readonly Threshold[],
): ReadersDecision[] {
  const drew = samples.filter(({ slices }) => slices > 0);
  const drawn = graders.filter(({ slices }) => slices > 0);
  return thresholds.map((threshold) => ({
    threshold,
    samples: decisionOf(drew, threshold),
    graders: decisionOf(drawn, threshold),
    gradersBelow: drawn.filter((size) => isBelow(size, threshold)).length,
    gradersDrew: drawn.length,
  }));
}
