import { expect, test } from "vitest";
import { bytesPerNumber, type NumberType, oddNumbers, readNumbers } from "../../../src/io/bytes/numbers.ts";

/** Each type's numbers, written little-endian by the platform. */
const WRITTEN: readonly (readonly [NumberType, ArrayBufferView, number[]])[] = [
  ["u1", Uint8Array.of(1, 255), [1, 255]],
  ["i1", Int8Array.of(1, -128), [1, -128]],
  ["u2", Uint16Array.of(1, 65_535), [1, 65_535]],
  ["i2", Int16Array.of(1, -32_768), [1, -32_768]],
  ["u4", Uint32Array.of(1, 2 ** 24), [1, 2 ** 24]],
  ["i4", Int32Array.of(1, -(2 ** 24)), [1, -(2 ** 24)]],
  ["u8", BigUint64Array.of(1n, 2n ** 40n), [1, 2 ** 40]],
  ["i8", BigInt64Array.of(1n, -(2n ** 40n)), [1, -(2 ** 40)]],
  // 0x3c00 = 1, 0xc000 = −2 in binary16.
  ["f2", Uint16Array.of(0x3c00, 0xc000), [1, -2]],
  ["f4", Float32Array.of(1, -0.25), [1, -0.25]],
  ["f8", Float64Array.of(1, -0.25), [1, -0.25]],
];

test.each(WRITTEN)("%s is read in both byte orders, at any place, with slope and intercept", (type, array, values) => {
  const little = new Uint8Array(array.buffer);
  const size = bytesPerNumber(type);
  const big = little.map((_, i) => little[i - (i % size) + size - 1 - (i % size)] as number);
  for (const [bytes, littleEndian] of [
    [little, true],
    [big, false],
  ] as const) {
    const shifted = Uint8Array.from([9, ...bytes]);
    expect([...readNumbers(shifted, type, 1, 2, littleEndian)]).toEqual(values);
    expect([...readNumbers(shifted, type, 1, 2, littleEndian, 2, -1)]).toEqual(
      values.map((v) => Math.fround(v * 2 - 1)),
    );
  }
});

test("half floats have their smallest number, infinities and no number", () => {
  const read = (bits: number) => readNumbers(new Uint8Array(Uint16Array.of(bits).buffer), "f2", 0, 1, true)[0];
  expect(read(1)).toBe(2 ** -24);
  expect(read(0x7c00)).toBe(Number.POSITIVE_INFINITY);
  expect(read(0xfc00)).toBe(Number.NEGATIVE_INFINITY);
  expect(read(0x7e00)).toBeNaN();
});

test("long whole numbers above 2²⁴ are told of, short ones and floats are not", () => {
  expect(oddNumbers(Float32Array.of(2 ** 24), "i4", "a")).toEqual([]);
  expect(oddNumbers(Float32Array.of(-(2 ** 25)), "i8", "a").join()).toContain("a: it holds whole numbers above 2²⁴");
  expect(oddNumbers(Float32Array.of(2 ** 25), "f8", "a")).toEqual([]);
});
