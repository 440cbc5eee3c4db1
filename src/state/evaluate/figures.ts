import { say, type Text } from "../../core/language/say.ts";
import { bootstrapEce, bootstrapMean, type Interval } from "../../core/measures/bootstrap.ts";
import {
  addSaid,
  calibrationOver,
  type Reliability,
  reliabilityFrom,
  startCalibration,
} from "../../core/measures/calibration.ts";
import { ged2Presence, summarise } from "../../core/measures/evaluation.ts";
import { correlation, overDifferent } from "../../core/measures/spread.ts";
import type { EvaluatedRow } from "./rows.ts";

export type FigureName =
  | "ged2"
  | "hmIou"
  | "diversity"
  | "nestedness"
  | "dice"
  | "ece"
  | "presence"
  | "ged2Presence"
  | "representativeGed2"
  | "representativeHmIou";

interface FigureWords {
  readonly name: FigureName;
  readonly label: Text;
  readonly column: string;
  readonly hint: Text;
}

/** The figures in the order of the tables, as people and CSV files call them. */
export const FIGURES: readonly FigureWords[] = [
  {
    name: "ged2",
    label: "GED²",
    column: "ged2",
    hint: say`Generalised energy distance between samples and graders, biased: means over all pairs including i = j. Lower is better; compare only at the same number of samples.`,
  },
  {
    name: "hmIou",
    label: "HM-IoU",
    column: "hm_iou",
    hint: say`Mean IoU of samples and graders under the best one-to-one assignment (Hungarian). Higher is better.`,
  },
  {
    name: "diversity",
    label: say`Diversity`,
    column: "diversity",
    hint: say`Mean 1 − IoU over all pairs of samples, including i = j. To be read beside the graders' own spread.`,
  },
  {
    name: "nestedness",
    label: say`Nested`,
    column: "nestedness",
    hint: say`Nestedness: share of the pairs of different, non-empty samples in which one contains the other. 1: the samples only grow and shrink. Graders: about 0.29 on LIDC.`,
  },
  {
    name: "dice",
    label: "Dice",
    column: "dice",
    hint: say`Mean over the graders of Dice with the mean probability at the threshold; ∅ with ∅ = 1. Higher is better.`,
  },
  {
    name: "ece",
    label: "ECE",
    column: "ece",
    hint: say`Expected calibration error of the mean probability against the share of graders, where either is at least 0.05. Lower is better.`,
  },
  {
    name: "presence",
    label: say`Presence`,
    column: "presence",
    hint: say`Share of the samples that mark anything. To be read beside the share of graders who drew.`,
  },
  {
    name: "ged2Presence",
    label: say`of GED²`,
    column: "ged2_presence",
    hint: say`The part of GED² that is “drawn or not”: 2·(share of the samples − share of the graders that mark anything)². Lower is better.`,
  },
];

/** Of the samples that stand for many draws: beside the figures of the first draws, where they were asked for. */
const REPRESENTATIVE: readonly FigureWords[] = [
  {
    name: "representativeGed2",
    label: say`Repr. GED²`,
    column: "representative_ged2",
    hint: say`GED² of the n samples that stand for many draws, chosen without looking at graders. Not to be compared with a GED² of n draws: it is what that of many comes to with n samples.`,
  },
  {
    name: "representativeHmIou",
    label: say`Repr. HM-IoU`,
    column: "representative_hm_iou",
    hint: say`HM-IoU of the n samples that stand for many draws.`,
  },
];

/** The figures that a run has; `representativeOf`: as it was asked for. */
export function figuresFor(representativeOf: number | null): readonly FigureWords[] {
  return representativeOf === null ? FIGURES : [...FIGURES, ...REPRESENTATIVE];
}

/** One figure of one case; null where it has none. */
export function figureOf({ figures, calibration, representative }: EvaluatedRow, name: FigureName): number | null {
  if (name === "ece") return reliabilityFrom(calibration).ece;
  if (name === "ged2Presence") return ged2Presence(figures);
  if (name === "representativeGed2") return representative?.ged2 ?? null;
  return name === "representativeHmIou" ? (representative?.hmIou ?? null) : figures[name];
}

