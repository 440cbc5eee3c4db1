import { expect, it } from "vitest";
import { readExact, writeExact } from "../../../src/cli/shards/exact-json.ts";

it("gives every double back to the bit, by name where JSON has no word for it", () => {
  const values = [0.1 + 0.2, 5e-324, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null];
  const back = readExact(writeExact({ values })) as { values: number[] };
  expect(back.values.map((value, i) => Object.is(value, values[i]))).toEqual(values.map(() => true));
});

it("gives arrays of doubles and of bytes back as what they were", () => {
  const sums = { count: Float64Array.of(1, 1 / 3, Number.NaN), masks: Uint8Array.of(0, 255, 7) };
  expect(readExact(writeExact(sums))).toEqual(sums);
});

it("writes no array of another type, which would come back as something else", () => {
  expect(() => writeExact({ z: new Float32Array(2) })).toThrow("Float32Array has no place in a part");
});
