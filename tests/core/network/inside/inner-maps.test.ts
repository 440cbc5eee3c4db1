import { expect, it } from "vitest";
import { innerMapOf } from "../../../../src/core/network/inside/inner-maps.ts";

/** A map [2, 2, C] from its channels, each [2, 2]. */
function interleaved(...channels: number[][]): Float32Array {
  return Float32Array.from({ length: 4 * channels.length }, (_, i) => {
    return channels[i % channels.length]?.[Math.floor(i / channels.length)] as number;
  });
}

it("shows the channels that vary most, the strongest first, of equal ones the first", () => {
  // variances: 0, .25, 4, .25, 0, 1
  const map = interleaved([9, 9, 9, 9], [0, 1, 0, 1], [0, 4, 4, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 2, 2, 0]);
  const { size, channels, side, shown } = innerMapOf(map, 2);
  expect({ size, channels, side }).toEqual({ size: 2, channels: 6, side: 2 });
  expect(shown.map(({ channel }) => channel)).toEqual([2, 5, 1, 3]);
  expect(shown.map(({ values }) => Array.from(values))).toEqual([
    [0, 4, 4, 0],
    [0, 2, 2, 0],
    [0, 1, 0, 1],
    [1, 0, 1, 0],
  ]);
});

it("averages a map of more than 64 pixels a side over squares", () => {
  // 128 × 128, one channel: its value is the column; the mean of columns 2k and 2k + 1 is 2k + .5
  const map = Float32Array.from({ length: 128 * 128 }, (_, i) => i % 128);
  const { side, shown } = innerMapOf(map, 128);
  expect(side).toBe(64);
  const [only] = shown;
  expect(shown).toHaveLength(1);
  expect([0, 1, 63, 64].map((i) => only?.values[i])).toEqual([0.5, 2.5, 126.5, 0.5]);
  expect(only?.values).toHaveLength(64 * 64);
});

it("leaves out the last rows and columns where a side cannot be divided", () => {
  // 65 → squares of 2 × 2, 32 a side: column 64 is in none
  const map = Float32Array.from({ length: 65 * 65 }, (_, i) => (i % 65 === 64 ? 1e6 : 1));
  const { side, shown } = innerMapOf(map, 65);
  expect(side).toBe(32);
  expect(shown[0]?.values.every((value) => value === 1)).toBe(true);
});
