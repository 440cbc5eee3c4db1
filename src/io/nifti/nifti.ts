import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Geometry } from "../../core/values/slice.ts";
import { inflateHead, inflateUpTo } from "../bytes/inflate.ts";
import { startsWith } from "../bytes/letters.ts";
import { checkVolumeSize } from "../bytes/limits.ts";
import { bytesPerNumber, readNumbers } from "../bytes/numbers.ts";
import { surplusNotes } from "../bytes/surplus.ts";
import { type Affine, columnLength, movedForms } from "../geometry/affine.ts";
import { sliceGeometry } from "../geometry/affine-geometry.ts";
import { lengthsDiffer } from "../geometry/length.ts";
import type { Vector } from "../geometry/vector.ts";
import { placeLabel, type Stack } from "../stack/stack.ts";
import { volumeStack } from "../stack/volume-stack.ts";
import { NIFTI_HEADER, readNiftiHeader } from "./nifti-header.ts";

/**
 * .nii and .nii.gz as a stack of its slices, then of its further dimensions: NIfTI-1 and -2, both byte orders, all
 * numeric types, after slope and intercept.
 * @throws DamagedFile, TruncatedFile, UnsupportedPixels, TooLarge
 */
export async function openNifti(bytes: Uint8Array, name: string): Promise<Stack> {
  const packed = startsWith(bytes, "\x1f\x8b");
  const header = readNiftiHeader(packed ? inflateHead(bytes, "gzip", NIFTI_HEADER) : bytes, name);
  const { type, offset, littleEndian, slope, intercept } = header;
  const [width, height, slices, more] = header.size;
  const frames = slices * more;
  const pixels = width * height;
  const frameBytes = pixels * bytesPerNumber(type);
  const needed = offset + frameBytes * frames;
  checkVolumeSize(name, needed, bytes.length);
  const { bytes: all, length } = packed
    ? await inflateUpTo(bytes, "gzip", needed, name)
    : { bytes, length: bytes.length };
  const there = Math.floor((all.length - offset) / frameBytes);
  if (there < 1) throw cutShort(name, 0, frames);
  const { affine, spacingMm, notes } = placeOf(header, name);
  const geometry = (frame: number) => geometryOf(affine, frame % slices);
  return volumeStack({
    name,
    format: "nifti",
    width,
    height,
    frames,
    type,
    channels: more,
    spacingMm,
    geometry,
    start: Math.floor((slices - 1) / 2),
    notes: [...header.notes, ...notes, ...surplusNotes(name, needed, length)],
    label: (frame) => placeLabel(frame, frames, geometry(frame)),
    origin: async (frame) => ({ kind: "nifti", forms: movedForms(header, frame % slices) }),
    values: (frame) => {
      if (frame >= there) throw cutShort(name, there, frames);
      return readNumbers(all, type, offset + frame * frameBytes, pixels, littleEndian, slope, intercept);
    },
  });
}

/**
 * Place and spacing of one source: the sform, else the qform, else pixdim, which has no place. Where two of them differ
 * a sentence says which one counts.
 */
function placeOf(header: ReturnType<typeof readNiftiHeader>, name: string) {
  const { sform, qform, sformCode, qformCode, pixdimMm } = header;
  const affine = sform ?? qform;
  const notes: Text[] = [];
  const unusable = [sformCode > 0 && !sform ? "sform" : "", qformCode > 0 && !qform ? "qform" : ""].filter(Boolean);
  if (unusable.length > 0) notes.push(say`${name}: its ${unusable.join(" and ")} cannot be used: it gives no lengths`);
  if (!affine) {
    notes.push(say`${name}: it does not say where it lies in the patient`);
    if (!pixdimMm) notes.push(say`${name}: its voxel size is no length of .001 to 1,000 mm, so the spacing is unknown`);
    return { affine, spacingMm: pixdimMm, notes };
  }
  const spacingMm = [columnLength(affine, 1), columnLength(affine, 0)] as const;
  const source = sform ? "sform" : "qform";
  if (!pixdimMm || spacingMm.some((mm, i) => lengthsDiffer(mm, pixdimMm[i] as number))) {
    const pixdim = pixdimMm ? `${pixdimMm.map(short).join(" × ")} mm` : "no length";
    const told = say`its ${source} says pixels of ${spacingMm.map(short).join(" × ")} mm, its pixdim ${pixdim}`;
    notes.push(say`${name}: ${told}; the ${source} counts`);
  }
  if (sform && qform && apart(sform, qform)) {
    notes.push(say`${name}: its sform and its qform place it differently; the sform counts`);
  }
  if (geometryOf(affine, 0) === null) {
    notes.push(say`${name}: its axes are sheared, so its place in the patient is not used`);
  }
  return { affine, spacingMm, notes };
}

function short(mm: number): number {
  return Number(mm.toPrecision(4));
}

/** Whether two forms place any of their axes' first ten voxels a tenth of a millimetre apart. */
function apart(a: Affine, b: Affine): boolean {
  return a.some((row, r) => row.some((part, c) => Math.abs(part - (b[r]?.[c] ?? 0)) > (c === 3 ? 0.1 : 0.01)));
}

/** RAS → LPS: x and y change their sign. Null without a form; sform counts before qform (nibabel's order). */
function geometryOf(affine: Affine | null, k: number): Geometry | null {
  if (!affine) return null;
  const column = (c: number): Vector => {
    const [x, y, z] = [0, 1, 2].map((row) => affine[row]?.[c] ?? 0) as [number, number, number];
    return [-x, -y, z];
  };
  return sliceGeometry(column(3), column(0), column(1), column(2), k);
}

function cutShort(file: string, there: number, frames: number): GraderspaceError {
  return new GraderspaceError("TruncatedFile", {
    file,
    problem: say`it ends after ${there} of its ${frames} slices`,
    remedy: say`download or export it again`,
  });
}
