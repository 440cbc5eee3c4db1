import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CtSlice, ctDicom } from "./ct-dicom.ts";

type Triple = readonly [number, number, number];

/** A series of slices with an ellipsoid in it, whose axes lie along the rows, the columns and the normal. */
export interface EllipsoidSeries extends Pick<CtSlice, "rowDirection" | "columnDirection"> {
  readonly width: number;
  readonly height: number;
  /** Numbers of the slices along the normal that are there; a number left out is a missing slice. */
  readonly slices: readonly number[];
  /** [between rows, between columns], and between slices. */
  readonly spacingMm: readonly [number, number];
  readonly stepMm: number;
  /** Centre of the ellipsoid: column, row and number of slice. */
  readonly centre: Triple;
}

export const AXIAL = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;

/** Where the first pixel of slice number `n` lies. */
export function positionOf({ rowDirection: r, columnDirection: c, stepMm }: EllipsoidSeries, n: number): Triple {
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]] as const;
  const from = [-100.25, 33.3, -512.125] as const;
  return [0, 1, 2].map((axis) => from[axis as 0] + n * stepMm * normal[axis as 0]) as unknown as Triple;
}

/** 1 where the pixel's centre lies in the ellipsoid with half-axes [along rows, along columns, along the normal] mm. */
export function ellipsoidBits(series: EllipsoidSeries, half: Triple, n: number): Uint8Array {
  const { width, height, spacingMm, stepMm, centre } = series;
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = (((i % width) - centre[0]) * spacingMm[1]) / half[0];
    const y = ((Math.floor(i / width) - centre[1]) * spacingMm[0]) / half[1];
    const z = ((n - centre[2]) * stepMm) / half[2];
    return x * x + y * y + z * z <= 1 ? 1 : 0;
  });
}

/** A folder of one DICOM file per slice: the ellipsoid at 40 HU in air, with a ripple. */
export function writeEllipsoidCt(folder: string, series: EllipsoidSeries, half: Triple): void {
  mkdirSync(folder, { recursive: true });
  for (const n of series.slices) {
    const bits = ellipsoidBits(series, half, n);
    const values = Float32Array.from(bits, (bit, i) => Math.round(900 * bit - 860 + 10 * Math.sin(i / 3)));
    const { stepMm: thicknessMm } = series;
    const slice = { ...series, values, position: positionOf(series, n), thicknessMm };
    writeFileSync(join(folder, `${100 + n}.dcm`), ctDicom({ ...slice, sopInstanceUid: sopUid(n) }));
  }
}

export function sopUid(n: number): string {
  return `1.2.3.4.5.${100 + n}`;
}

/** A label map of the ellipsoid as raw NRRD in the slices' place, without missing slices; 0 and 1. */
export function writeEllipsoidLabels(file: string, series: EllipsoidSeries, half: Triple): void {
  const { width, height, spacingMm, rowDirection, columnDirection } = series;
  const [first, last] = [Math.min(...series.slices), Math.max(...series.slices)];
  const numbers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const [from, next] = [positionOf(series, first), positionOf(series, first + 1)];
  const vector = (v: readonly number[]) => `(${v.join(",")})`;
  const axes = [
    rowDirection.map((v) => v * spacingMm[1]),
    columnDirection.map((v) => v * spacingMm[0]),
    next.map((v, axis) => v - (from[axis] as number)),
  ];
  const head = [
    "NRRD0004",
    "type: uint8",
    "dimension: 3",
    `sizes: ${width} ${height} ${numbers.length}`,
    "encoding: raw",
    "space: left-posterior-superior",
    `space directions: ${axes.map(vector).join(" ")}`,
    `space origin: ${vector(from)}`,
  ].join("\n");
  const planes = numbers.map((n) => ellipsoidBits(series, half, n));
  writeFileSync(file, Buffer.concat([Buffer.from(`${head}\n\n`), ...planes]));
}
