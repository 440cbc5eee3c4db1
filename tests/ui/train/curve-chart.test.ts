import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { type Curve, CurveChart } from "../../../src/ui/train/curve-chart.tsx";

const held: Curve = { name: "z1", colour: "#fff", look: "held-out", points: [] };

/** A chart of these values at steps 0, 1, 2, … whose axis ends at 8 at most. */
function chartOf(...values: readonly number[]): string {
  const curves = [{ ...held, points: values.map((value, step) => [step, value] as const) }];
  return renderToStaticMarkup(createElement(CurveChart, { name: "KL", unit: "nats", curves, steps: 10, most: 8 }));
}

/** Where the dots stand, pixels from the top: the top of the axis first. */
const heights = (chart: string) => [...chart.matchAll(/<circle[^>]* cy="([\d.]+)"/g)].map(([, y]) => Number(y));

test("a value above the axis stands at its end, and the chart says so", () => {
  const chart = chartOf(31, 8, 4);
  expect(chart).toContain("nats; above 8: on the edge");
  const [far, end, half] = heights(chart) as [number, number, number];
  expect(far).toBe(end);
  expect(half).toBeGreaterThan(end);
});

test("where all values are on the axis nothing is said of its end, and the highest is the nearest to it", () => {
  const chart = chartOf(2.7, 1);
  expect(chart).not.toContain("on the edge");
  const [high, low] = heights(chart) as [number, number];
  expect(high).toBeLessThan(low);
  expect(high).toBeGreaterThanOrEqual(8); // the margin above
});

test("what is read out of a chart are its last values", () => {
  expect(chartOf(2.7, 1.25)).toContain('aria-label="KL, nats: z1 1.25 at step 1"');
  expect(chartOf()).toContain('aria-label="KL, nats: nothing yet"');
});
