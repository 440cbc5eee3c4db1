import type { Encoding } from "../network/encoding.ts";
import { softplus } from "../network/logits.ts";
import { type LinearHead, mapPlaces } from "./linear-head.ts";

/** What a head's layers made of some pixels of a region, before any draw. */
export interface HeadMaps {
  /** P */
  readonly pixels: number;
  /** [K, P]: mean, factor, amplitudes before their softplus, envelope (`mapPlaces`). */
  readonly maps: Float32Array;
  /** The gate's logit; 0 without a gate. */
  readonly presence: number;
}

/** A softplus under it rounds to 0, whose logarithm there is not. */
const LEAST_AMPLITUDE = 1e-30;

/** The maps of an encoding at these places, one behind the other; of the whole region where none are given. */
export function mapsAt(head: LinearHead, encoding: Encoding, at?: Int32Array): HeadMaps {
  const places = mapPlaces(head);
  const { latent } = head;
  const fields = head.fieldSpacings.length;
  const pixels = at?.length ?? encoding.width * encoding.height;
  const maps = new Float32Array(places.count * pixels);
  for (let i = 0; i < pixels; i++) {
    const from = at ? (at[i] as number) : i;
    maps[i] = encoding.base[from] as number;
    for (let l = 0; l < latent; l++)
      maps[(places.factor + l) * pixels + i] = encoding.factor?.[from * latent + l] as number;
    for (let s = 0; s < fields; s++) {
      maps[(places.amplitude + s) * pixels + i] = beforeSoftplus(encoding.amplitude?.[from * fields + s] as number);
    }
    if (places.top >= 0) maps[places.top * pixels + i] = encoding.top?.[from] as number;
  }
  return { pixels, maps, presence: encoding.presence ?? 0 };
}

/** An encoding with the maps of its whole region in the place of its own. */
export function encodingOf(head: LinearHead, { pixels, maps, presence }: HeadMaps, like: Encoding): Encoding {
  const places = mapPlaces(head);
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
    base: side(places.mean, 1),
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
