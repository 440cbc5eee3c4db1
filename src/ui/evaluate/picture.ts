import { said, t } from "../../state/app/speech.ts";
import { figuresFor, overallOf } from "../../state/evaluate/figures.ts";
import type { EvaluationState } from "../../state/evaluate/slice.ts";
import { decimals } from "../app/format.ts";
import { fittedText } from "../canvas/fitted-text.ts";
import { svgPng } from "../canvas/svg-picture.ts";
import type { SystemMark } from "./system-marks.ts";
import { whatWasAsked } from "./what-was-asked.ts";

const SVG = "http://www.w3.org/2000/svg";
const LEAST_WIDTH = 1120;
const PAD = 24;
const SCALE = 2;
const [BRIGHT, DIM, LINE] = ["#d9e0e7", "#9aa7b4", "#2b343e"];
/** Where the columns of figures begin, and how wide each is. */
const COLUMNS = 290;
const COLUMN = 115;
const ROW = 62;
/** What a name may take: up to the figures of the first column. */
const NAME = COLUMNS + COLUMN - 70 - (PAD + 20);

function columnAt(column: number): number {
  return COLUMNS + (column + 1) * COLUMN;
}

/** The overall table and the charts that are on the page, as PNG bytes. */
export async function evaluationPng(state: EvaluationState, marks: (name: string) => SystemMark): Promise<Uint8Array> {
  const figures = figuresFor(state.order?.representativeOf ?? null);
  const width = Math.max(LEAST_WIDTH, columnAt(figures.length) + PAD);
  const page = new Page(width);
  page.text(whatWasAsked(state), PAD, PAD + 14, BRIGHT, 15);
  let top = tableOn(page, state, marks, PAD + 50);
  let left = PAD;
  let tallest = 0;
  for (const chart of document.querySelectorAll<SVGSVGElement>("svg[data-chart]")) {
    const scale = (width / 2 - 1.5 * PAD) / chart.clientWidth;
    const group = page.add("g", {
      transform: `translate(${left} ${top + 30}) scale(${scale})`,
      "font-size": 11,
      fill: DIM,
    });
    for (const part of chart.children) group.append(part.cloneNode(true));
    page.text(chart.dataset["chart"] ?? "", left, top + 14, BRIGHT, 14);
    tallest = Math.max(tallest, chart.clientHeight * scale);
    left += width / 2 - PAD / 2;
  }
  top += 30 + tallest + PAD;
  return page.png(top);
}

/** Returns where the table ends. */
function tableOn(page: Page, state: EvaluationState, marks: (name: string) => SystemMark, top: number): number {
  page.text(t`System`, PAD, top, DIM, 12);
  page.text(t`Cases`, columnAt(0), top, DIM, 12, "end");
  const figures = figuresFor(state.order?.representativeOf ?? null);
  for (const [i, { label }] of figures.entries()) page.text(said(label), columnAt(i + 1), top, DIM, 12, "end");
  let y = top + 10;
  for (const { name, title, rows, failure } of state.systems) {
    page.add("line", { x1: PAD, x2: page.width - PAD, y1: y, y2: y, stroke: LINE });
    const { colour, shape } = marks(name);
    page.add("path", { d: shape, fill: colour, transform: `translate(${PAD + 6} ${y + 15}) scale(5)` });
    page.text(fittedText(title, NAME, 14), PAD + 20, y + 20, BRIGHT, 14);
    const overall = overallOf(rows);
    if (overall) {
      page.text(casesSaid(overall.cases, state), columnAt(0), y + 20, BRIGHT, 14, "end");
      const around = state.intervals[name]?.rows === rows ? state.intervals[name]?.value : undefined;
      for (const [i, { name: figure }] of figures.entries()) {
        page.text(decimals(overall.figures[figure], 3), columnAt(i + 1), y + 20, BRIGHT, 14, "end");
        const interval = around?.[figure];
        if (!interval) continue;
        const between = `${decimals(interval.low, 3)}–${decimals(interval.high, 3)}`;
        page.text(between, columnAt(i + 1), y + 36, DIM, 11, "end");
      }
      const byGraders = Object.entries(overall.ged2ByGraders).map(([k, ged2]) => `${k}: ${decimals(ged2, 3)}`);
      page.text(t`GED² where so many drew — ${byGraders.join(" · ")}`, PAD + 20, y + 52, DIM, 11);
    } else if (failure !== null) page.text(said(failure), PAD + 20, y + 36, DIM, 11);
    y += ROW;
  }
  return y + 16;
}

/** "52 of 144" while, or where, a system has not done them all. */
function casesSaid(cases: number, { order }: EvaluationState): string {
  const all = order?.rows.length ?? cases;
  return cases === all ? String(cases) : t`${cases} of ${all}`;
}

/** One SVG that becomes the picture. */
class Page {
  readonly width: number;
  private readonly root = document.createElementNS(SVG, "svg");

  constructor(width: number) {
    this.width = width;
  }

  add(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    this.root.append(element);
    return element;
  }

  text(said: string, x: number, y: number, fill: string, size: number, anchor: "start" | "end" = "start"): void {
    this.add("text", { x, y, fill, "font-size": size, "text-anchor": anchor }).textContent = said;
  }

  async png(height: number): Promise<Uint8Array> {
    for (const [key, value] of Object.entries({ width: this.width, height, "font-family": "system-ui, sans-serif" }))
      this.root.setAttribute(key, String(value));
    return svgPng(this.root, this.width, height, SCALE);
  }
}
