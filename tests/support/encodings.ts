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

/** Width, height, number of samples. */
type Size = readonly [number, number, number];

/** Each part of a head alone, odd sizes of it, and all of them together; null: as large as a kernel wants it. */
const HEADS = {
  "a comb of 16 channels": [{ comb: true, channels: 16, latent: 6 }, null],
  "a comb whose channels are no multiple of four": [{ comb: true, channels: 6, latent: 3 }, [9, 5, 3]],
  "a comb without hidden layers": [{ comb: true, channels: 5, latent: 1, hidden: 0 }, [3, 3, 2]],
  "a mean map with an even factor": [{ comb: false, latent: 10, factor: true }, [17, 13, 4]],
  "a mean map with an odd factor, on one pixel": [{ comb: false, latent: 3, factor: true }, [1, 1, 1]],
  "fields on an odd picture": [{ comb: false, latent: 2, factor: true, fieldSpacings: [8, 4] }, [37, 29, 3]],
  "an envelope": [{ comb: false, latent: 2, factor: true, envelope: true }, [8, 8, 3]],
  "samples that lie off, by more than a block to both sides": [
    { comb: false, latent: 2, factor: true, shift: 6 },
    [21, 11, 9],
  ],
  "a gate that shuts on half of the samples": [{ comb: false, latent: 2, factor: true, presence: 0 }, [9, 8, 8]],
  "a shift and a gate behind all the other parts": [
    {
      ...{ comb: true, channels: 7, latent: 5, factor: true, fieldSpacings: [8, 3], envelope: true },
      ...{ shift: 0.6, presence: 1 },
    },
    null,
  ],
  "every part but a shift and a gate": [
    { comb: true, channels: 7, latent: 5, factor: true, fieldSpacings: [8, 4, 3], envelope: true },
    null,
  ],
} as const satisfies Record<string, readonly [Parts, Size | null]>;

type Heads = typeof HEADS;
type Unsized = { [K in keyof Heads]: Heads[K][1] extends null ? K : never }[keyof Heads];

/** The heads that every kernel is held against, a row for `test.each`. */
export function headCases(sizes: Readonly<Record<Unsized, Size>>): [string, Parts, number, number, number][] {
  return Object.entries(HEADS).map(([name, [parts, size]]) => [name, parts, ...(size ?? sizes[name as Unsized])]);
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
