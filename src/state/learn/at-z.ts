import { movedBy } from "../../core/network/comb.ts";
import type { Draw, Encoding, HeadWeights } from "../../core/network/encoding.ts";
import { type LogitParts, logitOf, logitPartsOf } from "../../core/network/logits.ts";
import { gateOf } from "../../core/network/shift-and-gate.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { currentKey } from "../explore/busy.ts";
import { encodedIsFresh } from "../explore/keys.ts";
import { currentDraw, currentU } from "../explore/latent/z.ts";
import { currentOnScreen } from "../explore/shown.ts";
import { insidesOnScreen } from "./levels-on-screen.ts";

/** Where f_comb begins, at the z on the sliders. */
export interface CombAtZ {
  /** [C] = W_z·z: what z adds to each channel of every pixel. */
  readonly added: Float64Array;
  /** max(base + W_z·z, 0) of the base's strongest channels, each [H,W]. */
  readonly active: readonly { readonly channel: number; readonly values: Float32Array }[];
}

/** Makes something of the region's encoding and the z on the sliders, once for each z. */
function atZ<T>(make: (head: HeadWeights, encoding: Encoding, draw: Draw) => T) {
  let last: { readonly encoding: Encoding; readonly key: string; readonly value: T } | null = null;
  return (state: State): T | null => {
    const key = currentKey(state);
    const encoding = encodedIsFresh(state) ? state.encoded?.value.encoding : null;
    const head = state.model?.value.decode;
    if (key === null || !encoding || !head) return null;
    if (last?.encoding === encoding && last.key === key) return last.value;
    const draw = currentDraw(state);
    if (!draw) return null;
    last = { encoding, key, value: make(head, encoding, draw) };
    return last.value;
  };
}

/** The logits at the z on the sliders, step by step, before shift and gate. */
export const logitPartsAtZ: (state: State) => LogitParts | null = atZ(logitPartsOf);

const addedAtZ = atZ((head, { channels }, { z }) => head.comb && movedBy(head.comb, z, channels));

/** f_comb's first layer at the z on the sliders; null without f_comb, or while the levels are on their way. */
export const combAtZ = derive(
  (state: State) => [state.encoded?.value.encoding, insidesOnScreen(state)?.base, addedAtZ(state)] as const,
  (encoding, base, added): CombAtZ | null => {
    if (!encoding || !base || !added) return null;
    const pixels = encoding.width * encoding.height;
    const active = base.shown.map(({ channel }) => {
      const more = added[channel] as number;
      const values = new Float32Array(pixels);
      for (let i = 0; i < pixels; i++) {
        values[i] = Math.max(0, (encoding.base[i * encoding.channels + channel] as number) + more);
      }
      return { channel, values };
    });
    return { added, active };
  },
);

/** Logits [H,W] of what the decoder drew for the z on the sliders, from its probabilities. */
export const logitsOnScreen = derive(
  (state: State) => [currentOnScreen(state)] as const,
  (p): Float32Array | null => (p ? p.map(logitOf) : null),
);

/** The gate at what is shown: u, the edge up to which nothing is drawn, and p(x). Null without a gate. */
export const gateAtZ = derive(
  (state: State) =>
    [encodedIsFresh(state) ? state.encoded?.value.encoding?.presence : undefined, currentU(state)] as const,
  (presence, u) =>
    presence === undefined || u === null
      ? null
      : { u, edge: gateOf(presence), probability: 1 / (1 + Math.exp(-presence)) },
);

/** One axis's map of a low-rank factor, and of the amplitudes: [H,W,N] → N maps [H,W]. */
function unwoven(maps: Float32Array | undefined, pixels: number): readonly Float32Array[] {
  if (!maps) return [];
  const count = maps.length / pixels;
  return Array.from({ length: count }, (_, n) =>
    Float32Array.from({ length: pixels }, (_, i) => maps[i * count + n] as number),
  );
}

/** The maps that a head past the paper has, each [H,W]; the same for every z. */
export const headMaps = derive(
  (state: State) => [encodedIsFresh(state) ? state.encoded?.value.encoding : null] as const,
  (encoding) => {
    if (!encoding) return null;
    const pixels = encoding.width * encoding.height;
    return {
      mean: encoding.channels === 1 ? encoding.base : null,
      factor: unwoven(encoding.factor, pixels),
      amplitude: unwoven(encoding.amplitude, pixels),
      top: encoding.top ?? null,
    };
  },
);
