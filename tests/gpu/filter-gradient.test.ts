import { describe, expect, test } from "vitest";
import { filterGradientProgram } from "../../src/gpu/filter-gradient.ts";

// What it computes is held against plain loops in tests/engine/backends/filter-gradient.test.ts.
describe("the program for a filter's gradient", () => {
  test("has a workgroup for each row of the filter and each tile of 4×4 channels", () => {
    const shape = { inputs: 8, outputs: 12, side: 3 } as const;
    expect(filterGradientProgram(shape).workgroups).toBe(3 * 2 * 3);
  });

  test("takes channels one by one where their number is no multiple of four, and says so in its key", () => {
    const odd = filterGradientProgram({ inputs: 3, outputs: 4, side: 1 });
    expect(odd).toMatchObject({ inputTile: 1, outputTile: 4, workgroups: 3, key: "filterGradient 1 1 4" });
  });
});
