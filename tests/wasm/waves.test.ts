import { expect, test } from "vitest";
import { upsampleField } from "../../src/core/network/field.ts";
import { Waves } from "../../src/wasm/waves.ts";

// 9 × 8 pixels with a field of 4 px and one of 2 px: grids of 2 × 2 and 4 × 4, rows filled up to 16
const [width, height, padded] = [9, 8, 16];
const coarse = Float32Array.of(1, 2, 3, 5);
const fine = Float32Array.from({ length: 16 }, (_, i) => (i * i) % 7);

function waves(): Waves {
  return new Waves([4, 2], width, height, padded);
}

test("a field's grid has a node per spacing, rounded down", () => {
  expect(waves().lattices).toEqual([
    { width: 2, height: 2 },
    { width: 4, height: 4 },
  ]);
});

test("a draw needs the grid's rows that a batch can touch, two more than it spans, and never more than there are", () => {
  // one picture row of eight: ⌈2/8⌉ + 2 = 3 of 2, ⌈4/8⌉ + 2 = 3 of 4; all eight: 2 and 4
  expect(waves().floatsPerDraw(1)).toBe((2 + 3) * padded);
  expect(waves().floatsPerDraw(4)).toBe((2 + 4) * padded);
  expect(new Waves([1], 9, 8, padded).floatsPerDraw(4)).toBe(6 * padded);
});

test.each([
  [0, 8],
  [0, 1],
  [2, 5],
  [7, 8],
])("rows %i to %i of both fields, mixed from two widened rows, are the upsampled fields", (row, end) => {
  const these = waves();
  const to = new Float32Array(these.floatsPerDraw(end - row)).fill(Number.NaN);
  these.aim(row, end);
  these.write([coarse, fine], to);
  for (const [s, field] of [coarse, fine].entries()) {
    const whole = upsampleField(field, these.lattices[s]!, width, height);
    for (let y = row; y < end; y++) {
      const { first, second, share } = these.around(s, y);
      for (let x = 0; x < width; x++) {
        const mixed = to[first + x]! + share * (to[second + x]! - to[first + x]!);
        expect(mixed).toBeCloseTo(whole[y * width + x]!, 5);
      }
    }
  }
});

test("the second field's rows begin where those of the first end", () => {
  const these = waves();
  these.aim(0, 8);
  expect(these.around(0, 0).first).toBe(0);
  expect(these.around(1, 0).first).toBe(2 * padded);
  these.aim(7, 8); // row 1 of 2 and row 3 of 4 alone
  expect([these.around(0, 7).first, these.around(1, 7).first]).toEqual([0, padded]);
});

test("a picture whose rows need no filling has each row's own first pixel", () => {
  const these = new Waves([4], 8, 8, 8); // a grid of 2 × 2
  const to = new Float32Array(these.floatsPerDraw(8));
  these.aim(0, 8);
  these.write([Float32Array.of(1, 2, 3, 5)], to);
  expect([to[0], to[7], to[8], to[15]]).toEqual([1, 2, 3, 5]); // held at both borders
});

test("a draw without fields has none, whatever stood there", () => {
  const these = waves();
  const to = new Float32Array(these.floatsPerDraw(8)).fill(3);
  these.aim(0, 8);
  these.write(undefined, to);
  expect(to.every((value) => value === 0)).toBe(true);
});
