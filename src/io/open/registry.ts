import { leadingText } from "../bytes/letters.ts";
import { DICOM } from "../dicom/dicom-format.ts";
import { LIDC } from "../marks/lidc/lidc-format.ts";
import { METAIMAGE } from "../metaimage/metaimage-format.ts";
import { NIFTI } from "../nifti/nifti-format.ts";
import { NRRD } from "../nrrd/nrrd-format.ts";
import { NPY } from "../numpy/npy-format.ts";
import { JPEG } from "../raster/jpeg-format.ts";
import { PNG } from "../raster/png-format.ts";
import type { Format } from "./format.ts";
import { GZIP } from "./gzip-format.ts";
import { TAR } from "./tar-format.ts";
import { ZIP } from "./zip-format.ts";

/** What the page and the command line write and read again: `open.ts` says which. */
const JSON_DOCUMENT: Format = {
  kind: "json",
  title: null,
  recognise: (head) => leadingText(head).startsWith("{"),
  open: async () => ({ holds: "document" }),
};

/**
 * Every format that is read. A file is of one of them at the most (tests/io/open/registry.test.ts), but for a DICOM
 * preamble, which may hold anything: so DICOM comes first.
 */
export const FORMATS: readonly Format[] = [
  DICOM,
  NIFTI,
  TAR,
  GZIP,
  NRRD,
  METAIMAGE,
  PNG,
  JPEG,
  NPY,
  ZIP,
  LIDC,
  JSON_DOCUMENT,
];
