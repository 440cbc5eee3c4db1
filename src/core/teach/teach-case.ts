import type { MarkedCrop } from "../measures/evaluate-case.ts";
import type { Encoding, Gaussian } from "../network/encoding.ts";
import { type HeadMaps, mapsAt } from "./head-maps.ts";
import type { LinearHead } from "./linear-head.ts";
import type { SoftMasks } from "./loss/energy-distance.ts";
import { type SeenPixels, seenPixels } from "./seen-pixels.ts";

/** What learning keeps of a case: the parent's maps and the graders' masks at the pixels that matter. */
export interface TeachCase {
  readonly seen: SeenPixels;
  readonly maps: HeadMaps;
  readonly prior: Gaussian;
  readonly masks: SoftMasks;
}

export function teachCase(head: LinearHead, encoding: Encoding, { graders }: Pick<MarkedCrop, "graders">): TeachCase {
  const seen = seenPixels(head, encoding, graders);
  const pixels = seen.at.length;
  const values = new Float32Array(graders.length * pixels);
  for (const [g, { bits }] of graders.entries()) {
    for (const [i, p] of seen.at.entries()) values[g * pixels + i] = bits[p] as number;
  }
  const masks = { count: graders.length, values };
  return { seen, maps: mapsAt(head, encoding, seen.at), prior: encoding.prior, masks };
}

/** Bytes that a case takes. */
export function teachCaseBytes({ seen, maps, masks }: TeachCase): number {
  const lattices = seen.nodes.reduce((sum, { at, share }) => sum + at.byteLength + share.byteLength, 0);
  return maps.maps.byteLength + masks.values.byteLength + seen.at.byteLength + seen.index.byteLength + lattices;
}
