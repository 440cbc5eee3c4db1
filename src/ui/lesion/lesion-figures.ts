import { paintedPng, standingAlone, svgBytes, svgPng } from "../canvas/svg-picture.ts";

const SVG = "http://www.w3.org/2000/svg";
const [PAD, HEAD] = [16, 22];
const SCALE = 2;

/** The charts and the three cuts as they are on the page, files by their names. */
export async function lesionFigures(): Promise<Record<string, Uint8Array>> {
  const main = document.querySelector("main.lesion");
  const charts = [...(main?.querySelectorAll<SVGSVGElement>("svg[data-chart]") ?? [])];
  const root = document.createElementNS(SVG, "svg");
  let [top, width] = [PAD, 0];
  for (const chart of charts) {
    const title = document.createElementNS(SVG, "text");
    title.textContent = chart.dataset["chart"] ?? "";
    set(title, { x: PAD, y: top + 12, fill: "#d9e0e7", "font-size": 13 });
    const copy = standingAlone(chart);
    set(copy, { x: PAD, y: top + HEAD });
    root.append(title, copy);
    top += HEAD + chart.clientHeight + PAD;
    width = Math.max(width, chart.clientWidth + 2 * PAD);
  }
  const ground = document.createElementNS(SVG, "rect");
  set(ground, { width, height: top, fill: "#101418" });
  root.prepend(ground);
  set(root, { width, height: top, "font-family": "system-ui, sans-serif" });
  const cuts = [...(main?.querySelectorAll<HTMLCanvasElement>(".cut canvas") ?? [])];
  return {
    "charts.svg": svgBytes(root),
    "charts.png": await svgPng(root, width, top, SCALE),
    "cuts.png": await besideEachOther(cuts),
  };
}

function set(element: SVGElement, attributes: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

function besideEachOther(cuts: readonly HTMLCanvasElement[]): Promise<Uint8Array> {
  const width = cuts.reduce((sum, cut) => sum + cut.width + PAD, PAD);
  const height = Math.max(...cuts.map((cut) => cut.height)) + 2 * PAD;
  return paintedPng(width, height, (context) => {
    let left = PAD;
    for (const cut of cuts) {
      context.drawImage(cut, left, PAD);
      left += cut.width + PAD;
    }
  });
}
