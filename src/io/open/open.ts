import { GraderspaceError } from "../../core/errors.ts";
import { isObject } from "../bytes/json-check.ts";
import { LIMITS } from "../bytes/limits.ts";
import { openZip } from "../bytes/zip.ts";
import { openDicom } from "../dicom/file.ts";
import { dicomStack } from "../dicom/image.ts";
import { openSeries } from "../dicom/series.ts";
import { pictureMarks } from "../marks/label-marks.ts";
import type { Marks } from "../marks/marks.ts";
import { withMarks } from "../marks/marks-target.ts";
import { looksLikeModel, type OwnModel, readOwnModel } from "../model/model-files.ts";
import { looksLikeNpz } from "../numpy/npz.ts";
import type { Pack } from "../pack/pack.ts";
import { openJpeg } from "../raster/jpeg.ts";
import { openPng, rasterSlice } from "../raster/png.ts";
import { looksLikeSession, readSession, type Session } from "../session/session.ts";
import { SNIFF_BYTES, sniff } from "./sniff.ts";
import {
  byName,
  expandZips,
  type Picture,
  readSegmentation,
  readVolume,
  type Sorted,
  sortFiles,
  unknownFormat,
  type Volume,
} from "./sort-files.ts";
import { baseName, headOf, type Incoming, type SourceFile, sourceFile } from "./source-file.ts";
import { plainStack, type Stack } from "./stack.ts";

/** What a file, or several dropped together, turned out to be. `stack.notes` and `notes` are said to the person. */
export type Opened =
  /** A slice or a stack; `stack.graders` is there where masks came with it, `session` where a session.json did. */
  | { readonly kind: "image"; readonly stack: Stack; readonly session?: Session }
  | { readonly kind: "marks"; readonly marks: Marks; readonly notes: readonly string[] }
  | { readonly kind: "pack"; readonly pack: Pack }
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "model"; readonly model: OwnModel };

/**
 * Opens one file by its contents, whatever its name.
 * @throws GraderspaceError UnknownFormat, NotAnImage, UnsupportedPixels, TruncatedFile, DamagedFile, TooLarge, …
 */
export async function openFile(incoming: Incoming): Promise<Opened> {
  const file = sourceFile(incoming);
  const { name } = file;
  const kind = sniff(await headOf(file, SNIFF_BYTES));
  switch (kind) {
    case "dicom": {
      const dicom = await openDicom(await file.read(), name);
      const marks = await readSegmentation(file, dicom);
      return marks ? { kind: "marks", marks, notes: dicom.notes } : { kind: "image", stack: dicomStack(dicom) };
    }
    case "png":
      return { kind: "image", stack: openPng(await file.read(), name) };
    case "jpeg":
      return { kind: "image", stack: await openJpeg(await file.read(), name) };
    case "xml": {
      const { readLidcXml } = await import("../marks/lidc/lidc-xml.ts");
      return { kind: "marks", marks: readLidcXml(await file.read(), name), notes: [] };
    }
    case "json":
      return openJson(file);
    case "zip": {
      const entries = openZip(await file.read(), name);
      return looksLikeNpz(entries) ? openVolume(file, kind) : openTogether(entries, name);
    }
    default:
      return openVolume(file, kind);
  }
}

async function openVolume(file: SourceFile, kind: ReturnType<typeof sniff>): Promise<Opened> {
  const volume = await readVolume(file, kind);
  return "stack" in volume ? { kind: "image", stack: volume.stack } : { kind: "marks", marks: volume, notes: [] };
}

async function openJson(file: SourceFile): Promise<Opened> {
  if (file.size > LIMITS.headerBytes) throw unknownFormat(file.name, null);
  const bytes = await file.read();
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8").decode(bytes));
  } catch {
    throw unknownFormat(file.name, null);
  }
  if (looksLikeSession(json)) return { kind: "session", session: readSession(bytes, file.name) };
  if (isObject(json) && "architecture" in json) return { kind: "model", model: await readOwnModel([file], file.name) };
  if (isObject(json) && "cases" in json) return openPack([file], file.name);
  throw unknownFormat(file.name, null);
}

/**
 * Opens files dropped together, or the files of a folder: works out which is the slice and which are masks, and says so
 * in the stack's notes. PNG masks beside a slice are graders in the order of their names.
 * @throws as `openFile`
 */
export async function openFiles(incoming: readonly Incoming[]): Promise<Opened> {
  const [first] = incoming;
  if (!first) throw new GraderspaceError("BadArgument", { problem: "there are no files to open" });
  if (incoming.length === 1) return openFile(first);
  const files = await expandZips(incoming.map(sourceFile));
  return openTogether(files, commonFolder(files) ?? `${files.length} files`);
}

function commonFolder(files: readonly SourceFile[]): string | null {
  const [folder = ""] = files[0]?.name.split("/") ?? [];
  return folder !== "" && files.every((file) => file.name.startsWith(`${folder}/`)) ? folder : null;
}

async function openTogether(files: readonly SourceFile[], name: string): Promise<Opened> {
  if (files.length === 0) throw new GraderspaceError("NotAnImage", { file: name, problem: "it is empty" });
  if (files.some((file) => baseName(file.name) === "pack.json")) return openPack(files, name);
  if (looksLikeModel(files)) return { kind: "model", model: await readOwnModel(files, name) };
  const sorted = await sortFiles(files);
  const { stack, marks, notes } = await chooseSlice(sorted, name);
  const session = await firstSession(sorted.sessions);
  if (!stack) {
    const [only] = marks;
    if (only && marks.length === 1) return { kind: "marks", marks: only, notes };
    if (session) return { kind: "session", session };
    throw sorted.leftOut[0] ?? nothingIn(name, marks.length);
  }
  const noted: Stack = { ...stack, notes: [...notes, ...stack.notes] };
  const marked = marks.length > 0 ? withMarks(noted, marks) : noted;
  return { kind: "image", stack: marked, ...(session ? { session } : {}) };
}

