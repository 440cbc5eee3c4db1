import { describe, expect, it } from "vitest";
import type { Encoding } from "../../../src/core/network/encoding.ts";
import { upsampleField } from "../../../src/core/network/field.ts";
import { latticeSizes } from "../../../src/core/random/draws.ts";
import { normals } from "../../../src/core/random/random.ts";
import { type LinearHead, linearHeadOf } from "../../../src/core/teach/linear-head.ts";
import { teachCase, teachCaseBytes } from "../../../src/core/teach/teach-case.ts";
import { antitheticDraws } from "../../../src/core/teach/teach-draws.ts";
import { glance } from "../../../src/model/teach/glance.ts";
import { modelFiles } from "../../support/golden.ts";

const HEAD: LinearHead = { latent: 1, fieldSpacings: [4], fieldScale: 2, envelope: true, shift: 0.5, gate: false };
const SIDE = 16;

/** Logit 3 in the pixels that are named, −9 elsewhere; nothing varies but the amplitude of a thousandth. */
function encoding(marked: readonly number[], top = 10): Encoding {
  const pixels = SIDE * SIDE;
  const base = new Float32Array(pixels).fill(-9);
  for (const p of marked) base[p] = 3;
  return {
    ...{ width: SIDE, height: SIDE, channels: 1, base },
    factor: new Float32Array(pixels),
    amplitude: new Float32Array(pixels).fill(0.001),
    top: new Float32Array(pixels).fill(top),
    prior: { mean: new Float32Array(1), logSigma: new Float32Array(1) },
  };
}
const mask = (...pixels: number[]) => {
  const bits = new Uint8Array(SIDE * SIDE);
  for (const p of pixels) bits[p] = 1;
  return { width: SIDE, height: SIDE, bits };
};
const at = (x: number, y: number) => y * SIDE + x;

describe("what is kept of a case", () => {
  it("are the pixels that the parent can mark, and 2 around them", () => {
    const { seen, maps } = teachCase(HEAD, encoding([at(8, 8)]), { graders: [mask()] });
    expect([...seen.at]).toEqual([6, 7, 8, 9, 10].flatMap((y) => [6, 7, 8, 9, 10].map((x) => at(x, y))));
    expect(maps.pixels).toBe(25);
    expect(seen.index[at(6, 6)]).toBe(0);
    expect(seen.index[at(5, 6)]).toBe(-1);
  });

  it("and those that a grader marked, not wrapped around the border", () => {
    const { seen, masks } = teachCase(HEAD, encoding([]), { graders: [mask(at(0, 0)), mask()] });
    expect([...seen.at]).toEqual([0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => at(x, y))));
    expect([...masks.values]).toEqual([1, ...new Array(17).fill(0)]);
  });

  it("nothing under an envelope that lets nothing through", () => {
    expect(teachCase(HEAD, encoding([at(8, 8)], -7), { graders: [mask()] }).seen.at.length).toBe(0);
  });

  it("is counted in bytes: 25 pixels of 4 maps, a mask, places and nodes, and the index of the region", () => {
    const one = teachCase(HEAD, encoding([at(8, 8)]), { graders: [mask()] });
    expect(teachCaseBytes(one)).toBe(4 * (25 * 4 + 25 + 25 + 2 * 4 * 25 + SIDE * SIDE));
  });
});

describe("draws in pairs", () => {
  const { seen, prior } = teachCase(HEAD, encoding([at(8, 8)]), { graders: [mask()] });
  const draws = antitheticDraws(HEAD, prior, seen, 4, 5, [1]);

  it("are each other's mirror image: z, fields and shift", () => {
    const half = <T extends ArrayLike<number>>(all: T, which: 0 | 1) =>
      Array.from(all).slice((which * all.length) / 2, ((which + 1) * all.length) / 2);
    for (const all of [draws.z, draws.waves, draws.shift as Float32Array])
      expect(half(all, 1)).toEqual(half(all, 0).map((value) => -value));
  });

  it("have the fields that a decoder makes of the same nodes, times fieldScale", () => {
    const [grid = { width: 0, height: 0 }] = latticeSizes(SIDE, SIDE, HEAD.fieldSpacings);
    const field = normals(5, [1, 2], 2 * grid.width * grid.height).subarray(0, grid.width * grid.height);
    const whole = upsampleField(field, grid, SIDE, SIDE);
    for (const [i, p] of seen.at.entries()) expect(draws.waves[i]).toBeCloseTo(2 * (whole[p] as number), 5);
  });
});

describe("a glance", () => {
  const plain = { ...HEAD, shift: 0 };

  it("is 0 where every sample is what every grader drew", () => {
    const one = teachCase(plain, encoding([at(8, 8)]), { graders: [mask(at(8, 8)), mask(at(8, 8))] });
    expect(glance(plain, one, one.maps, 8, 0)).toBe(0);
  });

  it("is 2 where samples draw and graders do not", () => {
    const one = teachCase(plain, encoding([at(8, 8)]), { graders: [mask(), mask()] });
    expect(glance(plain, one, one.maps, 8, 0)).toBe(2); // 2·1 − 0 − 0
  });

  it("sees a gate that is shut", () => {
    const one = teachCase(plain, { ...encoding([at(8, 8)]), presence: -30 }, { graders: [mask(), mask()] });
    const gated = { ...plain, gate: true };
    expect(glance(gated, one, one.maps, 8, 0)).toBe(0);
  });
});

describe("a head that can be taught", () => {
  it("is the energy model's, with or without gate and shift", () => {
    expect(linearHeadOf(modelFiles("tests/golden/tiny-linear").config)).toMatchObject({ gate: false, shift: 0 });
    expect(linearHeadOf(modelFiles("tests/golden/tiny-gated").config)).toMatchObject({ gate: true, shift: 0.6 });
  });

  it("is not one with f_comb, nor another family's: said by the model's title", () => {
    for (const name of ["tiny-prob-unet", "tiny-m-heads"])
      expect(() => linearHeadOf(modelFiles(`tests/golden/${name}`).config)).toThrow(
        `The head of ${name} (untrained) cannot be taught here`,
      );
  });
});
