import type { Geometry } from "../../core/values/slice.ts";
import { cross, dot, type Vector } from "./vector.ts";

/** Row-major 4 × 4, voxel (i, j, k) → millimetres in NIfTI's RAS. */
export type Affine = readonly (readonly [number, number, number, number])[];

/** How far one voxel along axis `c` is, in mm. */
export function columnLength(affine: Affine, c: number): number {
  return Math.hypot(...[0, 1, 2].map((row) => affine[row]?.[c] ?? 0));
}

/** What NIfTI says of a place: two forms with their codes; null where it is not known. */
export interface NiftiForms {
  readonly qform: Affine | null;
  readonly qformCode: number;
  readonly sform: Affine | null;
  readonly sformCode: number;
}

/** mm between the slices where nobody says: one slice takes no harm from it. */
const UNKNOWN_THICKNESS = 1;

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

/** A volume's forms for its slice k: A·T(0,0,k). The code of a form that is no use is 0. */
export function movedForms({ qform, qformCode, sform, sformCode }: NiftiForms, k: number): NiftiForms {
  const moved = (form: Affine | null) =>
    form?.map(([x, y, z, start], axis) => [x, y, z, axis === 3 ? start : start + k * z] as const) ?? null;
  return {
    qform: moved(qform),
    qformCode: qform ? qformCode : 0,
    sform: moved(sform),
    sformCode: sform ? sformCode : 0,
  };
}

interface Quaternion {
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
  const along = dot(normal, third);
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
