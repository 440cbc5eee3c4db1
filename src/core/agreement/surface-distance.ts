import { linearQuantile } from "../measures/quantile.ts";
import { type Grid, squaredDistances } from "./distance-transform.ts";

/** How far the surfaces of two masks lie from each other, mm. */
export interface SurfaceDistance {
  /** The larger of the two directions' 95 % quantiles (linear) of the distance to the other surface. */
  readonly hd95Mm: number;
  /** Mean of both surfaces' distances to the other, all voxels of both counted alike. */
  readonly assdMm: number;
}

/**
 * HD95 and ASSD (Maier-Hein et al., Nature Methods 21:195, 2024). The surface of a mask: its voxels with a neighbour
 * across a face (4 of them in a plane, 6 in space) that is not in it; beyond the grid nothing is in it. Distances go from
 * voxel centre to voxel centre. Null where one of the masks is empty: then there is no distance.
 */
export function surfaceDistance(grid: Grid, a: Uint8Array, b: Uint8Array): SurfaceDistance | null {
  const [first, second] = [surfaceOf(grid, a), surfaceOf(grid, b)];
  if (!first.includes(1) || !second.includes(1)) return null;
  const there = distancesAt(first, squaredDistances(grid, second));
  const back = distancesAt(second, squaredDistances(grid, first));
  const all = [...there, ...back];
  return {
    hd95Mm: Math.max(linearQuantile(there, 0.95), linearQuantile(back, 0.95)),
    assdMm: all.reduce((sum, value) => sum + value, 0) / all.length,
  };
}

function surfaceOf({ size }: Grid, bits: Uint8Array): Uint8Array {
  const surface = new Uint8Array(bits.length);
  const strides = size.map((_, axis) => size.slice(axis + 1).reduce((product, length) => product * length, 1));
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] === 0) continue;
    const open = strides.some((stride, axis) => {
      const length = size[axis] as number;
      const at = Math.floor(i / stride) % length;
      return at === 0 || at === length - 1 || bits[i - stride] === 0 || bits[i + stride] === 0;
    });
    if (open) surface[i] = 1;
  }
  return surface;
}

/** Distances at the voxels set, ascending. */
function distancesAt(surface: Uint8Array, squared: Float64Array): number[] {
  const found: number[] = [];
  surface.forEach((bit, i) => {
    if (bit !== 0) found.push(Math.sqrt(squared[i] as number));
  });
  return found.sort((x, y) => x - y);
}
