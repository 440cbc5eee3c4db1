import { describe, expect, it } from "vitest";
import { upsampleField } from "../../../../src/core/network/field.ts";
import type { HeadMaps } from "../../../../src/core/teach/head-maps.ts";
import { linearHeadOf } from "../../../../src/core/teach/linear-head.ts";
import { caseLoss } from "../../../../src/core/teach/loss/case-loss.ts";
import { drawnLogits } from "../../../../src/core/teach/loss/drawn-logits.ts";
import { energyDistance } from "../../../../src/core/teach/loss/energy-distance.ts";
import { sampleLikelihood } from "../../../../src/core/teach/loss/sample-likelihood.ts";
import { addRetouchGradient, retouched, retouchPlaces } from "../../../../src/core/teach/retouch.ts";
import type { SeenPixels } from "../../../../src/core/teach/seen-pixels.ts";
import type { TeachDraws } from "../../../../src/core/teach/teach-draws.ts";
import { golden, modelFiles, relativeError } from "../../../support/golden.ts";

// models/training/golden_teach.py: six draws of a gated, shifted head on 16×16 pixels; one mask hard, one empty, one soft.
const expected = golden("tests/golden/training/teach");
const head = linearHeadOf(modelFiles("tests/golden/tiny-gated").config);
const OBJECTIVE = { eps: 3, sharpness: 4, nll: 0.01, presence: 0.1 };
const SIZE = 16;
const PIXELS = SIZE * SIZE;
const [count = 0] = expected.shape("z");

const everyPixel = Int32Array.from({ length: PIXELS }, (_, p) => p);
const seen: SeenPixels = { width: SIZE, height: SIZE, at: everyPixel, index: everyPixel, nodes: [] };
const draws: TeachDraws = {
  count,
  z: expected.values("z"),
  waves: Float32Array.from(
    Array.from({ length: count }, (_, n) => {
      const [, height = 0, width = 0] = expected.shape("field");
      const field = expected.values("field").subarray(n * width * height, (n + 1) * width * height);
      return [...upsampleField(field, { width, height }, SIZE, SIZE)].map((value) => head.fieldScale * value);
    }).flat(),
  ),
  shift: expected.values("shift").map((value) => head.shift * value),
};
const masks = { count: 3, values: expected.values("masks") };
const maps: HeadMaps = {
  pixels: PIXELS,
  maps: expected.values("maps"),
  presence: expected.values("presence")[0] as number,
};

describe("the loss of a case", () => {
  const found = caseLoss(head, seen, maps, draws, masks, OBJECTIVE);

  it("sees PyTorch's logits: factor, fields, envelope, shift", () => {
    const { logits } = drawnLogits(head, seen, maps, draws);
    expect(relativeError(logits, expected.values("logits"))).toBeLessThan(1e-5);
  });

  it("is PyTorch's, and so are the energy distance and the likelihood in it", () => {
    const { logits } = drawnLogits(head, seen, maps, draws);
    expect(relativeError([found.energy], expected.values("energy"))).toBeLessThan(1e-5);
    expect(relativeError([found.loss], expected.values("loss"))).toBeLessThan(1e-5);
    const plain = energyDistance(logits, count, masks, OBJECTIVE, null);
    expect(relativeError([plain.value], expected.values("energy_without_gate"))).toBeLessThan(1e-5);
    expect(plain.gate).toBe(0);
    const nll = sampleLikelihood(logits, count, masks, maps.presence);
    expect(relativeError([nll.value], expected.values("nll"))).toBeLessThan(1e-5);
  });

  it("has PyTorch's gradient in every map and in the gate's logit", () => {
    expect(relativeError(found.gradient, expected.values("gradient"))).toBeLessThan(1e-4);
    expect(relativeError([found.gate], expected.values("presence_gradient"))).toBeLessThan(1e-4);
  });
});

describe("the gradient in a retouch", () => {
  it("is the slope of the loss along each of its numbers", () => {
    const { length } = retouchPlaces(head);
    const at = Float32Array.from({ length }, (_, i) => 0.05 * Math.sin(i + 1));
    const lossAt = (i: number, by: number) => {
      const moved = at.slice();
      moved[i] = (moved[i] as number) + by;
      return caseLoss(head, seen, retouched(head, maps, moved), draws, masks, OBJECTIVE).loss;
    };
    const own = caseLoss(head, seen, retouched(head, maps, at), draws, masks, OBJECTIVE);
    const gradient = new Float32Array(length);
    addRetouchGradient(head, maps, own.gradient, own.gate, 1, gradient);
    const step = 0.01;
    const slopes = Array.from(at, (_, i) => (lossAt(i, step) - lossAt(i, -step)) / (2 * step));
    expect(relativeError(gradient, slopes)).toBeLessThan(5e-3);
    expect(slopes.every((slope) => slope !== 0)).toBe(true);
  });
});
