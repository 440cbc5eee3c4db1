import { describe, expect, it } from "vitest";
import { blur, fieldOf, interpolate, smoothNoise } from "../../../src/core/simulated/field.ts";

describe("fields", () => {
  it("are read between pixels by the four around", () => {
    const field = fieldOf(2, 2, (x, y) => 10 * y + x); // 0 1 / 10 11
    expect(interpolate(field, 0.5, 0.5)).toBeCloseTo(5.5);
    expect(interpolate(field, 0.25, 1)).toBeCloseTo(10.25);
    expect(interpolate(field, -3, 9)).toBeCloseTo(10); // the nearest corner
  });

  it("keep their sum and their flat parts when blurred", () => {
    const dot = fieldOf(21, 21, (x, y) => (x === 10 && y === 10 ? 1 : 0));
    expect(blur(dot, 1.5).values.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    expect(
      blur(
        fieldOf(9, 9, () => 7),
        2,
      ).values.every((value) => Math.abs(value - 7) < 1e-4),
    ).toBe(true);
  });
});

describe("correlated noise", () => {
  const side = 200;
  const moments = (sigma: number) => {
    const { values } = smoothNoise(side, side, sigma, 1, [1]);
    let variance = 0;
    let beside = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) variance += (values[y * side + x] as number) ** 2 / side ** 2;
      for (let x = 0; x + 1 < side; x++) {
        beside += ((values[y * side + x] as number) * (values[y * side + x + 1] as number)) / (side * (side - 1));
      }
    }
    return { variance, correlation: beside / variance };
  };

  it.each([0, 0.6, 0.9, 2])("has variance 1 and neighbours that correlate by exp(−1/4σ²), σ = %s px", (sigma) => {
    const { variance, correlation } = moments(sigma);
    // 200² pixels, about 4πσ² of them to one independent value: the variance is known to a few per cent
    expect(Math.abs(variance - 1)).toBeLessThan(0.1);
    const expected = sigma === 0 ? 0 : Math.exp(-1 / (4 * sigma * sigma));
    expect(Math.abs(correlation - expected)).toBeLessThan(0.06);
  });

  it("is the same from the same seed and stream, and another from another", () => {
    expect(smoothNoise(8, 8, 1, 3, [4])).toEqual(smoothNoise(8, 8, 1, 3, [4]));
    expect(smoothNoise(8, 8, 1, 3, [4])).not.toEqual(smoothNoise(8, 8, 1, 3, [5]));
  });
});
