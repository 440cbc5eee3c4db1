import { ratiosOfTwo, ratiosToMean } from "../../../core/agreement/ratios.ts";
import { caseAgreement, type ReadCase } from "../../../core/agreement/read-case.ts";
import { mainSize, type StudyFigures } from "../../../core/agreement/study-figures.ts";
import { escaped } from "./html.ts";
import { histogram, ratioFigure } from "./report-charts.ts";

/**
 * One self-contained HTML page: what was measured and how, its tables and figures, and the cases on which readers part
 * most. Prints to PDF from any browser.
 * `printed`: the figures, with whatever else was found; each becomes a table.
 */
export function agreementReport(
  name: string,
  app: { readonly version: string; readonly commit: string },
  cases: readonly ReadCase[],
  printed: Omit<StudyFigures, "notes"> & { readonly notes: readonly string[]; readonly seconds?: number },
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
<h2>Each reader's ${size} against the case's geometric mean</h2>${figures.icc[size] ? ratioFigure(ratiosToMean(cases, size), { x: `geometric mean of the case's ${size}`, y: "ratio to it" }) : "<p>Left out: see above.</p>"}
${blandAltmanCharts(cases, printed, size)}
${tables.join("\n")}
${tableOfCases(cases, size)}
</body></html>
`;
}

/** Pairs of six readers: more charts than that are not looked at, and the table has all of them. */
const MOST_PAIRS = 15;

/** A chart for each pair of readers who are the same people in every case: bias and limits of agreement dashed. */
function blandAltmanCharts(
  cases: readonly ReadCase[],
  { blandAltman, readers }: Pick<StudyFigures, "blandAltman" | "readers">,
  size: string,
): string {
  const shown = (blandAltman ?? []).slice(0, MOST_PAIRS);
  if (shown.length === 0) return "";
  const charts = shown.map(({ a, b, bias, lower, upper }) => {
    const points = ratiosOfTwo(cases, size, readers.indexOf(a), readers.indexOf(b));
    const words = { x: `geometric mean of both readers' ${size}`, y: `${a} / ${b}` };
    return ratioFigure(points, { ...words, lines: [lower, bias, upper] });
  });
  const rest = (blandAltman?.length ?? 0) - shown.length;
  const more = rest > 0 ? `<p>${rest} more pairs stand in the table below.</p>` : "";
  return `<h2>Two readers' ${escaped(size)}: bias and limits of agreement</h2><div class="charts">${charts.join("")}</div>${more}`;
}

const MOST_CASES = 500;

/** Those on which readers part most first. */
function tableOfCases(cases: readonly ReadCase[], size: string): string {
  const lines = cases.map((one) => ({ id: one.id, ...caseAgreement(one, size) }));
  lines.sort((a, b) => (b.apart ?? -1) - (a.apart ?? -1));
  const rows = lines.slice(0, MOST_CASES).map(({ id, drew, looked, apart, dice, hd95Mm, ratio }) => ({
    case: id,
    drew: `${drew} of ${looked}`,
    "1 − IoU": apart,
    Dice: dice,
    "HD95, mm": hd95Mm,
    [`largest to smallest ${size}`]: ratio,
  }));
  const left = lines.length - rows.length;
  const more = left > 0 ? `<p>${left} more cases, on which they part less, stand in the table as CSV.</p>` : "";
  return `<h2>Cases, those on which readers part most first</h2>${tableOf(rows)}${more}`;
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
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:1rem}
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
