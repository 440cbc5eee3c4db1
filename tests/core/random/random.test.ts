import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normals, shuffle, uniforms } from "../../../src/core/random/random.ts";

function moments(values: ArrayLike<number>) {
  const numbers = Array.from(values);
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const central = (power: number) => numbers.reduce((a, b) => a + (b - mean) ** power, 0) / numbers.length;
  return { mean, variance: central(2), skew: central(3), kurtosis: central(4) };
}

/** Written down once (Node 20, x86-64): sessions and share links rely on these never changing. */
const FIRST_OF_SEED_0 = [0.748562753200531, -0.3426227569580078, 1.3586286306381226, 0.719365656375885];
const SHA_OF_SEED_42 = "a92d2d79644170ee2190efbeb1220c1db0a63005aa38ed11fa645493635e1f45";

describe("seeded random numbers", () => {
  it("are these very bits on every platform", () => {
    expect(Array.from(normals(0, [], 4))).toEqual(FIRST_OF_SEED_0);
    const sha = createHash("sha256")
      .update(new Uint8Array(normals(42, [7, 3], 100_000).buffer))
      .digest("hex");
    expect(sha).toBe(SHA_OF_SEED_42);
  });

  it("the same seed and stream give the same numbers; a longer call begins with the shorter one's", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.array(fc.nat()), fc.nat(40), (seed, stream, count) => {
        expect(normals(seed, stream, 50).subarray(0, count)).toEqual(normals(seed, stream, count));
      }),
    );
  });

  it("another seed, another stream or a longer stream gives other numbers", () => {
    const first = (seed: number, stream: number[]) => normals(seed, stream, 2).join();
    const all = [first(0, []), first(1, []), first(-1, []), first(2 ** 32, []), first(0, [0]), first(0, [0, 0])];
    all.push(first(0, [1, 0]), first(0, [0, 1]), first(1, [0]));
    expect(new Set(all).size).toBe(all.length);
  });

  it("normals have mean 0, variance 1, no skew and kurtosis 3 (100,000 numbers; six standard errors)", () => {
    const { mean, variance, skew, kurtosis } = moments(normals(5, [1], 100_000));
    expect(Math.abs(mean)).toBeLessThan(0.019);
    expect(Math.abs(variance - 1)).toBeLessThan(0.027);
    expect(Math.abs(skew)).toBeLessThan(0.074);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.19);
  });

  it("the first numbers of neighbouring seeds and rows are as good as any other (no correlation, variance 1)", () => {
    const first = Array.from({ length: 20_000 }, (_, row) => normals(0, [row, 0], 1)[0] as number);
    const { mean, variance } = moments(first);
    expect(Math.abs(mean)).toBeLessThan(0.043);
    expect(Math.abs(variance - 1)).toBeLessThan(0.06);
    const lagged = first.slice(1).reduce((sum, value, i) => sum + value * (first[i] as number), 0) / first.length;
    expect(Math.abs(lagged)).toBeLessThan(0.043);
  });

  it("uniform numbers fill (0, 1) evenly and never touch its ends", () => {
    const found = uniforms(9, [2], 50_000);
    const counts = new Array<number>(10).fill(0);
    for (const value of found) {
      counts[Math.floor(value * 10)]!++;
    }
    expect(found.every((value) => value > 0 && value < 1)).toBe(true);
    for (const count of counts) expect(Math.abs(count - 5000)).toBeLessThan(410); // 6 · √(50,000 · .1 · .9) = 402
  });

  it("a shuffle keeps every item and leaves its input alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const before = [...items];
        const sorted = (a: number[]) => [...a].sort((x, y) => x - y);
        expect(sorted(shuffle(seed, [], items))).toEqual(sorted(items));
        expect(items).toEqual(before);
      }),
    );
    expect(shuffle(1, [], [1, 2, 3, 4, 5, 6])).not.toEqual(shuffle(2, [], [1, 2, 3, 4, 5, 6]));
  });

  it("a seed that is no whole number is refused", () => {
    expect(() => normals(0.5, [], 1)).toThrow(/whole number/);
    expect(() => normals(0, [Number.NaN], 1)).toThrow(/whole number/);
  });
});

describe("a shuffle of two", () => {
  it("leaves them where they are about as often as it exchanges them", () => {
    const kept = Array.from({ length: 200 }, (_, seed) => shuffle(seed, [], ["a", "b"])[0]).filter((it) => it === "a");
    expect(kept.length).toBeGreaterThan(70); // 100 ± 7 by chance
    expect(kept.length).toBeLessThan(130);
  });
});
