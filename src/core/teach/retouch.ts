import type { Encoding } from "../network/encoding.ts";
import { encodingOf, type HeadMaps, mapsAt } from "./head-maps.ts";
import { type LinearHead, mapPlaces } from "./linear-head.ts";

// A head's layers hold hundreds of numbers, and forty cases overfit them within fifty steps (docs/teach.md). What is
// learnt is how the parent's maps are mixed: a gain and an offset a layer, and where z's mean lies. The layers are
// linear, so the outcome is a head of the same form.

/**
 * Numbers of a retouch (`retouchPlaces`); all 0: the parent. mean′ = (1 + gain)·mean + offset + factor·turn; factor′ =
 * (1 + gain)·factor; amplitude and envelope as the mean, the amplitude before its softplus; the gate's logit likewise.
 */
export type Retouch = Float32Array;

/** One layer's numbers in a retouch: places of its gain and of its offset, −1 where it has none. */
export interface LayerTouch {
  readonly gain: number;
  readonly offset: number;
  /** Its maps: from `first` on, `count` of them. */
  readonly first: number;
  readonly count: number;
}

export interface RetouchPlaces {
  /** By PyTorch's name. */
  readonly layers: Readonly<Partial<Record<"mean" | "factor" | "amplitude" | "envelope", LayerTouch>>>;
  /** L numbers: z's mean, in the parent's z. */
  readonly turn: number;
  /** Gain and offset of the gate's logit; −1 without a gate. */
  readonly gate: number;
  readonly length: number;
}

export function retouchPlaces(head: LinearHead): RetouchPlaces {
  const maps = mapPlaces(head);
  const fields = head.fieldSpacings.length;
  let next = 0;
  const take = (first: number, count: number, withOffset = true): LayerTouch => {
    const gain = next++;
    return { gain, offset: withOffset ? next++ : -1, first, count };
  };
  const layers = {
    mean: take(maps.mean, 1),
    factor: take(maps.factor, head.latent, false), // an offset would be the same slope everywhere: nobody draws so
    ...(fields > 0 && { amplitude: take(maps.amplitude, fields) }),
    ...(head.envelope && { envelope: take(maps.top, 1) }),
  };
  const turn = next;
  const gate = head.gate ? turn + head.latent : -1;
  return { layers, turn, gate, length: turn + head.latent + (head.gate ? 2 : 0) };
}

/** The parent's maps as the retouched head makes them. */
export function retouched(head: LinearHead, { pixels, maps, presence }: HeadMaps, retouch: Retouch): HeadMaps {
  const { layers, turn, gate } = retouchPlaces(head);
  const { factor } = mapPlaces(head);
  const found = new Float32Array(maps.length);
  for (const layer of Object.values(layers)) {
    const gain = 1 + (retouch[layer.gain] as number);
    const offset = layer.offset < 0 ? 0 : (retouch[layer.offset] as number);
    const end = (layer.first + layer.count) * pixels;
    for (let p = layer.first * pixels; p < end; p++) found[p] = gain * (maps[p] as number) + offset;
  }
  for (let l = 0; l < head.latent; l++) {
    const by = retouch[turn + l] as number;
    const from = (factor + l) * pixels;
    for (let p = 0; p < pixels; p++) found[p] = (found[p] as number) + by * (maps[from + p] as number);
  }
  if (gate < 0) return { pixels, maps: found, presence };
  const logit = (1 + (retouch[gate] as number)) * presence + (retouch[gate + 1] as number);
  return { pixels, maps: found, presence: logit };
}

/** Adds the gradient in the retouch, of that in the maps [K, P] and in the gate's logit, times `scale`, to `sum`. */
export function addRetouchGradient(
  head: LinearHead,
  { pixels, maps, presence }: HeadMaps,
  inMaps: Float32Array,
  inGate: number,
  scale: number,
  sum: Float32Array,
): void {
  const { layers, turn, gate } = retouchPlaces(head);
  const { factor } = mapPlaces(head);
  const add = (i: number, value: number) => {
    sum[i] = (sum[i] as number) + scale * value;
  };
  for (const layer of Object.values(layers)) {
    let [gain, offset] = [0, 0];
    const end = (layer.first + layer.count) * pixels;
    for (let p = layer.first * pixels; p < end; p++) {
      gain += (inMaps[p] as number) * (maps[p] as number);
      offset += inMaps[p] as number;
    }
    add(layer.gain, gain);
    if (layer.offset >= 0) add(layer.offset, offset);
  }
  for (let l = 0; l < head.latent; l++) {
    let along = 0;
    for (let p = 0; p < pixels; p++) along += (inMaps[p] as number) * (maps[(factor + l) * pixels + p] as number);
    add(turn + l, along);
  }
  if (gate < 0) return;
  add(gate, inGate * presence);
  add(gate + 1, inGate);
}

/** Gradient [K, P] in the parent's maps, of that in the retouched ones: what goes on to the layers below. */
export function gradientBelow(head: LinearHead, inMaps: Float32Array, retouch: Retouch): Float32Array {
  const { layers, turn } = retouchPlaces(head);
  const places = mapPlaces(head);
  const pixels = inMaps.length / places.count;
  const found = new Float32Array(inMaps.length);
  for (const { first, count, gain } of Object.values(layers)) {
    for (let p = first * pixels; p < (first + count) * pixels; p++) {
      found[p] = (1 + (retouch[gain] as number)) * (inMaps[p] as number);
    }
  }
  for (let l = 0; l < head.latent; l++) {
    const from = (places.factor + l) * pixels;
    for (let p = 0; p < pixels; p++) {
      found[from + p] = (found[from + p] as number) + (retouch[turn + l] as number) * (inMaps[p] as number);
    }
  }
  return found;
}

/** What the retouched head makes of the image behind an encoding of its parent. */
export function retouchedEncoding(head: LinearHead, encoding: Encoding, retouch: Retouch): Encoding {
  return encodingOf(head, retouched(head, mapsAt(head, encoding), retouch), encoding);
}
