import { GraderspaceError } from "../../core/errors.ts";
import { openZip } from "../bytes/zip.ts";
import { type DicomFile, openDicom } from "../dicom/file.ts";
import { isSegmentation, labelMarks, looksLikeLabels, segmentMarks } from "../marks/label-marks.ts";
import type { Marks } from "../marks/marks.ts";
import { openNiftiImage } from "../nifti/nifti.ts";
import { openNrrd, openNrrdImage } from "../nrrd/nrrd.ts";
import { looksLikeNpz } from "../numpy/npz.ts";
import { openNpyImage, openNpzImage } from "../numpy/npz-image.ts";
import { decodeJpeg } from "../raster/jpeg.ts";
import { decodePng, looksLikeMask, type Raster } from "../raster/png.ts";
import { type Kind, SNIFF_BYTES, sniff } from "./sniff.ts";
import { headOf, type SourceFile } from "./source-file.ts";
import type { Stack } from "./stack.ts";

/** A picture whose numbers may be a slice or a mask. */
export interface Picture {
  readonly file: SourceFile;
  readonly raster: Raster;
  readonly format: "png" | "jpeg";
  readonly maskLike: boolean;
}

/** A stack that may be a scan or labels. */
export interface Volume {
  readonly file: SourceFile;
  readonly stack: Stack;
  labelLike(): Promise<boolean>;
  /** Its numbers as marks. */
  marks(): Promise<Marks>;
}

/** What several files are, by their contents. */
export interface Sorted {
  /** DICOM files that are no segmentation. */
  readonly dicom: readonly SourceFile[];
  readonly pictures: readonly Picture[];
  readonly volumes: readonly Volume[];
  /** Files that hold nothing but marks. */
  readonly marks: readonly Marks[];
  readonly sessions: readonly SourceFile[];
  /** Files left out, with the reason. */
  readonly leftOut: readonly GraderspaceError[];
}

const NAMED_MASK = /mask|grader|label|seg|annot|contour|truth/i;

/** In the order in which a person counts: "mask2" before "mask10". */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, "en", { numeric: true }) || (a.name < b.name ? -1 : 1);
}

/** A zip among the files is replaced by its entries; an npz stays one file. Zips inside zips are left alone. */
export async function expandZips(files: readonly SourceFile[]): Promise<SourceFile[]> {
  const expanded: SourceFile[] = [];
  for (const file of files) {
    if (sniff(await headOf(file, SNIFF_BYTES)) !== "zip") {
      expanded.push(file);
      continue;
    }
    const entries = openZip(await file.read(), file.name);
    if (looksLikeNpz(entries)) expanded.push(file);
    else expanded.push(...entries);
  }
  return expanded;
}

/** Reads what is needed to tell what each file is. Files that cannot be read are left out with their reason. */
export async function sortFiles(files: readonly SourceFile[]): Promise<Sorted> {
  const sorted = {
    dicom: [] as SourceFile[],
    pictures: [] as Picture[],
    volumes: [] as Volume[],
    marks: [] as Marks[],
    sessions: [] as SourceFile[],
    leftOut: [] as GraderspaceError[],
  };
  for (const file of [...files].sort(byName)) {
    try {
      const kind = sniff(await headOf(file, SNIFF_BYTES));
      await sortOne(file, kind, sorted);
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      sorted.leftOut.push(error);
    }
  }
  return sorted;
}

type Sorting = { [K in keyof Sorted]: Sorted[K] extends readonly (infer T)[] ? T[] : never };

async function sortOne(file: SourceFile, kind: Kind | null, sorted: Sorting): Promise<void> {
  if (kind === "dicom") {
    const marks = await readSegmentation(file);
    if (marks) sorted.marks.push(marks);
    else sorted.dicom.push(file);
  } else if (kind === "png" || kind === "jpeg") {
    sorted.pictures.push(await readPicture(file, kind));
  } else if (kind === "xml") {
    const { readLidcXml } = await import("../marks/lidc/lidc-xml.ts");
    sorted.marks.push(readLidcXml(await file.read(), file.name));
  } else if (kind === "json") {
    sorted.sessions.push(file);
  } else {
    const volume = await readVolume(file, kind);
    if ("stack" in volume) sorted.volumes.push(volume);
    else sorted.marks.push(volume);
  }
}

async function readPicture(file: SourceFile, format: "png" | "jpeg"): Promise<Picture> {
  const bytes = await file.read();
  const raster = format === "png" ? decodePng(bytes, file.name) : await decodeJpeg(bytes, file.name);
  const maskLike = format === "png" && (looksLikeMask(raster) || NAMED_MASK.test(file.name));
  return { file, raster, format, maskLike };
}

/** The marks of a DICOM SEG; null for any other DICOM file. */
export async function readSegmentation(file: SourceFile, opened?: DicomFile): Promise<Marks | null> {
  const dicom = opened ?? (await openDicom(await file.read(), file.name));
  const { isSeg, readSeg } = await import("../dicom/seg/seg-read.ts");
  return isSeg(dicom.dataset) ? readSeg(dicom) : null;
}

/** @throws UnknownFormat, and what the readers throw */
export async function readVolume(file: SourceFile, kind: Kind | null): Promise<Volume | Marks> {
  const { name } = file;
  if (kind === "nifti" || kind === "nifti-gz") {
    const stack = await openNiftiImage(await file.read(), name);
    return volumeOf(file, stack, () => labelMarks(stack, "nifti", name));
  }
  if (kind === "nrrd") {
    const bytes = await file.read();
    const volume = await openNrrd(bytes, name);
    if (isSegmentation(volume)) return segmentMarks(volume, name);
    const stack = await openNrrdImage(bytes, name);
    return volumeOf(file, stack, () => labelMarks(stack, "nrrd", name));
  }
  if (kind === "npy") {
    const stack = openNpyImage(await file.read(), name);
    return volumeOf(file, stack, () => labelMarks(stack, "nrrd", name));
  }
  if (kind === "zip") {
    const stack = openNpzImage(openZip(await file.read(), name), name);
    return { file, stack, labelLike: async () => false, marks: () => labelMarks(stack, "nrrd", name) };
  }
  throw unknownFormat(name, kind);
}

function volumeOf(file: SourceFile, stack: Stack, marks: () => Promise<Marks>): Volume {
  return { file, stack, labelLike: () => looksLikeLabels(stack), marks };
}

export function unknownFormat(file: string, kind: Kind | null): GraderspaceError {
  const problem =
    kind === "gzip"
      ? "it is packed by gzip, and what is in it is no NIfTI"
      : kind === "safetensors"
        ? "it holds the weights of a model, and its config.json is not with it"
        : "its contents are of no format that is read";
  const remedy =
    kind === "safetensors"
      ? "drop config.json and the weights together"
      : "open DICOM, NIfTI, NRRD, PNG, JPEG, npy, npz, LIDC XML, DICOM SEG, a case pack or session.json";
  return new GraderspaceError("UnknownFormat", { file, problem, remedy });
}
