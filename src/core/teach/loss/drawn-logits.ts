import { readingOf, type ShiftReading } from "../../network/shift-and-gate.ts";
import type { HeadMaps } from "../head-maps.ts";
import { type LinearHead, mapPlaces } from "../linear-head.ts";
import type { SeenPixels } from "../seen-pixels.ts";
import type { TeachDraws } from "../teach-draws.ts";

/** Logits of draws, and what their gradient needs again. */
export interface DrawnLogits {
  /** [N, P], after envelope and shift. */
  readonly logits: Float32Array;
  /** [S, P]: amplitudes after their softplus. */
  readonly amplitude: Float32Array;
  /** [N, P]: slope of a logit under the envelope in the one without; null without an envelope. */
  readonly held: Float32Array | null;
}

/** logits_n = mean + factor·z_n + Σ_s softplus(amplitude_s)·wave_ns, under the envelope, read off by the shift. */
export function drawnLogits(
  head: LinearHead,
  seen: SeenPixels,
  { pixels, maps }: HeadMaps,
  draws: TeachDraws,
): DrawnLogits {
  const places = mapPlaces(head);
  const fields = head.fieldSpacings.length;
  const amplitude = new Float32Array(fields * pixels);
  for (let i = 0; i < amplitude.length; i++) {
    const a = maps[places.amplitude * pixels + i] as number;
    amplitude[i] = Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
  }
  const logits = new Float32Array(draws.count * pixels);
  const held = head.envelope ? new Float32Array(draws.count * pixels) : null;
  for (let n = 0; n < draws.count; n++) {
    const own = logits.subarray(n * pixels, (n + 1) * pixels);
    own.set(maps.subarray(0, pixels));
    for (let l = 0; l < head.latent; l++) {
      addScaled(own, maps, (places.factor + l) * pixels, draws.z[n * head.latent + l] as number);
    }
    for (let s = 0; s < fields; s++) {
      const [from, wave] = [s * pixels, (s * draws.count + n) * pixels];
      for (let p = 0; p < pixels; p++) {
        own[p] = (own[p] as number) + (amplitude[from + p] as number) * (draws.waves[wave + p] as number);
      }
    }
    if (held) hold(maps.subarray(places.top * pixels), own, held.subarray(n * pixels, (n + 1) * pixels));
    if (draws.shift) own.set(shifted(own, seen, reading(draws.shift, n)));
  }
  return { logits, amplitude, held };
}

/** Gradient [K, P] of a loss in the maps, of its gradient [N, P] in the logits. */
export function gradientInMaps(
  head: LinearHead,
  seen: SeenPixels,
  draws: TeachDraws,
  { amplitude, held }: DrawnLogits,
  gradient: Float32Array,
): Float32Array {
  const places = mapPlaces(head);
  const pixels = seen.at.length;
  const fields = head.fieldSpacings.length;
  const found = new Float32Array(places.count * pixels);
  for (let n = 0; n < draws.count; n++) {
    let own = gradient.subarray(n * pixels, (n + 1) * pixels);
    if (draws.shift) own = spread(own, seen, reading(draws.shift, n));
    if (held) own = underHold(own, held.subarray(n * pixels, (n + 1) * pixels), found.subarray(places.top * pixels));
    addScaled(found.subarray(0, pixels), own, 0, 1);
    for (let l = 0; l < head.latent; l++) {
      const from = (places.factor + l) * pixels;
      addScaled(found.subarray(from, from + pixels), own, 0, draws.z[n * head.latent + l] as number);
    }
    for (let s = 0; s < fields; s++) {
      const [to, wave] = [(places.amplitude + s) * pixels, (s * draws.count + n) * pixels];
      for (let p = 0; p < pixels; p++) {
        found[to + p] = (found[to + p] as number) + (own[p] as number) * (draws.waves[wave + p] as number);
      }
    }
  }
  // d softplus(a) / da = sigmoid(a) = 1 − e^(−softplus(a))
  for (let i = 0; i < amplitude.length; i++) {
    const at = places.amplitude * pixels + i;
    found[at] = -(found[at] as number) * Math.expm1(-(amplitude[i] as number));
  }
  return found;
}

function addScaled(to: Float32Array, from: Float32Array, start: number, scale: number): void {
  for (let p = 0; p < to.length; p++) to[p] = (to[p] as number) + scale * (from[start + p] as number);
}

/** top − softplus(top − y) in place of y; its slope sigmoid(top − y) into `slopes`. */
function hold(top: Float32Array, logits: Float32Array, slopes: Float32Array): void {
  for (let p = 0; p < logits.length; p++) {
    const gap = (top[p] as number) - (logits[p] as number);
    const e = Math.exp(-Math.abs(gap));
    slopes[p] = gap >= 0 ? 1 / (1 + e) : e / (1 + e);
    logits[p] = (top[p] as number) - Math.max(gap, 0) - Math.log1p(e);
  }
}

/** The gradient before the envelope; what is left of it belongs to the envelope, to whose own it is added. */
function underHold(gradient: Float32Array, slopes: Float32Array, top: Float32Array): Float32Array {
  const found = new Float32Array(gradient.length);
  for (let p = 0; p < found.length; p++) {
    const g = gradient[p] as number;
    const through = g * (slopes[p] as number);
    found[p] = through;
    top[p] = (top[p] as number) + g - through;
  }
  return found;
}

function reading(shift: Float32Array, n: number): ShiftReading {
  return readingOf({ dx: shift[2 * n] as number, dy: shift[2 * n + 1] as number, drawn: true });
}

/** The four pixels that a shifted one is read from, with their shares; held at the border, itself where one is not seen. */
function taps({ width, height, at, index }: SeenPixels, { column, row, right, below }: ShiftReading, i: number) {
  const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const [x, y] = [((at[i] as number) % width) + column, Math.floor((at[i] as number) / width) + row];
  const place = (px: number, py: number) => {
    const found = index[clamp(py, height - 1) * width + clamp(px, width - 1)] as number;
    return found < 0 ? i : found;
  };
  return [
    [place(x, y), (1 - right) * (1 - below)],
    [place(x + 1, y), right * (1 - below)],
    [place(x, y + 1), (1 - right) * below],
    [place(x + 1, y + 1), right * below],
  ] as const;
}

function shifted(map: Float32Array, seen: SeenPixels, by: ShiftReading): Float32Array {
  return map.map((_, i) => {
    let sum = 0;
    for (const [at, share] of taps(seen, by, i)) sum += share * (map[at] as number);
    return sum;
  });
}

/** The other way round: what each pixel got of the gradient goes back to where it was read. */
function spread(gradient: Float32Array, seen: SeenPixels, by: ShiftReading): Float32Array {
  const found = new Float32Array(gradient.length);
  for (let i = 0; i < gradient.length; i++) {
    for (const [at, share] of taps(seen, by, i)) {
      found[at] = (found[at] as number) + share * (gradient[i] as number);
    }
  }
  return found;
}
