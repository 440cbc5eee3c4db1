import { describe, expect, it } from "vitest";
import { outlineOf } from "../../../../src/core/values/contour.ts";
import { withKeyholes } from "../../../../src/io/dicom/rtstruct/keyholes.ts";

/** A mask out of rows of "#" and ".". */
function mask(...rows: readonly string[]) {
  const bits = Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 1 : 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, bits };
}

/** Even–odd: how many vertical edges lie to the left of each pixel's centre. */
function enclosed(lines: readonly number[][], width: number, height: number): string[] {
  expect(lines.every(runsAlongEdges)).toBe(true);
  const inside = (x: number, y: number) =>
    lines.some((line) => {
      let crossings = 0;
      for (let i = 0; i < line.length; i += 2) {
        const [x0, y0] = [line[i] as number, line[i + 1] as number];
        const [x1, y1] = [line[(i + 2) % line.length] as number, line[(i + 3) % line.length] as number];
        if (x0 === x1 && x0 < x && Math.min(y0, y1) < y && y < Math.max(y0, y1)) crossings++;
      }
      return crossings % 2 === 1;
    });
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (inside(x, y) ? "#" : ".")).join(""),
  );
}

/** Edges and channels are horizontal or vertical, halfway between the pixels' centres. */
function runsAlongEdges(line: readonly number[]): boolean {
  const corners = Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]] as [number, number]);
  return corners.every(([x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length] as [number, number];
    return (x === nextX || y === nextY) && (2 * x) % 2 !== 0 && (2 * y) % 2 !== 0;
  });
}

describe("keyholes", () => {
  it("lead from a hole's upper left corner left to the line around it, there and back", () => {
    // The hole is the pixel (2, 1); its upper left corner (1.5, 0.5) meets the outer line at (−0.5, 0.5).
    const lines = withKeyholes(outlineOf(mask("####", "##.#", "####")));
    expect(lines).toEqual([
      [
        -0.5, -0.5, 3.5, -0.5, 3.5, 2.5, -0.5, 2.5, -0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 2.5, 1.5, 2.5, 0.5, 1.5, 0.5, -0.5,
        0.5,
      ],
    ]);
  });

  it("leave parts without holes as they are", () => {
    const apart = mask("#..#", "#..#");
    expect(withKeyholes(outlineOf(apart))).toEqual(outlineOf(apart).map((loop) => [...loop]));
  });

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["of two holes in one row, the second through the first", ["#######", "#.##.##", "#######"]],
    ["of holes whose channels meet at one corner", ["######", "#.##.#", "####.#", "#.####", "######"]],
    ["of an island in a hole in a part", ["#######", "#.....#", "#.###.#", "#.#.#.#", "#.###.#", "#.....#", "#######"]],
    ["of a channel that meets a corner of the outline", ["..####", "..##.#", "######", "######"]],
    ["of a hole that reaches over a corner", ["#####", "#.###", "##.##", "#####"]],
    ["of a hole beside a part that touches at a corner alone", ["###..", "#.#..", "###..", "...##", "...##"]],
  ];
  it.each(cases)("enclose even–odd what was marked: %s", (_, rows) => {
    const one = mask(...rows);
    expect(enclosed(withKeyholes(outlineOf(one)), one.width, one.height)).toEqual(rows);
  });

  it("enclose what was marked in any mask", () => {
    let seed = 7; // Numerical Recipes' generator: the same masks each time
    const next = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    };
    for (let round = 0; round < 60; round++) {
      const rows = Array.from({ length: 9 }, () =>
        Array.from({ length: 11 }, () => (next() < 0.65 ? "#" : ".")).join(""),
      );
      const one = mask(...rows);
      expect(enclosed(withKeyholes(outlineOf(one)), 11, 9)).toEqual(rows);
    }
  });
});
