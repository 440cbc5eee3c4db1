import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRle } from "../../../../src/io/dicom/codecs/rle.ts";

/** One segment per byte plane, the high one first, packed as literals and runs (PS3.5 annex G). */
function encode(pixels: readonly number[]): Uint8Array {
  const planes = [pixels.map((p) => p >> 8), pixels.map((p) => p & 255)].map((plane) => {
    const out: number[] = [];
    for (let at = 0; at < plane.length; ) {
      let run = 1;
      while (run < 128 && plane[at + run] === plane[at]) run++;
      if (run > 1) out.push(257 - run, plane[at] as number);
      else out.push(0, plane[at] as number);
      at += run;
    }
    return out.length % 2 === 0 ? out : [...out, 0];
  });
  const header = new Uint32Array(16);
  header.set([2, 64, 64 + (planes[0]?.length ?? 0)]);
  return Uint8Array.from([...new Uint8Array(header.buffer), ...planes.flat()]);
}

describe("DICOM RLE", () => {
  it("gives back what was packed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 1, 255, 256, 4095, 65_535), { minLength: 1, maxLength: 300 }),
        (pixels) => {
          const { bytes, complete } = decodeRle(encode(pixels), pixels.length, 2, "a");
          expect(complete).toBe(pixels.length);
          expect([...new Uint16Array(bytes.slice().buffer)]).toEqual(pixels);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it("tells how many pixels are there where the data is cut", () => {
    const whole = encode([1, 2, 3, 4]);
    // Of the low plane four literals of 2 bytes each, one is missing.
    expect(decodeRle(whole.subarray(0, whole.length - 2), 4, 2, "a").complete).toBe(3);
  });

  it("takes a control byte of 128 for nothing: neither a run nor a literal", () => {
    // A literal 7, nothing, a literal 9: three pixels of one byte, the last is not there.
    const header = new Uint8Array(64);
    header.set([1, 0, 0, 0, 64]);
    const { bytes, complete } = decodeRle(Uint8Array.from([...header, 0, 7, 128, 0, 9]), 3, 1, "a");
    expect([...bytes, complete]).toEqual([7, 9, 0, 2]);
  });

  it("refuses segments that do not fit the pixels", () => {
    expect(() => decodeRle(encode([1, 2]), 2, 1, "a")).toThrow(/2 segments where 1 are needed/);
    expect(() => decodeRle(new Uint8Array(10), 2, 2, "a")).toThrow(/0 segments/);
  });
});
