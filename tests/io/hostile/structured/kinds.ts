import { FRAMES_KINDS } from "./dicom/frames.ts";
import { DICOM_KINDS } from "./dicom/native.ts";
import { WRONG_DICOM_KINDS } from "./dicom/wrong.ts";
import { PACK_KINDS, ZIP_KINDS } from "./documents/pack.ts";
import { MODEL_KINDS, SESSION_KINDS } from "./documents/session.ts";
import { LIDC_KINDS } from "./marks/lidc.ts";
import { RTSTRUCT_KINDS } from "./marks/rtstruct.ts";
import { SEG_KINDS } from "./marks/seg.ts";
import type { Kind } from "./mutant.ts";
import { JPEG_KINDS } from "./pictures/jpeg.ts";
import { PNG_KINDS } from "./pictures/png.ts";
import { METAIMAGE_KINDS } from "./volumes/metaimage.ts";
import { NIFTI_KINDS } from "./volumes/nifti.ts";
import { NRRD_KINDS } from "./volumes/nrrd.ts";
import { NPY_KINDS, NPZ_KINDS } from "./volumes/numpy.ts";

/** Every way to change a file whose outcome is known: in turn, so that any number of mutants has all of them. */
export const KINDS: readonly Kind[] = [
  ...DICOM_KINDS,
  ...WRONG_DICOM_KINDS,
  ...FRAMES_KINDS,
  ...NIFTI_KINDS,
  ...NRRD_KINDS,
  ...METAIMAGE_KINDS,
  ...NPY_KINDS,
  ...NPZ_KINDS,
  ...PNG_KINDS,
  ...JPEG_KINDS,
  ...SEG_KINDS,
  ...RTSTRUCT_KINDS,
  ...LIDC_KINDS,
  ...ZIP_KINDS,
  ...PACK_KINDS,
  ...SESSION_KINDS,
  ...MODEL_KINDS,
];
