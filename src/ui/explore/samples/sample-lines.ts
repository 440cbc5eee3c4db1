import type { Samples } from "../../../core/network/encoding.ts";
import { isoLines } from "../../../core/values/contour.ts";
import { sampleAt } from "../../../core/values/threshold.ts";

interface Lines {
  readonly threshold: number;
  readonly of: Map<number, readonly Float32Array[]>;
}

const known = new WeakMap<Samples, Lines>();

/** A sample's outline as the region and the strip show it: it is traced once for both. */
export function sampleLines(samples: Samples, n: number, threshold: number): readonly Float32Array[] {
  let lines = known.get(samples);
  if (lines?.threshold !== threshold) {
    lines = { threshold, of: new Map() };
    known.set(samples, lines);
  }
  const found = lines.of.get(n) ?? isoLines(sampleAt(samples, n), samples.width, samples.height, threshold);
  lines.of.set(n, found);
  return found;
}
