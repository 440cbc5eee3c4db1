import type { MarkedCrop } from "../measures/evaluate-case.ts";
import type { Encoding, Gaussian } from "../network/encoding.ts";
import type { Mask } from "../values/slice.ts";
import type { SoftMasks } from "./energy-distance.ts";
import { type Box, type HeadMaps, mapsWithin } from "./head-maps.ts";
import type { LinearHead } from "./linear-head.ts";

/** What learning keeps of a case: the parent's maps and the graders' masks of a part of its region. */
export interface TeachCase {
  readonly maps: HeadMaps;
  readonly prior: Gaussian;
  readonly masks: SoftMasks;
}

/** The middle of a region that is always seen, px, and the steps in which the part is widened around marks. */
const MIDDLE = 64;
const STEP = 16;
/** Pixels around the graders' marks that are seen too. */
const MARGIN = 8;

export function teachCase(head: LinearHead, encoding: Encoding, { graders }: MarkedCrop): TeachCase {
  const box = boxAround(graders, encoding.width);
  const pixels = box.width * box.height;
  const values = new Float32Array(graders.length * pixels);
  for (const [g, { bits, width }] of graders.entries()) {
    for (let row = 0; row < box.height; row++) {
      const from = (box.y + row) * width + box.x;
      values.set(bits.subarray(from, from + box.width), g * pixels + row * box.width);
    }
  }
  return { maps: mapsWithin(head, encoding, box), prior: encoding.prior, masks: { count: graders.length, values } };
}

/** The middle 64×64 of a region, and all that a grader marked with 8 px around it, in steps of 16 px. */
export function boxAround(graders: readonly Mask[], size: number): Box {
  const middle = Math.max(0, Math.floor((size - MIDDLE) / 2));
  const box = { x0: middle, y0: middle, x1: Math.min(size, middle + MIDDLE), y1: Math.min(size, middle + MIDDLE) };
  for (const { bits, width } of graders) {
    for (let at = bits.indexOf(1); at >= 0; at = bits.indexOf(1, at + 1)) {
      const [x, y] = [at % width, Math.floor(at / width)];
      box.x0 = Math.min(box.x0, x - MARGIN);
      box.y0 = Math.min(box.y0, y - MARGIN);
      box.x1 = Math.max(box.x1, x + 1 + MARGIN);
      box.y1 = Math.max(box.y1, y + 1 + MARGIN);
    }
  }
  const down = (from: number) => Math.max(0, Math.floor(from / STEP) * STEP);
  const up = (to: number) => Math.min(size, Math.ceil(to / STEP) * STEP);
  const [x, y] = [down(box.x0), down(box.y0)];
  return { x, y, width: up(box.x1) - x, height: up(box.y1) - y };
}

/** Bytes that a case takes. */
export function teachCaseBytes({ maps, masks }: TeachCase): number {
  return maps.maps.byteLength + masks.values.byteLength;
}
