import { GraderspaceError } from "../../core/errors.ts";
import type { Geometry } from "../../core/values/slice.ts";
import { inflateHead, inflateUpTo } from "../bytes/inflate.ts";
import { startsWith } from "../bytes/letters.ts";
import { checkVolumeSize } from "../bytes/limits.ts";
import { bytesPerNumber, readNumbers } from "../bytes/numbers.ts";
import { type Affine, movedForms } from "../geometry/affine.ts";
import { sliceGeometry } from "../geometry/affine-geometry.ts";
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
  const { type, offset, littleEndian, slope, intercept, spacingMm } = header;
  const [width, height, slices, more] = header.size;
  const frames = slices * more;
  const pixels = width * height;
  const frameBytes = pixels * bytesPerNumber(type);
  const needed = offset + frameBytes * frames;
  checkVolumeSize(name, needed, bytes.length);
  const all = packed ? await inflateUpTo(bytes, "gzip", needed, name) : bytes;
  const there = Math.floor((all.length - offset) / frameBytes);
  if (there < 1) throw cutShort(name, 0, frames);
  const geometry = (frame: number) => geometryOf(header.sform ?? header.qform, frame % slices);
  return volumeStack({
    name,
    format: "nifti",
    width,
    height,
    frames,
    type,
    spacingMm,
    geometry,
    start: Math.floor((slices - 1) / 2),
    notes: geometry(0) === null ? [`${name}: it does not say where it lies in the patient`] : [],
    label: (frame) => placeLabel(frame, frames, geometry(frame)),
    origin: async (frame) => ({ kind: "nifti", forms: movedForms(header, frame % slices) }),
    values: (frame) => {
      if (frame >= there) throw cutShort(name, there, frames);
      return readNumbers(all, type, offset + frame * frameBytes, pixels, littleEndian, slope, intercept);
    },
  });
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
    problem: `it ends after ${there} of its ${frames} slices`,
    remedy: "download or export it again",
  });
}
