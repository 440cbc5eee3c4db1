import { ratiosToMean } from "../../../core/agreement/ratios.ts";
import type { ReadCase } from "../../../core/agreement/read-case.ts";
import { mainSize, type StudyFigures } from "../../../core/agreement/study-figures.ts";

/**
 * One self-contained HTML page: what was measured and how, its tables and two figures. Prints to PDF from any browser.
 * `printed`: the figures, with whatever else was found; each becomes a table.
 */
export function agreementReport(
  name: string,
  app: { readonly version: string; readonly commit: string },
  cases: readonly ReadCase[],
  printed: StudyFigures & { readonly seconds?: number },
): string {
  const { unit, cases: count, readers, notes, seconds: _, ...figures } = printed;
  const size = mainSize(unit);
  const dices = cases.flatMap(({ readings, pairs }) =>
    pairs.flatMap(({ a, b, dice }) => (readings[a]?.drew && readings[b]?.drew ? [dice] : [])),
  );
  const tables = Object.entries(figures).map(([title, value]) => `<h2>${escaped(title)}</h2>${tableOf(value)}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Agreement of readers: ${escaped(name)}</title>
<style>${STYLE}</style></head><body>
<h1>Agreement of readers</h1>
<p><strong>For research, not for clinical use.</strong> ${escaped(name)}: ${count} ${unit}s, readers
${escaped(readers.join(", "))}.</p>
<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join("")}</ul>
<h2>Method</h2><p>${METHOD} Made by Graderspace ${escaped(app.version)} (${escaped(app.commit.slice(0, 8))}).</p>
<h2>Dice of two readers who both drew</h2>${histogram(dices)}
<h2>Each reader's ${size} against the case's geometric mean</h2>${figures.icc[size] ? scatter(cases, size) : "<p>Left out: see above.</p>"}
${tables.join("\n")}
</body></html>
`;
}

const METHOD = `Agreement is over readers who drew. ICC(1,1), ICC(2,1), ICC(3,1): Shrout &amp; Fleiss 1979, McGraw &amp; Wong
1996, of the logarithm of volumes and areas; their intervals by the F distribution, and by resampling patients (1,000
times for ICC and κ, 2,000 times else, seed 0). κ: Fleiss 1971. Bland–Altman 1986 on the log scale: ratios. Repeatability: Bland
&amp; Altman 1996, of logarithms as the ratio of two readings. HD95: the larger of both directions' 95 % quantiles; ASSD: mean over both surfaces; surface: voxels
with a neighbour across a face that is not marked; distances exact, between voxel centres. Long axis from outer pixel edge
to outer pixel edge, short axis perpendicular on the same slice; their mean decides at thresholds in mm.`;

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}
h2{margin:1.6rem 0 .4rem;font-size:1.1rem}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{border:1px solid #bbb;padding:.15rem .5rem;text-align:left}svg{max-width:100%;height:auto}
text{font:12px system-ui,sans-serif;fill:#333}@media print{h2{break-after:avoid}svg,table{break-inside:avoid}}`;

/** Nested figures as rows of path and value; rows of equal shape as a table with a header. */
function tableOf(value: unknown): string {
  if (Array.isArray(value) && value.some((item) => isRecord(item))) {
    const columns = Object.keys(value[0] as object);
    const row = (item: Record<string, unknown>) => cells(columns.map((column) => textOf(item[column])));
    return `<table><tr>${columns.map((c) => `<th>${escaped(c)}</th>`).join("")}</tr>${value.map(row).join("")}</table>`;
  }
  if (!isRecord(value)) return `<p>${escaped(textOf(value))}</p>`;
  return `<table>${leaves(value, "")
    .map((pair) => cells(pair))
    .join("")}</table>`;
}

function cells(texts: readonly string[]): string {
  return `<tr>${texts.map((text) => `<td>${escaped(text)}</td>`).join("")}</tr>`;
}

function leaves(value: Record<string, unknown>, path: string): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    const here = path === "" ? key : `${path} · ${key}`;
    return isRecord(inner) ? leaves(inner, here) : [[here, textOf(inner)]];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.map(textOf).join(" to ");
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

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
function histogram(values: readonly number[]): string {
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

/** Ratio of each reading to its case's geometric mean, against that mean; both axes logarithmic, ratios from ⅓ to 3. */
function scatter(cases: readonly ReadCase[], size: string): string {
  const points = ratiosToMean(cases, size).map(({ mean, ratio }) => [Math.log(mean), Math.log(ratio)] as const);
  if (points.length === 0) return "<p>No case was drawn by two readers.</p>";
  const shown = points.filter((_, i) => i % Math.ceil(points.length / MOST_POINTS) === 0);
  const [low, high] = shown.reduce(([a, b], [x]) => [Math.min(a, x), Math.max(b, x)], [shown[0]?.[0] ?? 0, 0]);
  const span = Math.log(3);
  const x = (value: number) => along((value - low) / Math.max(1e-9, high - low));
  const y = (value: number) => above((Math.max(-span, Math.min(span, value)) + span) / (2 * span));
  const dots = shown.map(
    ([mean, off]) =>
      `<circle cx="${x(mean).toFixed(1)}" cy="${y(off).toFixed(1)}" r="1.6" fill="#3b6ea5" fill-opacity=".4"/>`,
  );
  const line = `<path d="M${EDGE} ${y(0).toFixed(1)}H${WIDE - 10}" stroke="#a33"/>`;
  const labels = [side(y(-span), "⅓"), side(y(0), "1"), side(y(span), "3")];
  const [first, last] = [low, high].map((value) => String(Number(Math.exp(value).toPrecision(2))));
  const ends = [tick(x(low), first as string), tick(x(high) - 12, last as string)];
  return frame([...dots, line, ...labels, ...ends].join(""), `geometric mean of the case's ${size}`, "ratio to it");
}
