import { expect, it } from "vitest";
import { barsOf } from "./bars.ts";

it("a median above its bar is not held, one that nobody measured is not measured, and bars hang on the floor of the same run", () => {
  const measured = {
    "empty page": { painted: [50, 60, 90] },
    before: { live: [1000, 1000, 1100] },
    now: { picture: [519, 520, 900], live: [601, 601, 10], work: [150] },
  };
  expect(barsOf(measured, ["before", "now"]).split("\n").slice(2)).toEqual([
    "| cold picture | 520 | 520 = 2 × 60 + 400 | held |",
    "| main thread until the picture | 150 | 200 = 200 | held |",
    "| picture over 3 Mbit/s | NaN | 4000 = 4000 | not measured |",
    "| kB over 3 Mbit/s | NaN | 700 = 700 | not measured |",
    "| sliders live | 601 | 600 = .6 × 1000 | NOT held |",
  ]);
  expect(barsOf(measured, ["now"])).not.toContain("sliders live"); // of one tree there is nothing to compare with
});
