import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { latticeSizes } from "../random/draws.ts";
import { CombPixel, movedBy } from "./comb.ts";
import type { Draw, Encoding, HeadWeights } from "./encoding.ts";
import { upsampleField } from "./field.ts";

/** log(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Past these a probability in 32 bits says no more than that it is 0 or 1. */
const MOST_TOLD = 16;

/** The logit of a probability, in −16 … 16. */
export function logitOf(p: number): number {
  return Math.max(-MOST_TOLD, Math.min(MOST_TOLD, Math.log(p / (1 - p))));
}

/** comb(base + W_z·z) [H,W], or the mean map where there is no comb. */
function combined(head: HeadWeights, { width, height, channels, base }: Encoding, z: Float32Array): Float64Array {
  const found = new Float64Array(width * height);
  if (!head.comb) return found.map((_, pixel) => base[pixel * channels] as number);
  const moved = movedBy(head.comb, z, channels);
  const comb = new CombPixel(head.comb, channels);
  return found.map((_, pixel) => comb.logit(base, pixel * channels, moved));
}

/** factor·z, added to `logits` in place. */
function addFactor(factor: Float32Array, z: Float32Array, logits: Float64Array): void {
  for (let pixel = 0; pixel < logits.length; pixel++) {
    let sum = logits[pixel] as number;
    for (let l = 0; l < z.length; l++) sum += (factor[pixel * z.length + l] as number) * (z[l] as number);
    logits[pixel] = sum;
  }
}

/** Holds the logits under the envelope, in place. */
function hold(top: Float32Array, logits: Float64Array): void {
  for (let i = 0; i < logits.length; i++) {
    const ceiling = top[i] as number;
    logits[i] = ceiling - softplus(ceiling - (logits[i] as number));
  }
}

/** Σ_s fieldScale · amplitude_s · upsample(field_s), added to `logits` in place. */
function addFields(head: HeadWeights, encoding: Encoding, fields: readonly Float32Array[], logits: Float64Array): void {
  const { width, height, amplitude } = encoding;
  const count = head.fieldSpacings.length;
  latticeSizes(width, height, head.fieldSpacings).forEach((grid, s) => {
    const wave = upsampleField(fields[s] as Float32Array, grid, width, height);
    for (let i = 0; i < wave.length; i++) {
      logits[i] =
        (logits[i] as number) + head.fieldScale * (amplitude?.[i * count + s] as number) * (wave[i] as number);
    }
  });
}

/**
 * Logits [H,W] of one draw: comb + factor·z + Σ amplitude·field, held under the envelope: top − softplus(top − y).
 * Parts that the model lacks are left out; absent fields count as 0. @throws BadArgument: sizes that do not fit
 */
export function logitsOf(head: HeadWeights, encoding: Encoding, draw: Draw): Float32Array {
  assertFits(head, encoding, draw);
  const { factor, top } = encoding;
  const logits = combined(head, encoding, draw.z);
  if (factor) addFactor(factor, draw.z, logits);
  if (draw.fields && head.fieldSpacings.length > 0) addFields(head, encoding, draw.fields, logits);
  if (top) hold(top, logits);
  return new Float32Array(logits);
}

/** What one draw's logits are made of, each [H,W]; null where the model lacks the part or the draw has none. */
export interface LogitParts {
  /** comb(base + W_z·z), or the mean map. */
  readonly start: Float32Array;
  /** Σ_k z_k · factor_k */
  readonly factor: Float32Array | null;
  /** Σ_s fieldScale · amplitude_s · upsample(field_s) */
  readonly fields: Float32Array | null;
  /** start + factor + fields, before the envelope. */
  readonly sum: Float32Array;
  /** `logitsOf` the draw: the sum held under the envelope, before shift and gate. */
  readonly logits: Float32Array;
}

/** `logitsOf` a draw, step by step. @throws BadArgument: sizes that do not fit */
export function logitPartsOf(head: HeadWeights, encoding: Encoding, draw: Draw): LogitParts {
  assertFits(head, encoding, draw);
  const { factor, top, width, height } = encoding;
  const start = combined(head, encoding, draw.z);
  const ofFactor = factor ? new Float64Array(width * height) : null;
  if (factor && ofFactor) addFactor(factor, draw.z, ofFactor);
  const ofFields = draw.fields && head.fieldSpacings.length > 0 ? new Float64Array(width * height) : null;
  if (draw.fields && ofFields) addFields(head, encoding, draw.fields, ofFields);
  const sum = start.map((value, i) => value + (ofFactor?.[i] ?? 0) + (ofFields?.[i] ?? 0));
  const logits = sum.slice();
  if (top) hold(top, logits);
  const rounded = (map: Float64Array | null) => map && new Float32Array(map);
  return {
    start: new Float32Array(start),
    factor: rounded(ofFactor),
    fields: rounded(ofFields),
    sum: new Float32Array(sum),
    logits: new Float32Array(logits),
  };
}

/** @throws BadArgument */
export function assertFits(head: HeadWeights, encoding: Encoding, draw: Draw): void {
  const { width, height } = encoding;
  const nodes = latticeSizes(width, height, draw.fields ? head.fieldSpacings : []).map((g) => g.width * g.height);
  const fits =
    draw.z.length === head.latent &&
    encoding.channels === head.channels &&
    encoding.base.length === width * height * encoding.channels &&
    nodes.every((count, s) => draw.fields?.[s]?.length === count);
  if (fits) return;
  throw new GraderspaceError("BadArgument", {
    problem: say`this encoding or z belongs to another model or picture size`,
    remedy: say`encode the region again with the model in use`,
  });
}
