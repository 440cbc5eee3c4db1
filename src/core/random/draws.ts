import type { Draw, Gaussian, HeadWeights } from "../network/encoding.ts";
import { draw } from "./gaussian.ts";
import { normalsOf, type SampleOrder } from "./orders.ts";

/** What of a model decides how much chance one sample needs. */
export type Chance = Pick<HeadWeights, "latent" | "fieldSpacings" | "shift" | "gate">;

/** Streams of a sample beside those of z (0) and the fields (1 …). */
const OF_SHIFT = -1;
const OF_GATE = -2;

/** The standard normals behind one sample, before prior and strength. */
export interface Epsilon {
  /** [L] */
  readonly z: Float32Array;
  /** One grid per spacing, row-major, sizes as `latticeSizes`; empty where the model has no fields. */
  readonly fields: readonly Float32Array[];
  /** [x, y]; where the head has a shift. */
  readonly shift?: readonly [number, number];
  /** Where the head has a gate. */
  readonly u?: number;
}

/** Columns and rows of each field's grid for a picture of this size: one node per `spacing` pixels, at least one. */
export function latticeSizes(
  width: number,
  height: number,
  spacings: readonly number[],
): { width: number; height: number }[] {
  const nodes = (length: number, spacing: number) => Math.max(1, Math.floor(length / spacing));
  return spacings.map((spacing) => ({ width: nodes(width, spacing), height: nodes(height, spacing) }));
}

/**
 * The normals of sample `n` (from 0) of row `row` of a file (0 for a single picture): they depend on (seed, row, n)
 * alone, so sample 7 is the same whether 8 or 100 are drawn, and whatever rows came before. In a Sobol order z, u and
 * the shift are its coordinates, and the fields, of hundreds of nodes, are not.
 */
export function epsilonFor(
  seed: number,
  row: number,
  n: number,
  chance: Chance,
  width: number,
  height: number,
  order: SampleOrder = "iid",
): Epsilon {
  const { latent } = chance;
  const part = (stream: number, count: number, coordinate: number | null) =>
    normalsOf(order, seed, row, n, { stream, count, coordinate });
  const grids = latticeSizes(width, height, chance.fieldSpacings);
  return {
    z: part(0, latent, 0),
    fields: grids.map((grid, i) => part(i + 1, grid.width * grid.height, null)),
    ...(chance.shift && { shift: pairOf(part(OF_SHIFT, 2, latent + 1)) }),
    ...(chance.gate && { u: part(OF_GATE, 1, latent)[0] as number }),
  };
}

function pairOf([x, y]: Float32Array): readonly [number, number] {
  return [x as number, y as number];
}

/** z = μ + σ·ε under the prior; fields times `strength` (0 = off: no local wavering, 1 = as trained). */
export function drawFrom(prior: Gaussian, epsilon: Epsilon, strength = 1): Draw {
  const { z, fields, ...placed } = epsilon;
  if (fields.length === 0) return { z: draw(prior, z), ...placed };
  return { z: draw(prior, z), fields: fields.map((field) => field.map((value) => value * strength)), ...placed };
}

/** `count` draws from the prior for a picture of this size. */
export function drawMany(
  prior: Gaussian,
  chance: Chance,
  size: { readonly width: number; readonly height: number },
  how: { readonly seed: number; readonly row?: number; readonly count: number; readonly strength?: number },
): Draw[] {
  return Array.from({ length: how.count }, (_, n) =>
    drawFrom(prior, epsilonFor(how.seed, how.row ?? 0, n, chance, size.width, size.height), how.strength),
  );
}
