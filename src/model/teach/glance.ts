import { ged2 } from "../../core/measures/agreement.ts";
import { gateOf } from "../../core/network/shift-and-gate.ts";
import { normals } from "../../core/random/random.ts";
import type { HeadMaps } from "../../core/teach/head-maps.ts";
import type { LinearHead } from "../../core/teach/linear-head.ts";
import { drawnLogits } from "../../core/teach/loss/drawn-logits.ts";
import type { TeachCase } from "../../core/teach/teach-case.ts";
import { antitheticDraws } from "../../core/teach/teach-draws.ts";
import type { Mask } from "../../core/values/slice.ts";

const STREAM = 74;

/** GED², under these maps, of `count` samples, cut at one half, over the pixels of a case that are seen: what a fold is stopped by. */
export function glance(
  head: LinearHead,
  { seen, prior, masks }: TeachCase,
  own: HeadMaps,
  count: number,
  seed: number,
): number {
  const draws = antitheticDraws(head, prior, seen, count, seed, [STREAM, 0]);
  const { logits } = drawnLogits(head, seen, own, draws);
  const shut = head.gate ? gateOf(own.presence) : Number.NEGATIVE_INFINITY;
  const u = normals(seed, [STREAM, 1], count);
  const [width, height] = [own.pixels, 1];
  const mask = (values: Float32Array, n: number, above: number): Mask => {
    const own = values.subarray(n * width * height, (n + 1) * width * height);
    return { width, height, bits: Uint8Array.from(own, (value) => (value > above ? 1 : 0)) };
  };
  const samples = Array.from({ length: count }, (_, n) =>
    mask(logits, n, (u[n] as number) > shut ? 0 : Number.POSITIVE_INFINITY),
  );
  const graders = Array.from({ length: masks.count }, (_, g) => mask(masks.values, g, 0.5));
  return ged2(samples, graders).ged2;
}
