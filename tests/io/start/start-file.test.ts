import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { readStart, writeStart } from "../../../src/io/start/start-file.ts";

const again = (value: unknown) => readStart(writeStart(value));
/** By their bits: -0 is not 0, and NaN is NaN. */
const bitsOf = (values: Float32Array) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)];

describe("a start file", () => {
  it("gives back plain values with their arrays in their places", () => {
    const value = {
      name: "one",
      none: null,
      far: Number.POSITIVE_INFINITY,
      list: [Float32Array.of(0, 1.5, 0), { mask: Uint8Array.of(0, 1, 1, 0, 1, 0, 0, 0, 1) }, Uint8Array.of(7, 0, 255)],
      last: Float32Array.of(-2),
    };
    expect(again(value)).toEqual(value);
  });

  it("gives back every float bit for bit", () => {
    fc.assert(
      fc.property(fc.float32Array(), (values) => {
        expect(bitsOf(again(values) as Float32Array)).toEqual(bitsOf(values));
      }),
    );
  });

  it("gives back a picture of whole numbers over all that int16 holds, square or not", () => {
    const whole = fc.integer({ min: -32768, max: 32767 });
    for (const length of [64 * 64, 5001]) {
      fc.assert(
        fc.property(fc.array(whole, { minLength: length, maxLength: length, size: "max" }), (values) => {
          const picture = Float32Array.from(values);
          expect(bitsOf(again(picture) as Float32Array)).toEqual(bitsOf(picture));
        }),
        { numRuns: 5 },
      );
    }
  });

  it("lays a smooth picture down in bytes most of which are 0", () => {
    const slope = Float32Array.from({ length: 64 * 64 }, (_, i) => 3 * (i % 64) - 2 * Math.floor(i / 64));
    const bytes = writeStart(slope);
    const zeros = bytes.filter((byte) => byte === 0).length;
    // 2 bytes a pixel; within the picture left + above − corner is right, at its two edges 3 or 2 are left over
    expect(zeros).toBeGreaterThan(2 * 63 * 63);
  });

  it("is refused where it is none", () => {
    expect(() => readStart(new Uint8Array(3))).toThrow(GraderspaceError);
    expect(() => readStart(new TextEncoder().encode("<!doctype html>"))).toThrow(/no start file/);
    expect(() => readStart(writeStart({ a: 1 }).subarray(0, 10))).toThrow(/no start file/);
  });
});
