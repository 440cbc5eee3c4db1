import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalQuantile, portableExp, portableLog } from "../../../src/core/random/portable-math.ts";

/** Relative distance; absolute below 1. */
function off(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(b));
}

describe("mathematics out of + − × ÷ √", () => {
  it("log and exp agree with the engine's to 1e-15", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => off(portableLog(x), Math.log(x)) < 1e-15),
    );
    fc.assert(
      fc.property(fc.double({ min: -690, max: 690, noNaN: true }), (x) => {
        expect(portableExp(x) / Math.exp(x)).toBeCloseTo(1, 14);
      }),
    );
  });

  it("log 1 = 0, exp 0 = 1, and exp ends in 0 and Infinity", () => {
    expect(portableLog(1)).toBe(0);
    expect(portableExp(0)).toBe(1);
    expect(portableExp(-1000)).toBe(0);
    expect(portableExp(1000)).toBe(Number.POSITIVE_INFINITY);
    expect(portableExp(Number.NaN)).toBeNaN();
  });

  it("the normal quantile has the values of the tables, in the centre, on the shoulder and far out", () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.75)).toBeCloseTo(0.6744897501960817, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.9599639845400545, 14);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 13);
    expect(normalQuantile(1e-12)).toBeCloseTo(-7.034483825301132, 12);
  });

  it("the normal quantile grows and is odd about one half", () => {
    const inside = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
    fc.assert(
      fc.property(inside, inside, (p, q) => {
        if (p < q) expect(normalQuantile(p)).toBeLessThanOrEqual(normalQuantile(q));
        expect(normalQuantile(1 - p)).toBeCloseTo(-normalQuantile(p), 6);
      }),
    );
  });
});
