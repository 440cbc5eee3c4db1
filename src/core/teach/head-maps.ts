import type { Encoding } from "../network/encoding.ts";
import { softplus } from "../network/logits.ts";
import { type LinearHead, mapPlaces } from "./linear-head.ts";

/** A part of a region, px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a head's layers made of a part of a region, before any draw. */
export interface HeadMaps {
  readonly width: number;
  readonly height: number;
  /** [K, height, width]: mean, factor, amplitudes before their softplus, envelope (`mapPlaces`). */
  readonly maps: Float32Array;
  /** The gate's logit; 0 without a gate. */
  readonly presence: number;
}

/** A softplus under it rounds to 0, whose logarithm there is not. */
const LEAST_AMPLITUDE = 1e-30;

/** The maps of an encoding within `box`, one behind the other. */
export function mapsWithin(head: LinearHead, encoding: Encoding, box: Box): HeadMaps {
  const places = mapPlaces(head);
  const { width, height } = box;
  const maps = new Float32Array(places.count * width * height);
  const { latent } = head;
  const fields = head.fieldSpacings.length;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (box.y + row) * encoding.width + box.x + column;
      const to = row * width + column;
      const put = (k: number, value: number) => {
        maps[k * width * height + to] = value;
      };
      put(0, encoding.base[from] as number);
      for (let l = 0; l < latent; l++) put(places.factor + l, encoding.factor?.[from * latent + l] as number);
      for (let s = 0; s < fields; s++) {
        put(places.amplitude + s, beforeSoftplus(encoding.amplitude?.[from * fields + s] as number));
      }
      if (places.top >= 0) put(places.top, encoding.top?.[from] as number);
    }
  }
  return { width, height, maps, presence: encoding.presence ?? 0 };
}

/** An encoding with the maps of its whole region in the place of its own. */
export function encodingOf(head: LinearHead, { width, height, maps, presence }: HeadMaps, like: Encoding): Encoding {
  const places = mapPlaces(head);
  const pixels = width * height;
  const side = (first: number, count: number) => {
    const found = new Float32Array(pixels * count);
    for (let k = 0; k < count; k++) {
      for (let p = 0; p < pixels; p++) found[p * count + k] = maps[(first + k) * pixels + p] as number;
    }
    return found;
  };
  const fields = head.fieldSpacings.length;
  return {
    ...like,
    base: side(0, 1),
    factor: side(places.factor, head.latent),
    ...(fields > 0 && { amplitude: side(places.amplitude, fields).map(softplus) }),
    ...(places.top >= 0 && { top: side(places.top, 1) }),
    ...(head.gate && { presence }),
  };
}

/** log(eᵃ − 1): the inverse of the softplus. */
function beforeSoftplus(amplitude: number): number {
  const a = Math.max(amplitude, LEAST_AMPLITUDE);
  return a > 20 ? a : Math.log(Math.expm1(a));
}
