import { rounded } from "../../core/measures/rounded.ts";
import { type Cell, writeCsv } from "../../io/bytes/csv.ts";
import type { State } from "../app/shape.ts";
import { isBlinded } from "../cases/on-screen.ts";
import type { Download } from "../explore/export.ts";
import { columnCurve, columnFigures, columnIsStale, gradersCurve, isComparing } from "./select.ts";
import { drawsZ } from "./slice.ts";

/** Whether a system has answered and none is at work, and nothing that is not to be seen yet would leave. */
export function comparisonIsThere(state: State): boolean {
  const { systems } = state.compare;
  return (
    !isBlinded(state) &&
    !isComparing(state) &&
    systems.some((name) => hasSamples(state, name) && !columnIsStale(state, name))
  );
}

/** `compare.csv`, `compare-curve.csv` and the pictures of the page, as one zip. */
export async function exportComparison(
  state: State,
  pictures: Readonly<Record<string, Uint8Array>>,
): Promise<Download> {
  const { writeZip } = await import("../../io/bytes/zip-write.ts");
  const of = (text: string) => new TextEncoder().encode(text);
  const tables = { "compare.csv": of(comparisonCsv(state)), "compare-curve.csv": of(curveCsv(state)) };
  return { name: "compare.zip", bytes: writeZip({ ...tables, ...pictures }), notes: [] };
}

/** A row per system that has samples of this very seed and number: its name, its title, its figures on the region. */
function comparisonCsv(state: State): string {
  const { seed, order, threshold } = state.intent;
  const header = ["model", "title", "seed", "samples", "order", "threshold", "graders", "drew"];
  const figures = ["ged2", "hm_iou", "diversity", "nestedness", "sample_grader", "grader_spread"];
  const rows = namesIn(state).map((name): Cell[] => {
    const { samples, graders, drew, agreement, diversity, nestedness, representative } = columnFigures(state, name);
    const found = [agreement?.ged2, agreement?.hmIou, diversity, nestedness];
    return [
      name,
      titleOf(state, name),
      seed,
      samples,
      drawsZ(state, name) ? order : "iid",
      threshold,
      graders,
      drew,
      ...[...found, agreement?.sampleGrader, agreement?.graderSpread].map(known),
      ...[representative?.of ?? null, known(representative?.agreement?.ged2), known(representative?.agreement?.hmIou)],
    ];
  });
  const many = ["representative_of", "representative_ged2", "representative_hm_iou"];
  return writeCsv([...header, ...figures, ...many], rows, state.tables);
}

/** GED² of n of the samples drawn, a row per system and n; without a model: n masks drawn from the graders themselves. */
function curveCsv(state: State): string {
  const rowsOf = (name: string | null, title: string, values: readonly number[]) =>
    values.map((value, i): Cell[] => [name, title, i + 1, known(value)]);
  const systems = namesIn(state).flatMap((name) => rowsOf(name, titleOf(state, name), columnCurve(state, name)));
  const graders = rowsOf(null, "n of the graders themselves", gradersCurve(state));
  return writeCsv(["model", "title", "n", "ged2"], [...systems, ...graders], state.tables);
}

function namesIn(state: State): readonly string[] {
  return state.compare.systems.filter((name) => hasSamples(state, name) && !columnIsStale(state, name));
}

function hasSamples(state: State, name: string): boolean {
  return columnFigures(state, name).samples > 0;
}

function titleOf({ models }: State, name: string): string {
  return models.find((model) => model.name === name)?.config.title ?? name;
}

function known(value: number | null | undefined): number | null {
  return value == null ? null : rounded(value);
}
