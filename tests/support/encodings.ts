import type { Dense, Draw, Encoding, HeadWeights } from "../../src/core/network/encoding.ts";
import { latticeSizes } from "../../src/core/random/draws.ts";
import { normals } from "../../src/core/random/random.ts";

/** Which parts of the general head a made-up model has. */
export interface Parts {
  readonly comb: boolean;
  readonly channels?: number;
  /** C→C layers of the comb. */
  readonly hidden?: number;
  readonly latent: number;
  readonly factor?: boolean;
  readonly fieldSpacings?: readonly number[];
  readonly envelope?: boolean;
  /** σ in px. */
  readonly shift?: number;
  /** The gate's logit. */
  readonly presence?: number;
}

/** Random weights whose logits stay around 0, so that every part shows in the probabilities. */
export function madeUpHead(parts: Parts, seed = 1): HeadWeights {
  const channels = parts.comb ? (parts.channels ?? 4) : 1;
  const scaled = (stream: number, count: number, scale: number) =>
    normals(seed, [stream], count).map((value) => value * scale);
  const dense = (stream: number, inputs: number, outputs: number): Dense => ({
    inputs,
    outputs,
    weights: scaled(stream, inputs * outputs, Math.sqrt(2 / inputs)),
    bias: scaled(stream + 1, outputs, 0.3),
  });
  const hidden = Array.from({ length: parts.hidden ?? 2 }, (_, k) => dense(10 + 2 * k, channels, channels));
  return {
    latent: parts.latent,
    channels,
    comb: parts.comb
      ? { latent: scaled(1, parts.latent * channels, 0.7), layers: [...hidden, dense(2, channels, 1)] }
      : null,
    fieldSpacings: parts.fieldSpacings ?? [],
    fieldScale: 1.5,
    ...(parts.shift !== undefined && { shift: parts.shift }),
    ...(parts.presence !== undefined && { gate: true }),
  };
}

/** Random maps of a picture of this size for that head. */
export function madeUpEncoding(head: HeadWeights, parts: Parts, width: number, height: number, seed = 2): Encoding {
  const map = (stream: number, channels: number) => normals(seed, [stream], width * height * channels);
  return {
    width,
    height,
    channels: head.channels,
    base: map(1, head.channels),
    ...(parts.factor && { factor: map(2, head.latent) }),
    ...(head.fieldSpacings.length > 0 && { amplitude: map(3, head.fieldSpacings.length).map(Math.abs) }),
    ...(parts.envelope && { top: map(4, 1).map((value) => value * 3) }),
    ...(parts.presence !== undefined && { presence: parts.presence }),
    prior: { mean: new Float32Array(head.latent), logSigma: new Float32Array(head.latent) },
  };
}

/** `count` standard normal draws, with fields where the head has them. */
export function madeUpDraws(head: HeadWeights, encoding: Encoding, count: number, seed = 3): Draw[] {
  const grids = latticeSizes(encoding.width, encoding.height, head.fieldSpacings);
  return Array.from({ length: count }, (_, n) => ({
    z: normals(seed, [n, 0], head.latent),
    ...(grids.length > 0 && { fields: grids.map((g, s) => normals(seed, [n, s + 1], g.width * g.height)) }),
    ...(head.shift && { shift: [...normals(seed, [n, -1], 2)] as [number, number] }),
    ...(head.gate && { u: normals(seed, [n, -2], 1)[0] as number }),
  }));
}
