import { expect, test } from "vitest";
import { contourInterior } from "../../../../src/io/marks/lidc/lidc-contour.ts";

function inside(points: number[], width: number, height: number): string[] {
  const rows = Array.from({ length: height }, () => Array(width).fill("."));
  contourInterior(Int32Array.from(points), width, height, (at) => {
    (rows[Math.floor(at / width)] as string[])[at % width] = "#";
  });
  return rows.map((row) => row.join(""));
}

test("a square's interior leaves its own pixels out", () => {
  expect(inside([1, 1, 2, 1, 3, 1, 4, 1, 4, 2, 4, 3, 3, 3, 2, 3, 1, 3, 1, 2], 6, 4)).toEqual([
    "......",
    "......",
    "..##..",
    "......",
  ]);
});

test("a triangle is filled row by row between its edges", () => {
  // From (0, 0) to (4, 4) and straight down the left side; corners alone are drawn.
  expect(inside([0, 0, 4, 4, 0, 4], 5, 5)).toEqual([".....", "##...", "###..", "####.", "....."]);
});

test("what lies outside the slice is not visited, and under three points there is no inside", () => {
  expect(inside([-2, -2, 2, -2, 2, 2, -2, 2], 2, 2)).toEqual(["##", "##"]);
  expect(inside([0, 0, 1, 1], 2, 2)).toEqual(["..", ".."]);
});
