import { describe, expect, it } from "vitest";
import { maskFromBits, maskToBits } from "../../../src/core/values/mask-bits.ts";

describe("a mask in bits", () => {
  // rows 101, 011, 110: 1010 1111 0 and seven bits of nothing
  const mask = { width: 3, height: 3, bits: Uint8Array.of(1, 0, 1, 0, 1, 1, 1, 1, 0) };

  it("has the first pixel highest, and no gap between rows", () => {
    expect([...maskToBits(mask)]).toEqual([0b10101111, 0]);
  });

  it("takes a byte for each eight pixels begun, the seventeenth in a third", () => {
    const ones = (width: number) => ({ width, height: 1, bits: new Uint8Array(width).fill(1) });
    expect([...maskToBits(ones(16))]).toEqual([255, 255]);
    expect([...maskToBits(ones(17))]).toEqual([255, 255, 128]);
    expect(maskFromBits(Uint8Array.of(255, 255), 16, 1)).toEqual(ones(16));
    expect(maskFromBits(Uint8Array.of(255, 255, 128), 17, 1)).toEqual(ones(17));
  });

  it("comes back as it was, and not at all where bits are missing", () => {
    expect(maskFromBits(maskToBits(mask), 3, 3)).toEqual(mask);
    expect(maskFromBits(Uint8Array.of(255), 3, 3)).toBeNull();
  });
});
