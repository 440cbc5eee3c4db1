import { describe, expect, it } from "vitest";
import type { HeadWeights } from "../../../src/core/network/encoding.ts";
import { logitsOf } from "../../../src/core/network/logits.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";
import { gateOf, placementOf, readingOf, shiftedLogits } from "../../../src/core/network/shift-and-gate.ts";
import { goldenOf } from "../golden.ts";

const head: HeadWeights = { latent: 1, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };
const z = new Float32Array(1);
const size = { width: 3, height: 2 };
const map = Float32Array.of(0, 10, 20, 100, 110, 120);

describe("a shift", () => {
  it("moves what a map shows to the right and downwards, and repeats its border", () => {
    const right = shiftedLogits(map, size, { dx: 1, dy: 0, drawn: true });
    expect([...right]).toEqual([0, 0, 10, 100, 100, 110]);
    const down = shiftedLogits(map, size, { dx: 0, dy: 1, drawn: true });
    expect([...down]).toEqual([0, 10, 20, 0, 10, 20]);
  });

  it("between pixels blends the two of each row and column", () => {
    // a quarter to the left: ¾ of the pixel itself, ¼ of the next; half way down to the row above
    const found = shiftedLogits(map, size, { dx: -0.25, dy: 0.5, drawn: true });
    expect([...found]).toEqual([2.5, 12.5, 20, 52.5, 62.5, 70]);
  });

  it("of many pixels shows the border alone", () => {
    expect([...shiftedLogits(map, size, { dx: -9.5, dy: 7.25, drawn: true })]).toEqual(Array(6).fill(20));
  });

  it("is whole pixels and a share of the next, in 0 … 1", () => {
    expect(readingOf({ dx: 0.25, dy: -1.5, drawn: true })).toEqual({ column: -1, row: 1, right: 0.75, below: 0.5 });
    expect(readingOf({ dx: 0, dy: 0, drawn: true })).toEqual({ column: 0, row: 0, right: 0, below: 0 });
  });

  it("is σ times the draw's normals; more than 16 px are refused", () => {
    const shifting = { ...head, shift: 0.5 };
    expect(placementOf(shifting, {}, { z, shift: [2, -1] })).toEqual({ dx: 1, dy: -0.5, drawn: true });
    expect(placementOf(head, {}, { z, shift: [2, 1] })).toEqual({ dx: 0, dy: 0, drawn: true });
    expect(placementOf(shifting, {}, { z, shift: [32, -32] })).toMatchObject({ dx: 16, dy: -16 });
    for (const odd of [
      [33, 0],
      [0, -33],
      [Number.NaN, 0],
    ] as const) {
      expect(() => placementOf(shifting, {}, { z, shift: odd })).toThrow(/is not within 16 px/);
    }
  });

  it("gives PyTorch's shifted logits of a gated head", () => {
    const { head: gated, encoding, draws, shifted } = goldenOf("tiny-gated");
    const largest = shifted!.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    for (const [n, draw] of draws.entries()) {
      const found = shiftedLogits(logitsOf(gated, encoding, draw), encoding, placementOf(gated, encoding, draw));
      const off = found.reduce((top, value, i) => Math.max(top, Math.abs(value - shifted![n * found.length + i]!)), 0);
      expect(off).toBeLessThan(1e-4 * largest);
    }
  });
});

describe("a gate", () => {
  const gated = { ...head, gate: true };
  const drawnAt = (u: number | undefined, presence: number | undefined) =>
    placementOf(gated, presence === undefined ? {} : { presence }, { z, ...(u !== undefined && { u }) }).drawn;

  it("shuts up to −Φ⁻¹(p): with p = .9 in a tenth of the draws", () => {
    const presence = Math.log(9);
    expect(gateOf(presence)).toBeCloseTo(-1.2815515655, 9);
    expect([drawnAt(-1.2816, presence), drawnAt(-1.2815, presence)]).toEqual([false, true]);
  });

  it("shuts at the very edge, without a u it asks for p > ½, and Infinity is always drawn", () => {
    expect([drawnAt(gateOf(0), 0), drawnAt(undefined, 0), drawnAt(undefined, 0.01)]).toEqual([false, false, true]);
    expect([drawnAt(Number.POSITIVE_INFINITY, -1e9), drawnAt(-8, 1e9), drawnAt(-9, 1e9)]).toEqual([true, true, false]);
  });

  it("is open where there is none", () => {
    expect(drawnAt(-9, undefined)).toBe(true);
    expect(placementOf(head, { presence: -9 }, { z, u: -9 }).drawn).toBe(true);
  });

  it("leaves a sample with P = 0 everywhere, without entropy", async () => {
    const decoder = new PlainDecoder(gated);
    const prior = { mean: z, logSigma: z };
    decoder.open({ width: 2, height: 1, channels: 1, base: Float32Array.of(0, 9), presence: 0, prior });
    const { samples, statistics } = await decoder.decode([{ z, u: -1 }], { samples: true, statistics: true });
    expect([...samples!.probabilities, ...statistics!.entropy]).toEqual([0, 0, 0, 0]);
  });
});
