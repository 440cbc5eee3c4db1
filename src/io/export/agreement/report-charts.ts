import type { RatioPoint } from "../../../core/agreement/ratios.ts";
import { escaped } from "./html.ts";

/** The report's figures, as SVG within its page. */

const [WIDE, HIGH, EDGE] = [640, 260, 42];

function frame(inside: string, x: string, y: string): string {
  return `<svg viewBox="0 0 ${WIDE} ${HIGH}" width="${WIDE}" height="${HIGH}" role="img" aria-label="${escaped(`${y} by ${x}`)}">
<path d="M${EDGE} 10V${HIGH - EDGE}H${WIDE - 10}" fill="none" stroke="#333"/>${inside}
<text x="${(WIDE + EDGE) / 2}" y="${HIGH - 8}" text-anchor="middle">${escaped(x)}</text>
<text x="12" y="${HIGH / 2}" text-anchor="middle" transform="rotate(-90 12 ${HIGH / 2})">${escaped(y)}</text></svg>`;
}

const along = (share: number) => EDGE + share * (WIDE - 10 - EDGE);
const above = (share: number) => HIGH - EDGE - share * (HIGH - EDGE - 10);

/** Twenty bins of [0, 1]. */
export function histogram(values: readonly number[]): string {
  const counts = new Array<number>(20).fill(0);
  for (const value of values) {
    const bin = Math.min(19, Math.floor(value * 20));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const most = Math.max(1, ...counts);
  const bars = counts.map((n, i) => {
    const [left, top] = [along(i / 20), above(n / most)];
    return `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${(along(1 / 20) - along(0) - 1).toFixed(1)}" height="${(HIGH - EDGE - top).toFixed(1)}" fill="#3b6ea5"><title>${n}</title></rect>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => tick(along(at), String(at)));
  return frame([...bars, ...ticks, side(10, String(most))].join(""), "Dice", "pairs");
}

function tick(x: number, label: string): string {
  return `<text x="${x.toFixed(1)}" y="${HIGH - EDGE + 16}" text-anchor="middle">${escaped(label)}</text>`;
}

function side(y: number, label: string): string {
  return `<text x="${EDGE - 4}" y="${(y + 4).toFixed(1)}" text-anchor="end">${escaped(label)}</text>`;
}

const MOST_POINTS = 4000;

/** What stands along the axes of a chart of ratios, and the lines across it beside that of 1. */
export interface RatioWords {
  readonly x: string;
  readonly y: string;
  readonly lines?: readonly number[];
}

/** Ratios that a chart may reach to, and as far below 1: the first that holds all is taken, what lies beyond 100 is at the edge. */
const REACHES = [3, 10, 30, 100];

/** Ratios against geometric means, both axes logarithmic. */
export function ratioFigure(found: readonly RatioPoint[], { x: across, y: up, lines = [] }: RatioWords): string {
  const points = found.map(({ mean, ratio }) => [Math.log(mean), Math.log(ratio)] as const);
  if (points.length === 0) return "<p>No case was drawn by two readers.</p>";
  const shown = points.filter((_, i) => i % Math.ceil(points.length / MOST_POINTS) === 0);
  const [low, high] = shown.reduce(
    ([a, b], [at]) => [Math.min(a, at), Math.max(b, at)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const far = Math.exp(Math.max(...[...shown.map(([, off]) => off), ...lines.map(Math.log)].map(Math.abs)));
  const reach = REACHES.find((one) => far <= one) ?? 100;
  const span = Math.log(reach);
  const [radius, opacity] = shown.length > 300 ? [1.6, 0.4] : [3, 0.7];
  const x = (value: number) => along((value - low) / Math.max(1e-9, high - low));
  const y = (value: number) => above((Math.max(-span, Math.min(span, value)) + span) / (2 * span));
  const dots = shown.map(
    ([mean, off]) =>
      `<circle cx="${x(mean).toFixed(1)}" cy="${y(off).toFixed(1)}" r="${radius}" fill="#3b6ea5" fill-opacity="${opacity}"/>`,
  );
  const line = (at: number, how: string) => `<path d="M${EDGE} ${y(at).toFixed(1)}H${WIDE - 10}" ${how}/>`;
  const further = lines.map((ratio) => line(Math.log(ratio), 'stroke="#a33" stroke-dasharray="5 4"'));
  const labels = [side(y(-span), `1/${reach}`), side(y(0), "1"), side(y(span), String(reach))];
  const [first, last] = [low, high].map((value) => String(Number(Math.exp(value).toPrecision(2))));
  const ends = [tick(x(low), first as string), tick(x(high) - 12, last as string)];
  const one = line(0, `stroke="${lines.length > 0 ? "#999" : "#a33"}"`);
  return frame([...dots, one, ...further, ...labels, ...ends].join(""), across, up);
}
