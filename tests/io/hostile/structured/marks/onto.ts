import type { MarkTarget } from "../../../../../src/io/marks/mark-plane.ts";

/** The slice that marks are laid on: of one millimetre a pixel, at the place that the seeds name. */
export function sliceOf(width: number, height: number, sopInstanceUid: string, z: number): MarkTarget {
  const geometry = {
    position: [0, 0, z],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    thicknessMm: 2,
  } as const;
  const slice = {
    width,
    height,
    values: new Float32Array(width * height),
    unit: "HU",
    spacingMm: [1, 1],
    geometry,
    padding: null,
    modality: "CT",
    name: "slice",
  } as const;
  return { slice, sopInstanceUid, seriesInstanceUid: "1.2.3", frame: null };
}
