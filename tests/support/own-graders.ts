import type { MarkedCrop } from "../../src/core/measures/evaluate-case.ts";
import type { Encoding, Samples } from "../../src/core/network/encoding.ts";
import type { Model } from "../../src/core/network/model.ts";
import { chooseSamples } from "../../src/core/random/choices.ts";
import { linearHeadOf } from "../../src/core/teach/linear-head.ts";
import { type Retouch, retouchedEncoding } from "../../src/core/teach/retouch.ts";
import { trainingCase } from "../../src/core/training/training-case.ts";
import { masksOf } from "../../src/core/values/threshold.ts";

/**
 * Simulated nodules whose graders are a model's own draws, or those of its retouch: readers whom the model knows
 * through and through, or who have one other habit.
 */
export async function ownGraders(model: Model, count: number, size: 32 | 64, retouch?: Retouch): Promise<MarkedCrop[]> {
  const head = linearHeadOf(model.config);
  const found: MarkedCrop[] = [];
  for (let row = 0; row < count; row++) {
    const { image: values } = trainingCase(3, row, size, []);
    const prepared = await model.prepare({ size, values, origin: [0, 0], constant: false });
    const encoding = prepared.encoding as Encoding;
    const order = { seed: 900, count: 4, row };
    const choices = chooseSamples(model, prepared.prior, { width: size, height: size }, order);
    const own = retouch ? { ...prepared, encoding: retouchedEncoding(head, encoding, retouch) } : prepared;
    const { samples } = await model.draw(own, choices, { samples: true });
    found.push({ row, size, values, graders: masksOf(samples as Samples, model.config.threshold) });
  }
  return found;
}
