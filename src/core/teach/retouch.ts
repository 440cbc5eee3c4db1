import type { Encoding } from "../network/encoding.ts";
import { encodingOf, type HeadMaps, mapsWithin } from "./head-maps.ts";
import { type LinearHead, mapPlaces } from "./linear-head.ts";

// A head's layers hold hundreds of numbers, and forty cases overfit them within fifty steps (docs/teach.md). What is
// learnt is how the parent's maps are mixed: a gain and an offset each, and where z's mean lies. As the layers are
// linear, the outcome is a head of the same form.

/**
 * Numbers of a retouch, [2K + L] and 2 more with a gate; all 0: the parent.
 * map_k′ = (1 + gain_k)·map_k + offset_k; mean′ also + factor·turn; logit′ of the gate = (1 + gain)·logit + offset.
 */
export type Retouch = Float32Array;

export function retouchLength(head: LinearHead): number {
  return 2 * mapPlaces(head).count + head.latent + (head.gate ? 2 : 0);
}

/** Where the numbers stand: gains (K), offsets (K), turn (L), the gate's gain and offset. */
interface RetouchPlaces {
  readonly offset: number;
  readonly turn: number;
  readonly gate: number;
}

export function retouchPlaces(head: LinearHead): RetouchPlaces {
  const { count } = mapPlaces(head);
  return { offset: count, turn: 2 * count, gate: 2 * count + head.latent };
}

/** The parent's maps as the retouched head makes them. */
export function retouched(head: LinearHead, parent: HeadMaps, retouch: Retouch): HeadMaps {
  const { width, height, maps, presence } = parent;
  const { count, factor } = mapPlaces(head);
  const at = retouchPlaces(head);
  const pixels = width * height;
  const found = new Float32Array(maps.length);
  for (let k = 0; k < count; k++) {
    const [gain, offset] = [1 + (retouch[k] as number), retouch[at.offset + k] as number];
    for (let p = k * pixels; p < (k + 1) * pixels; p++) found[p] = gain * (maps[p] as number) + offset;
  }
  for (let l = 0; l < head.latent; l++) {
    const turn = retouch[at.turn + l] as number;
    const from = (factor + l) * pixels;
    for (let p = 0; p < pixels; p++) found[p] = (found[p] as number) + turn * (maps[from + p] as number);
  }
  const [gain, offset] = head.gate ? [1 + (retouch[at.gate] as number), retouch[at.gate + 1] as number] : [1, 0];
  return { width, height, maps: found, presence: gain * presence + offset };
}

/** Adds the gradient in the retouch, of that in the maps [K, P] and in the gate's logit, times `scale`, to `sum`. */
export function addRetouchGradient(
  head: LinearHead,
  { width, height, maps, presence }: HeadMaps,
  inMaps: Float32Array,
  inGate: number,
  scale: number,
  sum: Float32Array,
): void {
  const { count, factor } = mapPlaces(head);
  const at = retouchPlaces(head);
  const pixels = width * height;
  const add = (i: number, value: number) => {
    sum[i] = (sum[i] as number) + scale * value;
  };
  for (let k = 0; k < count; k++) {
    let [gain, offset] = [0, 0];
    for (let p = k * pixels; p < (k + 1) * pixels; p++) {
      const g = inMaps[p] as number;
      gain += g * (maps[p] as number);
      offset += g;
    }
    add(k, gain);
    add(at.offset + k, offset);
  }
  for (let l = 0; l < head.latent; l++) {
    let turn = 0;
    for (let p = 0; p < pixels; p++) turn += (inMaps[p] as number) * (maps[(factor + l) * pixels + p] as number);
    add(at.turn + l, turn);
  }
  if (!head.gate) return;
  add(at.gate, inGate * presence);
  add(at.gate + 1, inGate);
}

/** What the retouched head makes of the image behind an encoding of its parent. */
export function retouchedEncoding(head: LinearHead, encoding: Encoding, retouch: Retouch): Encoding {
  const { width, height } = encoding;
  const whole = mapsWithin(head, encoding, { x: 0, y: 0, width, height });
  return encodingOf(head, retouched(head, whole, retouch), encoding);
}
