import { describe, expect, test } from "vitest";
import { convProgram, convProgramFits } from "../../src/gpu/conv.ts";

// What it computes is held against plain loops in tests/engine/backends/webgpu-conv.test.ts.
describe("the program for a convolution", () => {
  test("has a thread for each four pixels of a row and eight outputs, 64 in a workgroup", () => {
    const { workgroups } = convProgram({ inputs: 8, outputs: 16, side: 3, bias: true, sum: false, relu: true });
    // 2 pictures × 6 rows × ⌈9 / 4⌉ × 16 / 8 = 72 threads
    expect(workgroups(2, 6, 9)).toBe(2);
    expect(workgroups(1, 4, 32)).toBe(1); // 4 × 8 × 2 = 64
  });

  test("takes inputs one by one and four outputs where their numbers ask for it, and says so in its key", () => {
    const odd = convProgram({ inputs: 3, outputs: 12, side: 1, bias: false, sum: true, relu: true });
    expect(odd).toMatchObject({ inputTile: 1, key: "conv 1 1 1 false true true" });
    expect(odd.workgroups(1, 1, 4)).toBe(1); // 3 threads
  });

  test("writes four outputs at a time", () => {
    expect([4, 12, 1, 10].map((outputs) => convProgramFits({ outputs }))).toEqual([true, true, false, false]);
  });
});
