import { median } from "../rounds.ts";

/** Of each page, by the name of what was measured. */
export type Measured = Record<string, Record<string, number[]>>;

interface Bar {
  readonly what: string;
  /** NaN: not measured here. */
  readonly found: number;
  readonly most: number;
  readonly how: string;
}

/** What was promised of the start of the last site, and whether its medians hold it, as a table. */
export function barsOf(measured: Measured, sites: readonly string[]): string {
  const [before, now] = [sites[0] as string, sites.at(-1) as string];
  const of = (name: string, what: string) => median(measured[name]?.[what] ?? [Number.NaN]);
  const empty = of("empty page", "painted");
  const bars: Bar[] = [
    { what: "cold picture", found: of(now, "picture"), most: 2 * empty + 400, how: `2 × ${Math.round(empty)} + 400` },
    { what: "main thread until the picture", found: of(now, "work"), most: 200, how: "200" },
    { what: "picture over 3 Mbit/s", found: of(now, "3 Mbit/s picture"), most: 4000, how: "4000" },
    { what: "kB over 3 Mbit/s", found: of(now, "3 Mbit/s kB"), most: 700, how: "700" },
  ];
  if (sites.length > 1) {
    const old = of(before, "live");
    bars.push({ what: "sliders live", found: of(now, "live"), most: 0.6 * old, how: `.6 × ${Math.round(old)}` });
  }
  const lines = bars.map(({ what, found, most, how }) => {
    const verdict = Number.isNaN(found - most) ? "not measured" : found <= most ? "held" : "NOT held";
    return `| ${what} | ${Math.round(found)} | ${Math.round(most)} = ${how} | ${verdict} |`;
  });
  return ["| promised of the start, ms | median | at most | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}
