import { gzipSync } from "fflate";
import type { Slice } from "../../core/values/slice.ts";
import { type Affine, affineOf, type NiftiForms, quaternionOf } from "../geometry/affine.ts";
import type { Origin } from "../stack/stack.ts";

const UINT8 = 2;
const FLOAT32 = 16;
const LABELS = 1002;
const HEADER = 352;

/** NIfTI's codes: 1 scanner's own coordinates, 2 aligned to another picture. */
const SCANNER = 1;
const ALIGNED = 2;

/** One picture, or several of the same slice along a fourth dimension. */
interface NiftiPictures {
  /** Each [rows, columns] of the slice's size; masks as bytes, maps as floats. */
  readonly pictures: readonly (Uint8Array | Float32Array)[];
  /** At most 79 ASCII letters: what the pictures are. */
  readonly description: string;
  /** Slices of each picture along the normal, the slice's thickness apart, the slice itself the first; 1 where not given. */
  readonly depth?: number;
}

/**
 * A .nii.gz of one slice, or of a volume that begins with it, dim [3, columns, rows, depth] or [4, columns, rows, depth, N],
 * in the slice's own place: both forms,
 * millimetres, unscaled. Masks are 8-bit labels, maps float32. Same input, same bytes.
 */
export function writeNifti(
  { pictures, description, depth = 1 }: NiftiPictures,
  slice: Slice,
  origin: Origin,
): Uint8Array {
  const [first] = pictures;
  if (!first) throw new RangeError("a NIfTI file needs a picture");
  const masks = first instanceof Uint8Array;
  const size = masks ? 1 : 4;
  const out = new Uint8Array(HEADER + pictures.length * first.length * size);
  const view = new DataView(out.buffer);
  view.setInt32(0, 348, true);
  const dims =
    pictures.length === 1
      ? [3, slice.width, slice.height, depth]
      : [4, slice.width, slice.height, depth, pictures.length];
  for (let i = 0; i < 8; i++) view.setInt16(40 + 2 * i, dims[i] ?? 1, true);
  view.setInt16(68, masks ? LABELS : 0, true);
  view.setInt16(70, masks ? UINT8 : FLOAT32, true);
  view.setInt16(72, 8 * size, true);
  view.setFloat32(108, HEADER, true);
  view.setFloat32(112, 1, true);
  if (masks) view.setFloat32(124, 1, true); // cal_max: shown from 0 to 1
  view.setUint8(123, slice.spacingMm ? 2 : 0);
  letters(out, 148, description, 79);
  writePlace(view, slice, origin);
  out.set([0x6e, 0x2b, 0x31, 0], 344); // "n+1"
  for (const [n, picture] of pictures.entries()) {
    const start = HEADER + n * first.length * size;
    for (let i = 0; i < picture.length; i++) {
      if (masks) view.setUint8(start + i, picture[i] as number);
      else view.setFloat32(start + 4 * i, picture[i] as number, true);
    }
  }
  return gzipSync(out, { mtime: 0, level: 6 });
}

function writePlace(view: DataView, slice: Slice, origin: Origin): void {
  const { qform, qformCode, sform, sformCode } = formsOf(slice, origin);
  const [betweenRows, betweenColumns] = slice.spacingMm ?? [1, 1];
  const rotation = qform && quaternionOf(qform);
  const steps = rotation?.steps ?? [betweenColumns, betweenRows, slice.geometry?.thicknessMm ?? 1];
  for (const [i, step] of [rotation?.qfac ?? 1, ...steps, 1, 1, 1, 1].entries())
    view.setFloat32(76 + 4 * i, step, true);
  if (rotation && qform) {
    view.setInt16(252, qformCode, true);
    for (const [i, part] of rotation.imaginary.entries()) view.setFloat32(256 + 4 * i, part, true);
    for (const axis of [0, 1, 2]) view.setFloat32(268 + 4 * axis, at(qform, axis, 3), true);
  }
  if (!sform) return;
  view.setInt16(254, sformCode, true);
  for (const axis of [0, 1, 2]) {
    for (const column of [0, 1, 2, 3]) view.setFloat32(280 + 16 * axis + 4 * column, at(sform, axis, column), true);
  }
}

/**
 * Where a slice lies, in NIfTI's RAS millimetres. A NIfTI source's own forms are copied, DICOM is the
 * scanner's own (code 1), another place is aligned (2), no place has no code (0).
 */
function formsOf(slice: Slice, origin: Origin): NiftiForms {
  if (origin.kind === "nifti") return origin.forms;
  if (!slice.geometry || !slice.spacingMm) return { qform: null, qformCode: 0, sform: null, sformCode: 0 };
  const affine = affineOf(slice.geometry, slice.spacingMm);
  const code = origin.kind === "dicom" ? SCANNER : ALIGNED;
  return { qform: affine, qformCode: code, sform: affine, sformCode: code };
}

function at(affine: Affine, row: number, column: number): number {
  return affine[row]?.[column] ?? 0;
}

function letters(out: Uint8Array, start: number, text: string, longest: number): void {
  const plain = text.replace(/[^ -~]/g, "").slice(0, longest);
  for (let i = 0; i < plain.length; i++) out[start + i] = plain.charCodeAt(i);
}
