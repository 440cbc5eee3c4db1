import { throwIfAborted } from "../../../core/errors.ts";
import { iou } from "../../../core/measures/agreement.ts";
import type { Task } from "../../../core/network/encoding.ts";
import type { Prepared } from "../../../core/network/model.ts";
import { modesOf } from "../../../core/network/modes.ts";
import { draw } from "../../../core/random/gaussian.ts";
import { maskOf, sampleAt } from "../../../core/values/threshold.ts";
import type { Ends, Mode } from "../../app/shape.ts";
import type { QueuedModel } from "../../models/model.ts";
import { MOST_MODES } from "./directions.ts";
import { type Box, lesionBox, shrink } from "./little-mask.ts";

/** σ at which the two ends of a slider are shown and its effect is measured. */
export const END_SIGMA = 2;

/** Decodes both ends of each direction. */
export async function endsOf(
  system: QueuedModel,
  encoded: Prepared,
  vectors: readonly Float32Array[],
  box: Box,
  threshold: number,
  task: Task,
): Promise<Ends[]> {
  const { prior } = encoded;
  if (!prior) return [];
  const ends: Ends[] = [];
  for (const vector of vectors) {
    const draws = [-END_SIGMA, END_SIGMA].map((at) => ({
      z: draw(
        prior,
        vector.map((value) => value * at),
      ),
    }));
    const { samples } = await system.draw(encoded, { kind: "z", draws }, { samples: true }, "idle", task);
    throwIfAborted(task.signal);
    if (!samples) continue;
    const { width, height } = samples;
    const [low, high] = [sampleAt(samples, 0), sampleAt(samples, 1)];
    const effect = 1 - iou(maskOf(low, width, height, threshold), maskOf(high, width, height, threshold));
    ends.push({ minus: shrink(low, width, box), plus: shrink(high, width, box), effect });
  }
  return ends;
}

/** This case's modes, strongest effect on its masks first. */
export async function findModes(
  system: QueuedModel,
  encoded: Prepared,
  mean: Float32Array,
  threshold: number,
  task: Task,
): Promise<Mode[]> {
  const { encoding } = encoded;
  const head = system.about.decode;
  if (!encoding || !head) return [];
  const { vectors } = modesOf(head, encoding);
  const first = vectors.slice(0, MOST_MODES);
  const ends = await endsOf(system, encoded, first, lesionBox(mean, encoding), threshold, task);
  return first.flatMap((vector, i) => (ends[i] ? [{ vector, ...ends[i] }] : [])).sort((a, b) => b.effect - a.effect);
}
