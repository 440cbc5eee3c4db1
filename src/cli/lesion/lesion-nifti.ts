import type { GrownLesion } from "../../core/lesion/grow.ts";
import { medianDistance } from "../../core/lesion/volume.ts";
import type { Geometry, Mask, Slice } from "../../core/values/slice.ts";
import { cross, times } from "../../io/geometry/vector.ts";
import { writeNifti } from "../../io/nifti/nifti-write.ts";

/** Where the region of a lesion's first slice lies, and how its slices follow. */
export interface LesionPlace {
  /** Of the slice with the lowest number. */
  readonly geometry: Geometry;
  readonly spacingMm: readonly [number, number];
  /** Column and row of the region's first pixel. */
  readonly origin: readonly [number, number];
  /** Along the normal, one per slice of the lesion. */
  readonly places: readonly number[];
}

/** Distances that differ by more than this share of their median are not one grid's. */
const UNEVEN = 0.05;

/**
 * `samples.nii.gz` and `graders.nii.gz`: the region through the lesion's slices, u8, a reader per step of the fourth
 * dimension, in the place that the slices have. Null where their distances differ: NIfTI has one for all.
 */
export function lesionNifti(
  { samples, graders }: Pick<GrownLesion, "samples" | "graders">,
  place: LesionPlace,
): Record<string, Uint8Array> | null {
  const turned = (place.places[0] as number) > (place.places.at(-1) as number);
  const ascending = turned ? place.places.map((at) => -at) : place.places;
  const distance = medianDistance(ascending) ?? place.geometry.thicknessMm ?? 1;
  const even = ascending.every((at, i) => {
    return i === 0 || Math.abs(at - (ascending[i - 1] as number) - distance) <= UNEVEN * distance;
  });
  if (!even) return null;
  const write = (readers: readonly (readonly Mask[])[], description: string) => {
    const volumes = readers.map((stack) => concatenated(turned ? [...stack].reverse() : stack));
    const { width = 0, height = 0 } = readers[0]?.[0] ?? {};
    const slice = regionSlice(place, width, height, distance, turned ? (place.places.at(-1) as number) : null);
    return writeNifti({ pictures: volumes, description, depth: ascending.length }, slice, { kind: "none" });
  };
  return {
    "samples.nii.gz": write(samples, "Graderspace samples of a lesion"),
    ...(graders.length > 0 && { "graders.nii.gz": write(graders, "Graders of a lesion") }),
  };
}

function concatenated(stack: readonly Mask[]): Uint8Array {
  const size = stack[0]?.bits.length ?? 0;
  const bits = new Uint8Array(stack.length * size);
  for (const [s, mask] of stack.entries()) bits.set(mask.bits, s * size);
  return bits;
}

/** The region's first slice along the normal: NIfTI's third axis goes along it, so a descending series begins at its end. */
function regionSlice(
  place: LesionPlace,
  width: number,
  height: number,
  thicknessMm: number,
  begin: number | null,
): Slice {
  const { geometry, spacingMm, origin, places } = place;
  const { rowDirection, columnDirection, position } = geometry;
  const along = begin === null ? 0 : begin - (places[0] as number);
  const shifts = [
    times(origin[0] * spacingMm[1], rowDirection),
    times(origin[1] * spacingMm[0], columnDirection),
    times(along, cross(rowDirection, columnDirection)),
  ];
  const at = (axis: 0 | 1 | 2) => shifts.reduce((sum, shift) => sum + shift[axis], position[axis]);
  return {
    width,
    height,
    values: new Float32Array(0),
    unit: "stored",
    spacingMm,
    geometry: { ...geometry, position: [at(0), at(1), at(2)], thicknessMm },
    padding: null,
    modality: null,
    name: "",
  };
}
