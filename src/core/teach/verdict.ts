import { say, type Text } from "../language/say.ts";
import { bootstrapBelowZero, bootstrapMean, type Interval } from "../measures/bootstrap.ts";
import type { CaseFigures } from "../measures/evaluation.ts";

/** Figures that stand before and after. */
export type TaughtFigure = "ged2" | "hmIou" | "presence" | "diversity";

export const TAUGHT_FIGURES: readonly TaughtFigure[] = ["ged2", "hmIou", "presence", "diversity"];

/** One figure of the held-out cases under both heads; `change`: of the same cases, after − before. */
export interface BeforeAfter {
  readonly before: Interval;
  readonly after: Interval;
  readonly change: Interval;
}

export interface Verdict {
  readonly figures: Readonly<Record<TaughtFigure, BeforeAfter>>;
  /** Share of the resamples of patients in which the held-out GED² is lower than before. */
  readonly better: number;
  /** Whether that is at least `CONVINCING`: only then a head is offered. */
  readonly adapted: boolean;
}

/** Measured in docs/teach.md: changed habits reach it, unchanged ones do not. */
const CONVINCING = 0.85;

/** A held-out case under the parent's head and under one that has not seen it. */
export interface HeldOutPair {
  readonly before: CaseFigures;
  readonly after: CaseFigures;
}

/** 95 % intervals by resampling `patients` (one a case); the difference is of pairs, so that hard cases weigh on both sides. */
export function verdictOf(pairs: readonly HeldOutPair[], patients: readonly unknown[]): Verdict {
  const of = (name: TaughtFigure): BeforeAfter => {
    const before = pairs.map((pair) => pair.before[name]);
    const after = pairs.map((pair) => pair.after[name]);
    return {
      before: bootstrapMean(before, patients),
      after: bootstrapMean(after, patients),
      change: bootstrapMean(
        after.map((value, i) => value - (before[i] as number)),
        patients,
      ),
    };
  };
  const figures = { ged2: of("ged2"), hmIou: of("hmIou"), presence: of("presence"), diversity: of("diversity") };
  const changes = pairs.map(({ before, after }) => after.ged2 - before.ged2);
  const better = bootstrapBelowZero(changes, patients);
  return { figures, better, adapted: better >= CONVINCING };
}

/** What the figures are called, and which way is better; null where neither is. */
export const TAUGHT_LABELS: Readonly<
  Record<TaughtFigure, { readonly label: Text; readonly better: "lower" | "higher" | null }>
> = {
  ged2: { label: "GED²", better: "lower" },
  hmIou: { label: "HM-IoU", better: "higher" },
  presence: { label: say`Presence`, better: null },
  diversity: { label: say`Diversity`, better: null },
};

/** The outcome in plain words. `patients`: null where cases stand for them. */
export function verdictSentence(
  { figures, better, adapted }: Verdict,
  { cases, patients }: { readonly cases: number; readonly patients: number | null },
): Text {
  const { mean, low, high } = figures.ged2.change;
  const change = say`${signed(mean)} (95 % interval ${signed(low)} to ${signed(high)})`;
  const whose = patients === null ? say`${cases} cases` : say`${cases} cases of ${patients} patients`;
  const found = say`on ${whose}, each judged by a head that had not seen it, GED² changed by ${change}`;
  const share = Math.round(100 * better);
  const sure =
    patients === null
      ? say`it is lower in ${share} of 100 resamples of cases`
      : say`it is lower in ${share} of 100 resamples of patients`;
  if (adapted) return say`It helped: ${found}; ${sure}.`;
  return say`It did not help: ${found}; ${sure}, and ${100 * CONVINCING} are asked for. The model stays as it is.`;
}

/** Three decimals, with a plus or a minus sign. */
function signed(value: number): string {
  const text = Math.abs(value).toFixed(3);
  if (Number(text) === 0) return "0.000";
  return `${value < 0 ? "−" : "+"}${text}`;
}
