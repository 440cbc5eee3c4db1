import type { Text } from "../../core/language/say.ts";
import { type FigureName, figureOf, figuresFor } from "./figures.ts";
import type { EvaluatedRow } from "./rows.ts";
import type { EvaluationState } from "./slice.ts";

/** A figure of one system. */
export interface FigureColumn {
  readonly key: string;
  readonly system: string;
  readonly figure: FigureName;
}

/** One case in the table. */
export interface CaseLine {
  readonly row: number;
  readonly title: string;
  /** Graders who drew, of so many slots; null where no system has finished the case. */
  readonly drew: number | null;
  readonly slots: number;
  readonly graderSpread: number | null;
  /** In the order of the columns; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Why the case failed, where it did. */
  readonly failure: Text | null;
}

/** All figures of a system where it is alone; one figure of each where there are several. */
export function figureColumns(
  systems: readonly string[],
  figure: FigureName,
  representativeOf: number | null = null,
): readonly FigureColumn[] {
  const [only, ...others] = systems;
  if (only === undefined) return [];
  if (others.length === 0) {
    return figuresFor(representativeOf).map(({ name }) => ({ key: name, system: only, figure: name }));
  }
  return systems.map((system) => ({ key: system, system, figure }));
}

/** A line per case that any system has finished or failed at, in the order of the pack. */
export function caseLines(
  { systems, order }: Pick<EvaluationState, "systems" | "order">,
  columns: readonly FigureColumn[],
): readonly CaseLine[] {
  const found = new Map<string, Map<number, EvaluatedRow>>(
    systems.map(({ name, rows }) => [name, new Map(rows.map((row) => [row.row, row]))]),
  );
  const failures = new Map(
    systems.flatMap(({ failed }) => failed.map(({ row, sentence }) => [row, sentence] as const)),
  );
  return (order?.rows ?? []).flatMap((row): CaseLine[] => {
    const any = systems.flatMap(({ name }) => found.get(name)?.get(row) ?? [])[0];
    const failure = failures.get(row) ?? null;
    if (!any && failure === null) return [];
    const values = columns.map(({ system, figure }) => {
      const one = found.get(system)?.get(row);
      return one ? figureOf(one, figure) : null;
    });
    return [
      {
        row,
        title: order?.pack.cases[row]?.title ?? String(row + 1),
        drew: any?.figures.drew ?? null,
        slots: any?.graders ?? 0,
        graderSpread: any?.figures.graderSpread ?? null,
        values,
        failure,
      },
    ];
  });
}

/** By which column the lines are sorted: the case, the graders who drew, their spread, or a figure's key. */
export interface Sorting {
  readonly by: string;
  readonly falling: boolean;
}

/** Lines without a value come last either way. */
export function sortedLines(
  lines: readonly CaseLine[],
  columns: readonly FigureColumn[],
  { by, falling }: Sorting,
): readonly CaseLine[] {
  const column = columns.findIndex(({ key }) => key === by);
  const sortedBy = (line: CaseLine): number | null => {
    if (by === "drew") return line.drew;
    if (by === "spread") return line.graderSpread;
    return column >= 0 ? (line.values[column] ?? null) : line.row;
  };
  return sortedRows(lines, sortedBy, falling);
}

/** Rows of a pack by a value of theirs, those without one last either way; equal ones in the order of the pack. */
export function sortedRows<Line extends { readonly row: number }>(
  lines: readonly Line[],
  wanted: (line: Line) => number | null,
  falling: boolean,
): readonly Line[] {
  return [...lines].sort((a, b) => {
    const [left, right] = [wanted(a), wanted(b)];
    if (left === null || right === null) return (left === null ? 1 : 0) - (right === null ? 1 : 0) || a.row - b.row;
    return (falling ? right - left : left - right) || a.row - b.row;
  });
}
