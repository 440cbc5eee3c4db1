import fc from "fast-check";
import { expect, it } from "vitest";
import { packMask, sharedArea } from "../../../src/core/values/packed-mask.ts";

const row = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 101, maxLength: 101 });

it("areas and overlaps of packed masks are those of the pixels, wherever the bytes lie in their buffer", () => {
  fc.assert(
    fc.property(row, row, fc.nat(7), (first, second, offset) => {
      const packed = [first, second].map((bits) => {
        const bytes = new Uint8Array(new ArrayBuffer(101 + offset), offset);
        bytes.set(bits);
        return packMask({ width: 101, height: 1, bits: bytes });
      });
      expect(packed[0]!.area).toBe(first.reduce((a, b) => a + b, 0));
      expect(sharedArea(packed[0]!, packed[1]!)).toBe(first.reduce((sum, bit, i) => sum + bit * second[i]!, 0));
    }),
  );
});

it("all 32 pixels of a word count", () => {
  const full = packMask({ width: 64, height: 1, bits: new Uint8Array(64).fill(1) });
  expect([full.area, sharedArea(full, full), full.words[1]]).toEqual([64, 64, 0xffffffff]);
});
