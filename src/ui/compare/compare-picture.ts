import type { State } from "../../state/app/shape.ts";
import { t } from "../../state/app/speech.ts";
import { columnFigures } from "../../state/compare/select.ts";
import { decimals } from "../app/format.ts";
import { fittedText } from "../canvas/fitted-text.ts";
import { standingAlone, svgBytes, svgPng } from "../canvas/svg-picture.ts";
import { columnLook } from "./column-look.ts";

const SVG = "http://www.w3.org/2000/svg";
const [PAD, SIDE, LINE] = [16, 280, 18];
const SCALE = 2;
/** More stand in two rows, as on the page. */
const MOST_IN_ROW = 4;
const [BRIGHT, DIM] = ["#d9e0e7", "#9aa7b4"];

/** The columns with their figures and the curve under them, as they are on the page: one SVG, and the same as PNG. */
export async function comparePictures(state: State): Promise<Record<string, Uint8Array>> {
  const main = document.querySelector("main.compare");
  const { systems } = state.compare;
  const chart = main?.querySelector<SVGSVGElement>(".ged-curves .chart svg") ?? null;
  const regions = [...(main?.querySelectorAll<HTMLCanvasElement>(".column .region-stage canvas") ?? [])];
  const perRow = systems.length <= MOST_IN_ROW ? systems.length : Math.ceil(systems.length / 2);
  const width = Math.max(perRow * (SIDE + PAD), chart ? chart.clientWidth + PAD : 0) + PAD;
  const root = document.createElementNS(SVG, "svg");
  const add = (name: string, attributes: Readonly<Record<string, string | number>>, text?: string) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    root.append(element);
  };
  const ground = { width, height: 0, fill: "#101418" };
  add("rect", ground);
  let bottom = PAD;
  let top = 0;
  for (const [index, name] of systems.entries()) {
    if (index % perRow === 0) top = bottom;
    const left = PAD + (index % perRow) * (SIDE + PAD);
    let y = top + 14;
    const title = state.models.find((model) => model.name === name)?.config.title ?? name;
    const look = columnLook(index);
    add("path", { d: `M${left} ${y - 5}h26`, stroke: look.colour, "stroke-width": 3, "stroke-dasharray": look.dash });
    add("text", { x: left + 34, y, fill: BRIGHT, "font-size": 14 }, fittedText(title, SIDE - 34, 14));
    y += 10;
    const region = regions[index];
    if (region && region.width > 0) {
      const height = (SIDE * region.height) / region.width;
      add("image", { x: left, y, width: SIDE, height, href: region.toDataURL("image/png") });
      y += height;
    }
    for (const [label, value] of figuresOf(state, name)) {
      y += LINE;
      add("text", { x: left, y, fill: DIM, "font-size": 12 }, label);
      add("text", { x: left + SIDE, y, fill: BRIGHT, "font-size": 12, "text-anchor": "end" }, value);
    }
    bottom = Math.max(bottom, y + PAD);
  }
  if (chart) {
    const copy = standingAlone(chart);
    copy.setAttribute("x", String(PAD));
    copy.setAttribute("y", String(bottom));
    root.append(copy);
    bottom += chart.clientHeight + PAD;
  }
  root.firstElementChild?.setAttribute("height", String(bottom));
  for (const [key, value] of Object.entries({ width, height: bottom, "font-family": "system-ui, sans-serif" }))
    root.setAttribute(key, String(value));
  const curve = chart && standingAlone(chart);
  curve?.setAttribute("font-family", "system-ui, sans-serif");
  return {
    "compare.svg": svgBytes(root),
    "compare.png": await svgPng(root, width, bottom, SCALE),
    ...(chart && curve && { "compare-curve.svg": svgBytes(curve) }),
    ...(chart && curve && { "compare-curve.png": await svgPng(curve, chart.clientWidth, chart.clientHeight, SCALE) }),
  };
}

function figuresOf(state: State, name: string): readonly (readonly [string, string])[] {
  const { samples, agreement, diversity, nestedness } = columnFigures(state, name);
  if (samples === 0) return [[t`no samples yet`, ""]];
  return [
    [t`GED² (biased, n = ${samples})`, decimals(agreement?.ged2, 3)],
    ["HM-IoU", decimals(agreement?.hmIou, 3)],
    [t`Diversity`, decimals(diversity, 3)],
    [t`Nestedness`, decimals(nestedness, 3)],
  ];
}
