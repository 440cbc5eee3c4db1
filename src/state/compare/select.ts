import { fromPlain } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import { diversity, ged2ByCount } from "../../core/measures/agreement.ts";
import type { Mask } from "../../core/values/slice.ts";
import { masksOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import { sentenceOf } from "../app/notices.ts";
import type { Drawn, State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import type { Failure, Job } from "../app/work/job.ts";
import { aspectOnScreen } from "../cases/on-screen.ts";
import { regionFigures } from "../explore/figures.ts";
import { lesionBox } from "../explore/latent/little-mask.ts";
import { mapOf, rangeOf } from "../explore/layers.ts";
import { caseGraders, drawnOnScreen, graderConsensus, type RegionGrader, samplesAreStale } from "../explore/masks.ts";
import { chooseDraws } from "../explore/samples.ts";
import { columnCount, columnKey, regionKey } from "./slice.ts";

/** The samples of a column: the explorer's own, or what was made for the column; null where they are of another region. */
export function columnDrawn(state: State, name: string): Drawn | null {
  if (name === state.intent.model) return drawnOnScreen(state);
  const column = state.compared[name];
  const region = regionKey(state);
  return column && region && column.key.startsWith(`${name}|${region}|`) ? column.value : null;
}

/** True while another seed, or another number of samples, is on its way. */
export function columnIsStale(state: State, name: string): boolean {
  if (name === state.intent.model) return samplesAreStale(state);
  return state.compared[name]?.key !== columnKey(state, name);
}

/** What a column is doing; null where it is done, failed or was cancelled. */
export function columnJob(state: State, name: string): Job | null {
  if (name !== state.intent.model) return state.jobs[`compare:${name}`] ?? null;
  return state.jobs.model ?? state.jobs.encode ?? state.jobs.samples ?? null;
}

/** Why a column has no samples, as a sentence; null where nothing went wrong. */
export function columnProblem(state: State, name: string): Text | null {
  if (columnJob(state, name)) return null;
  const failure = failureOf(state, name);
  if (!failure) return null;
  return failure.error.tag === "Aborted" ? t`It was cancelled.` : sentenceOf(fromPlain(failure.error));
}

function failureOf({ failures, intent }: State, name: string): Failure | undefined {
  if (name !== intent.model) return failures[`compare:${name}`];
  return failures.model ?? failures.encode ?? failures.samples;
}

/** Remembers one derived value per column. */
function perColumn<R>(make: (name: string) => (state: State) => R): (state: State, name: string) => R {
  const made = new Map<string, (state: State) => R>();
  return (state, name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known(state);
  };
}

/** The mask of each draw of a column. */
const columnDraws = perColumn((name) =>
  derive(
    (state: State) => [columnDrawn(state, name), state.intent.threshold] as const,
    (drawn, threshold): readonly Mask[] => (drawn ? masksOf(drawn.samples, threshold) : []),
  ),
);

/** Which of its draws a column shows. */
export const columnChosen = perColumn((name) =>
  derive(
    (state: State) =>
      [columnDraws(state, name), columnCount(state, name), state.intent.representativeOf !== null] as const,
    chooseDraws,
  ),
);

export const columnFigures = perColumn((name) =>
  derive(
    (state: State) => [columnDraws(state, name), columnChosen(state, name), caseGraders(state)] as const,
    regionFigures,
  ),
);

/** GED² of the first n draws of a column, n = 1 …; empty without samples or graders. */
export const columnCurve = perColumn((name) =>
  derive(
    (state: State) => [columnDraws(state, name), columnCount(state, name), caseGraders(state)] as const,
    (masks, count, graders): readonly number[] =>
      masks.length === 0 || graders.length === 0 ? [] : ged2ByCount(masks.slice(0, count), masksIn(graders)),
  ),
);

/**
 * What n masks drawn by chance from the graders themselves, with replacement, are expected to score: with D the
 * graders' own spread 2D − (1 − 1/n)·D − D = D/n. No system that knows no grader is expected to lie below it.
 */
export const gradersCurve = derive(
  (state: State) => [caseGraders(state), longest(state)] as const,
  (graders, longest): readonly number[] => {
    if (graders.length === 0) return [];
    const spread = diversity(masksIn(graders));
    return Array.from({ length: longest }, (_, i) => spread / (i + 1));
  },
);

function longest(state: State): number {
  return Math.max(0, ...state.compare.systems.map((name) => columnChosen(state, name).places.length));
}

/** The map of the chosen layer in a column, [H,W]. */
export function columnMap(state: State, name: string): Float32Array | null {
  return mapOf(state.intent.view.layer, columnDrawn(state, name), graderConsensus(state));
}

/** One colour bar for all columns. */
export const comparedRange = derive(
  (state: State) => {
    const maps = state.compare.systems.map((name) => columnMap(state, name));
    return [state.intent.view.layer, state.intent.view.scaleLocked, maps.length, ...maps] as const;
  },
  (layer, locked, _count, ...maps): readonly [number, number] => rangeOf(layer, maps, locked),
);

/** A square round everything that the samples of any column may mark: what all their thumbs show. */
export const comparedFrame = derive(
  (state: State) => {
    const drawn = state.compare.systems.map((name) => columnDrawn(state, name));
    return [aspectOnScreen(state), ...drawn] as const;
  },
  (aspect, ...columns) => {
    const known = columns.flatMap((drawn) => (drawn ? [drawn] : []));
    const [first] = known;
    if (!first) return null;
    const most = first.statistics.mean.map((value, i) =>
      known.reduce((top, { statistics }) => Math.max(top, statistics.mean[i] ?? 0), value),
    );
    return lesionBox(most, first.samples, aspect);
  },
);

/** True while a column is at work. */
export function isComparing(state: State): boolean {
  return state.compare.systems.some((name) => columnJob(state, name) !== null);
}

function masksIn(graders: readonly RegionGrader[]): Mask[] {
  return graders.map(({ mask }) => mask);
}