/** Overall figures of one system; null without cases. */
export interface Overall {
  readonly cases: number;
  readonly figures: Readonly<Record<FigureName, number | null>>;
  readonly ged2ByGraders: Readonly<Record<string, number>>;
  readonly reliability: Reliability;
  /** Of presence: share of a case's samples that mark anything, beside the share of its graders who do; weights are of cases. */
  readonly presenceReliability: Reliability;
}

const known = new WeakMap<readonly EvaluatedRow[], Overall>();

/** In the order of the pack: sums of floating point are the same however the rows came. */
export function overallOf(rows: readonly EvaluatedRow[]): Overall | null {
  if (rows.length === 0) return null;
  const found = known.get(rows) ?? summed(rows);
  known.set(rows, found);
  return found;
}

function summed(rows: readonly EvaluatedRow[]): Overall {
  const sorted = inOrder(rows);
  const { ged2ByGraders, ...means } = summarise(sorted.map(({ figures }) => figures));
  const { ged2, hmIou, diversity, nestedness, dice, presence } = means;
  const reliability = reliabilityFrom(calibrationOver(sorted.map(({ calibration }) => calibration)));
  return {
    cases: rows.length,
    figures: {
      ged2,
      hmIou,
      diversity,
      nestedness,
      dice,
      ece: reliability.ece,
      presence,
      ged2Presence: means.ged2Presence,
      representativeGed2: meanOf(sorted, "representativeGed2"),
      representativeHmIou: meanOf(sorted, "representativeHmIou"),
    },
    ged2ByGraders,
    reliability,
    presenceReliability: presenceReliabilityOf(sorted),
  };
}

function presenceReliabilityOf(rows: readonly EvaluatedRow[]): Reliability {
  const sums = startCalibration();
  for (const { presence, drew, slots } of rows.map(({ figures }) => figures)) addSaid(sums, presence, drew / slots);
  return reliabilityFrom(sums);
}

/** Null where a case is without: a system of few members stands for no more than these. */
function meanOf(rows: readonly EvaluatedRow[], name: FigureName): number | null {
  const values = rows.map((row) => figureOf(row, name));
  return values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
}

export type Intervals = Readonly<Record<FigureName, Interval | null>>;

/** 95 % intervals by resampling patients, or cases where `patients` (by row) is null. Gives way between the figures. */
export async function intervalsOf(
  rows: readonly EvaluatedRow[],
  patients: readonly string[] | null,
  nextTurn: () => Promise<void>,
): Promise<Intervals> {
  const sorted = inOrder(rows);
  const whose = patients && sorted.map(({ row }) => patients[row]);
  const found: Record<string, Interval | null> = {};
  for (const { name } of [...FIGURES, ...REPRESENTATIVE]) {
    await nextTurn();
    const values = sorted.map((row) => figureOf(row, name) ?? Number.NaN);
    if (values.every(Number.isNaN)) found[name] = null;
    else if (name !== "ece") found[name] = bootstrapMean(values, whose);
    else
      found[name] = bootstrapEce(
        sorted.map(({ calibration }) => calibration),
        whose,
      );
  }
  return found as unknown as Intervals;
}

/** One case in the scatter, over pairs of different masks on both sides. */
export interface SpreadPoint {
  readonly row: number;
  readonly graders: number;
  readonly samples: number;
}

/** Cases with one grader, and all of them where one sample is drawn, have no spread. */
export function spreadOf(rows: readonly EvaluatedRow[], count: number): readonly SpreadPoint[] {
  return rows.flatMap(({ row, graders: slots, figures }) => {
    const graders = overDifferent(figures.graderSpread, slots);
    const samples = overDifferent(figures.diversity, count);
    return graders === null || samples === null ? [] : [{ row, graders, samples }];
  });
}

/** Pearson's r of the two spreads; null with fewer than three cases. */
export function spreadCorrelation(points: readonly SpreadPoint[]): number | null {
  return points.length < 3 ? null : correlation(points.map(({ graders, samples }) => [graders, samples]));
}

export function inOrder(rows: readonly EvaluatedRow[]): readonly EvaluatedRow[] {
  return [...rows].sort((a, b) => a.row - b.row);
}
