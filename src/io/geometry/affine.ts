import type { Geometry, Slice } from "../../core/values/slice.ts";
import type { Affine } from "../nifti/nifti.ts";
import type { Origin } from "../open/stack.ts";
import { cross, type Vector } from "./vector.ts";

/** What NIfTI says of a place: two forms with their codes; null where it is not known. */
export interface NiftiForms {
  readonly qform: Affine | null;
  readonly qformCode: number;
  readonly sform: Affine | null;
  readonly sformCode: number;
}

/** NIfTI's codes: 1 scanner's own coordinates, 2 aligned to another picture. */
const SCANNER = 1;
const ALIGNED = 2;

/** mm between the slices where nobody says: one slice takes no harm from it. */
const UNKNOWN_THICKNESS = 1;

/**
 * Where a slice lies, in NIfTI's RAS millimetres. A NIfTI source's own forms are copied, moved to the slice: A·T(0,0,k).
 * DICOM is the scanner's own (code 1), another place is aligned (2), no place has no code (0).
 */
export function formsOf(slice: Slice, origin: Origin): NiftiForms {
  if (origin.kind === "nifti") {
    const { header, frame } = origin;
    return {
      qform: header.qform && moved(header.qform, frame, header.millimetres),
      qformCode: header.qform ? header.qformCode : 0,
      sform: header.sform && moved(header.sform, frame, header.millimetres),
      sformCode: header.sform ? header.sformCode : 0,
    };
  }
  if (!slice.geometry || !slice.spacingMm) return { qform: null, qformCode: 0, sform: null, sformCode: 0 };
  const affine = affineOf(slice.geometry, slice.spacingMm);
  const code = origin.kind === "dicom" ? SCANNER : ALIGNED;
  return { qform: affine, qformCode: code, sform: affine, sformCode: code };
}

/** diag(−1, −1, 1) · [row direction · column spacing | column direction · row spacing | normal · thickness | position] */
export function affineOf(geometry: Geometry, [betweenRows, betweenColumns]: readonly [number, number]): Affine {
  const { position, rowDirection, columnDirection } = geometry;
  const normal = cross(rowDirection, columnDirection);
  const thickness = geometry.thicknessMm ?? UNKNOWN_THICKNESS;
  const row = (axis: 0 | 1 | 2): [number, number, number, number] => {
    const sign = axis === 2 ? 1 : -1;
    return [
      sign * rowDirection[axis] * betweenColumns,
      sign * columnDirection[axis] * betweenRows,
      sign * normal[axis] * thickness,
      sign * position[axis],
    ];
  };
  return [row(0), row(1), row(2), [0, 0, 0, 1]];
}

function moved(affine: Affine, slice: number, millimetres: number): Affine {
  return affine.map((row, axis) =>
    axis === 3
      ? row
      : ([
          row[0] * millimetres,
          row[1] * millimetres,
          row[2] * millimetres,
          (row[3] + slice * row[2]) * millimetres,
        ] as const),
  );
}

export interface Quaternion {
  /** b, c, d; a follows from them. */
  readonly imaginary: Vector;
  /** −1 where the third axis is turned round, else 1. */
  readonly qfac: 1 | -1;
  /** Lengths of the first three columns. */
  readonly steps: Vector;
}

/** The rotation of a form as NIfTI's quaternion (nifti1.h, method 2); null where its axes are no right angles. */
export function quaternionOf(affine: Affine): Quaternion | null {
  const column = (c: 0 | 1 | 2): Vector => [affine[0]?.[c] ?? 0, affine[1]?.[c] ?? 0, affine[2]?.[c] ?? 0];
  const columns = [column(0), column(1), column(2)] as const;
  const steps = columns.map((v) => Math.hypot(...v)) as [number, number, number];
  const [x, y, third] = columns.map((v, i) => v.map((part) => part / (steps[i] as number))) as unknown as Vector[];
  if (!x || !y || !third || ![...x, ...y, ...third].every(Number.isFinite)) return null;
  const normal = cross(x, y);
  const along = normal[0] * third[0] + normal[1] * third[1] + normal[2] * third[2];
  if (Math.abs(Math.abs(along) - 1) > 1e-4) return null;
  const qfac = along < 0 ? -1 : 1;
  const z: Vector = [qfac * third[0], qfac * third[1], qfac * third[2]];
  return { imaginary: imaginaryOf(x, y, z), qfac, steps };
}

/** Of a rotation with columns x, y, z; the largest of the four parts is found first, so that no root is of a small number. */
function imaginaryOf(x: Vector, y: Vector, z: Vector): Vector {
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const a = Math.sqrt(trace + 1) / 2;
    return [(y[2] - z[1]) / (4 * a), (z[0] - x[2]) / (4 * a), (x[1] - y[0]) / (4 * a)];
  }
  if (x[0] >= y[1] && x[0] >= z[2]) {
    const b = Math.sqrt(1 + x[0] - y[1] - z[2]) / 2;
    return signed((y[2] - z[1]) / (4 * b), [b, (y[0] + x[1]) / (4 * b), (z[0] + x[2]) / (4 * b)]);
  }
  if (y[1] >= z[2]) {
    const c = Math.sqrt(1 + y[1] - x[0] - z[2]) / 2;
    return signed((z[0] - x[2]) / (4 * c), [(y[0] + x[1]) / (4 * c), c, (z[1] + y[2]) / (4 * c)]);
  }
  const d = Math.sqrt(1 + z[2] - x[0] - y[1]) / 2;
  return signed((x[1] - y[0]) / (4 * d), [(z[0] + x[2]) / (4 * d), (z[1] + y[2]) / (4 * d), d]);
}

/** NIfTI keeps a ≥ 0: a quaternion and its negative are the same rotation. */
function signed(a: number, [b, c, d]: Vector): Vector {
  return a < 0 ? [-b, -c, -d] : [b, c, d];
}
