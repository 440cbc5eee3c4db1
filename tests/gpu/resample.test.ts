import { describe, expect, test } from "vitest";
import { doubleProgram, halveProgram, resampleFits } from "../../src/gpu/resample.ts";

// What they compute is held against plain loops in tests/engine/backends/webgpu-resample.test.ts.
describe("the programs that halve and double", () => {
  test("have a thread for each four numbers of the result, 64 in a workgroup", () => {
    expect(halveProgram().workgroups(256)).toBe(1);
    expect(doubleProgram({ aligned: true }).workgroups(260)).toBe(2); // 65 threads
  });

  test("are told apart by their keys", () => {
    const keys = [halveProgram(), doubleProgram({ aligned: true }), doubleProgram({ aligned: false })].map(
      (p) => p.key,
    );
    expect(new Set(keys).size).toBe(3);
  });

  test("read and write four channels at a time", () => {
    expect([4, 12, 1, 6].map(resampleFits)).toEqual([true, true, false, false]);
  });
});
