import { medianDistance } from "../../../core/lesion/volume.ts";
import type { Geometry, Mask, Slice } from "../../../core/values/slice.ts";
import { cross, times } from "../../geometry/vector.ts";

/** Where the region of a lesion's first slice lies, and how its slices follow. */
export interface LesionPlace {
  /** Of the slice with the lowest number. */
  readonly geometry: Geometry;
  readonly spacingMm: readonly [number, number];
  /** Column and row of the region's first pixel. */
  readonly origin: readonly [number, number];
  /** Along the normal, one per slice of the lesion. */
  readonly places: readonly number[];
  /** The length along the normal that one slice alone stands for. */
  readonly aloneMm: number;
}

/** A lesion's region through its slices as one grid of voxels, whose third axis goes along the normal. */
export interface LesionVolume {
  /** The region on the slice where the grid begins; its thickness is the distance of slices. It has no values. */
  readonly first: Slice;
  /** A reader's masks in the grid's order: a series that goes against the normal begins at its end. */
  ordered(stack: readonly Mask[]): readonly Mask[];
}

/** Distances that differ by more than this share of their median are not one grid's. */
const UNEVEN = 0.05;

/** Null where the distances of the slices differ: a grid has one for all. */
export function lesionVolume(
  place: LesionPlace,
  { width, height }: { readonly width: number; readonly height: number },
): LesionVolume | null {
  const { geometry, spacingMm, origin, places } = place;
  const turned = (places[0] as number) > (places.at(-1) as number);
  const ascending = turned ? places.map((at) => -at) : places;
  const distance = medianDistance(ascending) ?? place.aloneMm;
  const even = ascending.every((at, i) => {
    return i === 0 || Math.abs(at - (ascending[i - 1] as number) - distance) <= UNEVEN * distance;
  });
  if (!even) return null;
  const { rowDirection, columnDirection, position } = geometry;
  const along = turned ? (places.at(-1) as number) - (places[0] as number) : 0;
  const shifts = [
    times(origin[0] * spacingMm[1], rowDirection),
    times(origin[1] * spacingMm[0], columnDirection),
    times(along, cross(rowDirection, columnDirection)),
  ];
  const at = (axis: 0 | 1 | 2) => shifts.reduce((sum, shift) => sum + shift[axis], position[axis]);
  const first: Slice = {
    width,
    height,
    values: new Float32Array(0),
    unit: "stored",
    spacingMm,
    geometry: { ...geometry, position: [at(0), at(1), at(2)], thicknessMm: distance },
    padding: null,
    modality: null,
    name: "",
  };
  return { first, ordered: (stack) => (turned ? [...stack].reverse() : stack) };
}