interface Chosen {
  readonly stack: Stack | null;
  readonly marks: readonly Marks[];
  readonly notes: readonly string[];
}

/** DICOM is the slice before volumes, and volumes before pictures; what is left beside it is what graders drew. */
async function chooseSlice(sorted: Sorted, name: string): Promise<Chosen> {
  const { dicom, volumes, pictures } = sorted;
  const left = sorted.leftOut.length > 0 ? [leftOutNote(sorted.leftOut)] : [];
  if (dicom.length > 0) {
    const [only] = dicom;
    const stack =
      dicom.length === 1 && only
        ? dicomStack(await openDicom(await only.read(), only.name))
        : await openSeries(dicom, name);
    return beside(stack, sorted, volumes, pictures, left);
  }
  const scans: Volume[] = [];
  for (const each of volumes) if (!(await each.labelLike())) scans.push(each);
  const volume = scans[0] ?? (pictures.every(({ maskLike }) => maskLike) ? volumes[0] : undefined);
  if (volume) {
    if (scans.length > 1) throw several(name, scans);
    const others = volumes.filter((each) => each !== volume);
    return beside(volume.stack, sorted, others, pictures, left);
  }
  const slices = pictures.filter(({ maskLike }) => !maskLike);
  const chosen = slices[0] ?? (pictures.length > 0 && sorted.marks.length > 0 ? pictures[0] : undefined);
  if (!chosen) return beside(null, sorted, volumes, pictures, left);
  if (slices.length > 1) {
    if (pictures.length > slices.length) throw several(name, slices);
    return beside(pictureStack(slices, name), sorted, volumes, [], left);
  }
  const masks = pictures.filter((picture) => picture !== chosen);
  return beside(pictureStack([chosen], chosen.file.name), sorted, volumes, masks, left);
}

/** Everything that is not the slice, as marks, with the sentence that says so. */
async function beside(
  stack: Stack | null,
  sorted: Sorted,
  volumes: readonly Volume[],
  masks: readonly Picture[],
  left: readonly string[],
): Promise<Chosen> {
  const marks: Marks[] = [...sorted.marks];
  for (const volume of volumes) marks.push(await volume.marks());
  const ordered = [...masks].sort((a, b) => byName(a.file, b.file));
  if (ordered.length > 0) {
    marks.push(pictureMarks(ordered.map(({ file, raster }) => ({ name: file.name, raster }))));
  }
  const names = [...volumes.map(({ file }) => file), ...ordered.map(({ file }) => file)].map(({ name }) =>
    baseName(name),
  );
  const listed = names.length > 6 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  const graders = names.length === 1 ? "what a grader drew" : "the graders' masks, in the order of their names";
  const said = stack && names.length > 0 ? [`${baseName(stack.name)} is the slice; ${listed}: ${graders}`] : [];
  return { stack, marks, notes: [...said, ...left] };
}

/** Pictures of one size are a stack in the order of their names. */
function pictureStack(pictures: readonly Picture[], name: string): Stack {
  const [first] = pictures as [Picture];
  const { width, height } = first.raster;
  if (pictures.some(({ raster }) => raster.width !== width || raster.height !== height)) {
    throw several(name, pictures);
  }
  const label = (frame: number) => baseName((pictures[frame] as Picture).file.name);
  return plainStack({
    name: pictures.length === 1 ? first.file.name : name,
    format: first.format,
    frames: pictures.length,
    notes: pictures.length > 1 ? [`${name}: ${pictures.length} pictures, in the order of their names`] : [],
    label,
    slice: async (frame) => rasterSlice((pictures[frame] as Picture).raster, (pictures[frame] as Picture).file.name),
  });
}

async function openPack(files: readonly SourceFile[], name: string): Promise<Opened> {
  const { readPack } = await import("../pack/pack.ts");
  const pack = await readPack(files, name, async (file) => {
    const opened = await openFile(file);
    if (opened.kind === "image") return opened.stack.slice(opened.stack.start);
    throw new GraderspaceError("NotAnImage", { file: file.name, problem: "it holds no picture" });
  });
  return { kind: "pack", pack };
}

/** A session.json among the files; other JSON is none of ours. */
async function firstSession(files: readonly SourceFile[]): Promise<Session | null> {
  for (const file of files) {
    try {
      const opened = await openJson(file);
      if (opened.kind === "session") return opened.session;
    } catch (error) {
      if (!(error instanceof GraderspaceError) || error.tag !== "UnknownFormat") throw error;
    }
  }
  return null;
}

function leftOutNote(leftOut: readonly GraderspaceError[]): string {
  const [first] = leftOut as [GraderspaceError];
  const more = leftOut.length > 1 ? ` (and ${leftOut.length - 1} more files)` : "";
  return `Left out${more}: ${first.message}`;
}

function nothingIn(file: string, marks: number): GraderspaceError {
  const problem = marks > 0 ? "it holds several files of marks and no slice" : "it holds no picture";
  return new GraderspaceError("NotAnImage", { file, problem, remedy: "drop the slice together with its masks" });
}

function several(name: string, pictures: readonly { readonly file: SourceFile }[]): GraderspaceError {
  const names = pictures.slice(0, 3).map(({ file }) => baseName(file.name));
  return new GraderspaceError("BadArgument", {
    file: name,
    problem: `each of ${names.join(", ")} could be the slice`,
    remedy: "drop one slice together with its masks",
  });
}
