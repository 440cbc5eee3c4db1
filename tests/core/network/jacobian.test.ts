import { describe, expect, it } from "vitest";
import { lineariseAtMean } from "../../../src/core/network/jacobian.ts";
import { logitsOf } from "../../../src/core/network/logits.ts";
import { draw } from "../../../src/core/random/gaussian.ts";
import { goldenOf } from "../golden.ts";

describe("the picture as a linear function of z", () => {
  it("σ and the envelope enter as factors: slope = sigmoid(top − y) · factor · σ", () => {
    const head = { latent: 1, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };
    const { logits, slopes } = lineariseAtMean(head, {
      width: 1,
      height: 1,
      channels: 1,
      base: Float32Array.of(1),
      factor: Float32Array.of(3),
      top: Float32Array.of(7), // y = 1 + 3·2 = 7: sigmoid(0) = ½
      prior: { mean: Float32Array.of(2), logSigma: Float32Array.of(Math.log(4)) },
    });
    expect(slopes[0]).toBeCloseTo(6, 5); // ½ · 3 · 4
    expect(logits[0]).toBeCloseTo(7 - Math.LN2, 6);
  });

  it.each(["tiny-prob-unet", "tiny-general", "tiny-linear"])("%s: equals central differences", (name) => {
    const { head, encoding } = goldenOf(name);
    const { logits, slopes } = lineariseAtMean(head, encoding);
    expect(logits).toEqual(logitsOf(head, encoding, { z: encoding.prior.mean }));
    const step = 1e-4;
    const steepest = slopes.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    for (let axis = 0; axis < head.latent; axis++) {
      const at = (size: number) => {
        const normal = new Float32Array(head.latent);
        normal[axis] = size;
        return logitsOf(head, encoding, { z: draw(encoding.prior, normal) });
      };
      const [above, below] = [at(step), at(-step)];
      const off = Array.from(above, (value, i) =>
        Math.abs((value - below[i]!) / (2 * step) - slopes[i * head.latent + axis]!),
      );
      // A ReLU that turns within the step makes a pixel an exception; float32 logits leave about 1e-3 (with ten times the step there are ten times as many).
      const exceptions = off.filter((value) => value > 0.01 * steepest).length;
      expect(exceptions / off.length).toBeLessThan(0.01);
    }
  });
});
