import { expect, it } from "vitest";
import { crossEntropyOf } from "../../../src/core/measures/cross-entropy.ts";

const mask = (...bits: number[]) => ({ width: bits.length, height: 1, bits: Uint8Array.from(bits) });

it("is −log of what the pixels' probabilities give the mask, in nats, summed", () => {
  // p = ¾, ½, ¼ (logits ln 3, 0, −ln 3); mask 1, 1, 0: −ln ¾ − ln ½ − ln ¾
  const logits = Float32Array.of(Math.log(3), 0, -Math.log(3));
  expect(crossEntropyOf(logits, mask(1, 1, 0))).toBeCloseTo(-2 * Math.log(0.75) - Math.log(0.5), 6);
});

it("stays a number where a probability is 0 or 1 in 32 bits", () => {
  expect(crossEntropyOf(Float32Array.of(-200, 200), mask(1, 0))).toBe(400);
  expect(crossEntropyOf(Float32Array.of(-200, 200), mask(0, 1))).toBe(0);
});

it("refuses a mask of another size", () => {
  expect(() => crossEntropyOf(new Float32Array(3), mask(0, 1))).toThrow("Logits of 3 pixels do not fit a mask of 2");
});
