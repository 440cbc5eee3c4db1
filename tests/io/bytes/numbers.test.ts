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

test("half floats go from 2⁻¹⁴ to 65,504, and have a third and a negative zero", () => {
  const read = (bits: number) => readNumbers(new Uint8Array(Uint16Array.of(bits).buffer), "f2", 0, 1, true)[0];
  expect([read(0x0400), read(0x03ff), read(0x7bff)]).toEqual([2 ** -14, 1023 * 2 ** -24, 65_504]);
  expect(read(0x3555)).toBe(Math.fround((1 + 0x155 / 1024) / 4)); // the nearest to 1/3
  expect(read(0xbe00)).toBe(-1.5);
  expect(Object.is(read(0x8000), -0)).toBe(true);
});

test.each(["u2", "u8", "f2"] as const)("%s takes a slope alone, and an intercept alone", (type) => {
  // 0x4000 = 2 in binary16
  const two = { u2: Uint16Array.of(2), u8: BigUint64Array.of(2n), f2: Uint16Array.of(0x4000) }[type];
  const bytes = new Uint8Array(two.buffer);
  expect(readNumbers(bytes, type, 0, 1, true, 3, 0)[0]).toBe(6);
  expect(readNumbers(bytes, type, 0, 1, true, 1, 5)[0]).toBe(7);
});

test("values that are no finite numbers are counted, but for those that are padding", () => {
  const values = Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  expect(oddNumbers(values, "f4", "a")).toEqual(["a: 3 of its 4 values are no finite numbers and are left out"]);
  expect(oddNumbers(values, "f4", "a", Uint8Array.of(1, 0, 0, 0))).toEqual([
    "a: 2 of its 4 values are no finite numbers and are left out",
  ]);
  expect(oddNumbers(values, "f4", "a", Uint8Array.of(1, 0, 1, 1))).toEqual([]);
  expect(oddNumbers(values.subarray(2), "f4", "a").join()).toContain("all of its 2 values");
  expect(oddNumbers(Float32Array.of(3.4e38), "f4", "a")).toEqual([]);
});

test("what is told of digits lost is told of 32 and 64 bits alone", () => {
  const large = Float32Array.of(2 ** 25);
  for (const type of ["u4", "i4", "u8", "i8"] as const) expect(oddNumbers(large, type, "a")).toHaveLength(1);
  for (const type of ["u2", "f4"] as const) expect(oddNumbers(large, type, "a")).toEqual([]);
});

test("a number of more digits than float32 holds is scaled before it is rounded", () => {
  const bytes = new Uint8Array(Int32Array.of(2 ** 24 + 1).buffer);
  expect(readNumbers(bytes, "i4", 0, 1, true, 1, -(2 ** 24))[0]).toBe(1);
});
