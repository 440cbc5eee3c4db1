import { NIFTI1, NIFTI2 } from "nifti-reader-js";
import { GraderspaceError } from "../../core/errors.ts";
import type { Geometry, Slice } from "../../core/values/slice.ts";
import { inflateHead, inflateUpTo } from "../bytes/inflate.ts";
import { inflatedLimit } from "../bytes/limits.ts";
import { FrameNotes, lostDigits } from "../bytes/lost-digits.ts";
import { bytesOf, type NumberType, readNumbers } from "../bytes/numbers.ts";
import { type Step, sliceGeometry } from "../geometry/affine-geometry.ts";
import { checkPictureSize } from "../open/picture-size.ts";
import { checkFrame, plainStack, type Stack } from "../open/stack.ts";

/** Row-major 4 × 4, voxel (i, j, k) → millimetres in NIfTI's RAS. */
export type Affine = readonly (readonly [number, number, number, number])[];

/** What writers copy, and what reading needs. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Columns, rows, slices, and all further dimensions as one. */
  readonly size: readonly [number, number, number, number];
  readonly datatype: number;
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** Of the form that counts: sform, else qform (nibabel's order). Null where the file has neither. */
  readonly affine: Affine | null;
  readonly qform: Affine | null;
  readonly sform: Affine | null;
  readonly spacing: readonly [number, number, number];
  /** Millimetres per unit of length. */
  readonly millimetres: number;
}

/** Numeric types by NIfTI's code. */
const TYPES: Readonly<Record<number, NumberType>> = {
  2: "u1",
  4: "i2",
  8: "i4",
  16: "f4",
  64: "f8",
  256: "i1",
  512: "u2",
  768: "u4",
  1024: "i8",
  1280: "u8",
};

const OTHER_TYPES: Readonly<Record<number, string>> = {
  1: "single bits",
  32: "complex numbers",
  128: "colours",
  1536: "128-bit floats",
  1792: "complex numbers",
  2048: "complex numbers",
  2304: "colours",
};

/** A volume whose bytes are held, read one slice at a time: k runs over slices, then over further dimensions. */
export interface NiftiVolume {
  readonly header: NiftiHeader;
  readonly frames: number;
  readonly type: NumberType;
  /** [rows, columns] of slice `frame`, after slope and intercept. */
  values(frame: number): Float32Array;
  spacingMm: readonly [number, number];
  geometry(frame: number): Geometry | null;
}

/**
 * Reads .nii and .nii.gz, NIfTI-1 and -2, both byte orders, all numeric types.
 * @throws DamagedFile, TruncatedFile, UnsupportedPixels, TooLarge
 */
export async function openNifti(bytes: Uint8Array, name: string): Promise<NiftiVolume> {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const header = readHeader(packed ? inflateHead(bytes, "gzip", 552) : bytes.subarray(0, 552), name);
  const [columns, rows, slices, more] = header.size;
  const type = TYPES[header.datatype] as NumberType;
  const frameBytes = columns * rows * bytesOf(type);
  const needed = header.offset + frameBytes * slices * more;
  if (needed > inflatedLimit(bytes.length)) {
    throw new GraderspaceError("TooLarge", {
      file: name,
      problem: `its volume takes ${needed} bytes`,
      remedy: "save a part of it",
    });
  }
  const all = packed ? await inflateUpTo(bytes, "gzip", needed, name) : bytes;
  const there = Math.floor((all.length - header.offset) / frameBytes);
  if (there < 1) throw cutShort(name, 0, slices * more);
  return {
    header,
    type,
    frames: slices * more,
    spacingMm: [header.spacing[1] * header.millimetres, header.spacing[0] * header.millimetres],
    values: (frame) => {
      if (frame >= there) throw cutShort(name, there, slices * more);
      const { littleEndian, slope, intercept } = header;
      return readNumbers(all, type, header.offset + frame * frameBytes, columns * rows, littleEndian, slope, intercept);
    },
    geometry: (frame) => geometryOf(header, frame % slices),
  };
}

/** @throws as `openNifti` */
export async function openNiftiImage(bytes: Uint8Array, name: string): Promise<Stack> {
  const volume = await openNifti(bytes, name);
  const [width, height, slices] = volume.header.size;
  const { frames, header } = volume;
  const found = new FrameNotes();
  return plainStack({
    name,
    format: "nifti",
    frames,
    start: Math.floor((slices - 1) / 2),
    notes: volume.geometry(0) === null ? [`${name}: it does not say where it lies in the patient`] : [],
    label: (frame) => label(frame, frames, volume.geometry(frame)),
    origin: async (frame) => ({ kind: "nifti", header, frame: frame % slices }),
    notesOf: (frame) => found.of(frame),
    slice: async (frame): Promise<Slice> => {
      checkFrame(frame, frames, name);
      const values = volume.values(frame);
      found.set(frame, lostDigits(values, volume.type, name));
      return {
        width,
        height,
        values,
        unit: "stored",
        spacingMm: volume.spacingMm,
        geometry: volume.geometry(frame),
        padding: null,
        modality: null,
        name,
      };
    },
  });
}

function label(frame: number, frames: number, geometry: Geometry | null): string {
  const z = geometry ? ` · z ${geometry.position[2].toFixed(1).replace("-", "−")} mm` : "";
  return `${frame + 1} of ${frames}${z}`;
}

