import type { SampleOrder } from "../../core/random/orders.ts";
import { type Cell, type TableStyle, writeCsv } from "../../io/bytes/csv.ts";
import { figureOf, figuresFor, inOrder, overallOf } from "./figures.ts";
import type { EvaluationState } from "./slice.ts";

/** A row per case and system: ids and numbers alone. Cases that failed are not in it. */
export function casesCsv({ order, systems }: EvaluationState, style: TableStyle = "comma"): string {
  const figures = figuresFor(order?.representativeOf ?? null);
  const header = [
    "model",
    "title",
    "case",
    "row",
    "seed",
    "count",
    "graders",
    "drew",
    ...orderHead(order),
    ...manyHead(order),
    ...figures.map(({ column }) => column),
    "sample_grader",
    "grader_spread",
  ];
  const cells = systems.flatMap(({ name, title, order: drawn, rows }) =>
    inOrder(rows).map((one): Cell[] => [
      name,
      title,
      one.id,
      one.row,
      order?.seed ?? null,
      order?.count ?? null,
      one.graders,
      one.figures.drew,
      ...orderCells(order, drawn),
      ...manyCells(order),
      ...figures.map((figure) => rounded(figureOf(one, figure.name))),
      rounded(one.figures.sampleGrader),
      rounded(one.figures.graderSpread),
    ]),
  );
  return writeCsv(header, cells, style);
}

/** A row per system with its 95 % intervals, GED² by the number of graders who drew, and the reliability curve. */
export function overallCsv({ order, systems, intervals }: EvaluationState, style: TableStyle = "comma"): string {
  const found = systems.flatMap(({ name, title, order: drawn, rows }) => {
    const overall = overallOf(rows);
    return overall
      ? [{ name, title, drawn, overall, around: intervals[name]?.rows === rows ? intervals[name]?.value : undefined }]
      : [];
  });
  const drew = [...new Set(found.flatMap(({ overall }) => Object.keys(overall.ged2ByGraders)))].sort();
  const figures = figuresFor(order?.representativeOf ?? null);
  const bins = found[0]?.overall.reliability.bins.map((_, bin) => bin + 1) ?? [];
  const header = [
    "model",
    "title",
    "cases",
    "seed",
    "count",
    ...orderHead(order),
    ...manyHead(order),
    ...figures.flatMap(({ column }) => [column, `${column}_low`, `${column}_high`]),
    ...drew.map((k) => `ged2_drew_${k}`),
    ...bins.flatMap((bin) => [`bin_${bin}_mean_probability`, `bin_${bin}_share_of_graders`, `bin_${bin}_weight`]),
    ...bins.flatMap((bin) => [`presence_${bin}_said`, `presence_${bin}_graders`, `presence_${bin}_weight`]),
  ];
  const cells = found.map(({ name, title, drawn, overall, around }): Cell[] => [
    name,
    title,
    overall.cases,
    order?.seed ?? null,
    order?.count ?? null,
    ...orderCells(order, drawn),
    ...manyCells(order),
    ...figures.flatMap((figure) => {
      const interval = around?.[figure.name];
      return [overall.figures[figure.name], interval?.low ?? null, interval?.high ?? null].map(rounded);
    }),
    ...drew.map((k) => rounded(overall.ged2ByGraders[k] ?? null)),
    ...[...overall.reliability.bins, ...overall.presenceReliability.bins].flatMap(({ confidence, frequency, weight }) =>
      [confidence, frequency, weight].map(rounded),
    ),
  ]);
  return writeCsv(header, cells, style);
}

/** How each system's draws belonged together, where that was asked for. */
function orderHead(order: EvaluationState["order"]): string[] {
  return order === null || order.order === "iid" ? [] : ["order"];
}

function orderCells(order: EvaluationState["order"], drawn: SampleOrder): Cell[] {
  return orderHead(order).map(() => drawn);
}

/** How many draws samples stood for, where that was asked for. */
function manyHead(order: EvaluationState["order"]): string[] {
  return order?.representativeOf == null ? [] : ["representative_of"];
}

function manyCells(order: EvaluationState["order"]): Cell[] {
  return order?.representativeOf == null ? [] : [order.representativeOf];
}

/** Six significant digits, as the command line prints. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(6));
}