/** Only the header's own bytes are given to the library: its reading of extensions trusts their declared lengths. */
function readHeader(head: Uint8Array, name: string): NiftiHeader {
  if (head.length < 348) throw damaged(name, "it is too short for a header");
  const copy = new Uint8Array(552);
  copy.set(head);
  // No extensions.
  const version = new DataView(copy.buffer).getInt32(0, true) === 348 || copy[3] === 92 ? 1 : 2;
  copy.fill(0, version === 1 ? 348 : 540);
  const read = version === 1 ? new NIFTI1() : new NIFTI2();
  try {
    read.readHeader(copy.buffer);
  } catch {
    throw damaged(name, "its header is not one of NIfTI");
  }
  const dims = Array.from({ length: 8 }, (_, i) => Number(read.dims[i]));
  const rank = dims[0] as number;
  if (!(rank >= 1 && rank <= 7)) throw damaged(name, `it declares ${rank} dimensions`);
  const side = (i: number) => (i <= rank ? (dims[i] as number) : 1);
  const more = [4, 5, 6, 7].reduce((product, i) => product * side(i), 1);
  const size = [side(1), side(2), side(3), more] as const;
  checkPictureSize(name, size[0], size[1], size[2] * more);
  if (!(read.datatypeCode in TYPES)) {
    throw new GraderspaceError("UnsupportedPixels", {
      file: name,
      problem: `it holds ${OTHER_TYPES[read.datatypeCode] ?? `items of type ${read.datatypeCode}`}, which are not read`,
      remedy: "save it as int16 or float32",
    });
  }
  if (magicOf(copy, version) === "ni") {
    throw new GraderspaceError("UnsupportedPixels", {
      file: name,
      problem: "it is the header of a pair of files",
      remedy: "save it as one .nii file",
    });
  }
  const offset = Number(read.vox_offset);
  const lowest = version === 1 ? 348 : 540;
  if (!(offset >= lowest && offset < 2 ** 40)) throw damaged(name, `its voxels begin at byte ${offset}`);
  const scaled = read.scl_slope !== 0 && Number.isFinite(read.scl_slope) && Number.isFinite(read.scl_inter);
  const spacing = [1, 2, 3].map((i) => Math.abs(Number(read.pixDims[i])) || 1);
  if (!spacing.every(Number.isFinite)) throw damaged(name, "its voxel size is no number");
  const units = read.xyzt_units & 7;
  const { sform, qform } = forms(read, copy, version);
  return {
    version,
    littleEndian: read.littleEndian,
    size: [size[0], size[1], size[2], size[3]],
    datatype: read.datatypeCode,
    offset: Math.round(offset),
    slope: scaled ? read.scl_slope : 1,
    intercept: scaled ? read.scl_inter : 0,
    qformCode: read.qform_code,
    sformCode: read.sform_code,
    affine: sform ?? qform,
    qform,
    sform,
    spacing: [spacing[0] as number, spacing[1] as number, spacing[2] as number],
    millimetres: units === 1 ? 1000 : units === 3 ? 0.001 : 1,
  };
}

function magicOf(bytes: Uint8Array, version: 1 | 2): string {
  const at = version === 1 ? 344 : 4;
  return bytes[at + 1] === 0x69 ? "ni" : "n+";
}

/** Both forms where their codes say that they hold (NIfTI-1 §orientation, methods 2 and 3). */
function forms(read: NIFTI1 | NIFTI2, bytes: Uint8Array, version: 1 | 2) {
  const view = new DataView(bytes.buffer);
  const start = version === 1 ? 280 : 400;
  const number = (i: number) =>
    version === 1
      ? view.getFloat32(start + 4 * i, read.littleEndian)
      : view.getFloat64(start + 8 * i, read.littleEndian);
  const rowAt = (row: number) => [0, 1, 2, 3].map((i) => number(4 * row + i)) as [number, number, number, number];
  const sform: Affine | null = read.sform_code > 0 ? [rowAt(0), rowAt(1), rowAt(2), [0, 0, 0, 1]] : null;
  return { sform: usable(sform), qform: usable(read.qform_code > 0 ? quaternionForm(read) : null) };
}

function usable(affine: Affine | null): Affine | null {
  if (!affine?.flat().every(Number.isFinite)) return null;
  const long = [0, 1].every((c) => Math.hypot(...[0, 1, 2].map((r) => affine[r]?.[c] ?? 0)) > 1e-6);
  return long ? affine : null;
}

function quaternionForm(read: NIFTI1 | NIFTI2): Affine {
  const { quatern_b: b, quatern_c: c, quatern_d: d } = read;
  // A rounded quaternion may be a little over 1 long.
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const [i, j, k] = [1, 2, 3].map((at) => Number(read.pixDims[at])) as [number, number, number];
  const flip = Number(read.pixDims[0]) < 0 ? -k : k;
  return [
    [(a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * flip, read.qoffset_x],
    [2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * flip, read.qoffset_y],
    [2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - c * c - b * b) * flip, read.qoffset_z],
    [0, 0, 0, 1],
  ];
}

/** RAS → LPS: x and y change their sign. Null without a form. */
function geometryOf({ affine, millimetres }: NiftiHeader, k: number): Geometry | null {
  if (!affine) return null;
  const column = (c: number): Step => {
    const [x, y, z] = [0, 1, 2].map((row) => (affine[row]?.[c] ?? 0) * millimetres) as [number, number, number];
    return [-x, -y, z];
  };
  return sliceGeometry(column(3), column(0), column(1), column(2), k);
}

function cutShort(file: string, there: number, frames: number): GraderspaceError {
  return new GraderspaceError("TruncatedFile", {
    file,
    problem: `it ends after ${there} of its ${frames} slices`,
    remedy: "download or export it again",
  });
}

function damaged(file: string, problem: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: "export it again" });
}
