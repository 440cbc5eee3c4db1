import { isObject } from "../../core/config/checked.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import { LIMITS } from "../bytes/limits.ts";
import { baseName, headOf, type Incoming, type SourceFile, sourceFile } from "../bytes/source-file.ts";
import type { Openers } from "../dataset/read-images.ts";
import { labelMarks, looksLikeLabels, looksLikeShares, pictureMarks } from "../marks/label-marks.ts";
import type { Marks } from "../marks/marks.ts";
import { withMarks } from "../marks/marks-target.ts";
import { type RegionsMeaning, regionsAs, type SeveralRegions, severalRegions } from "../marks/regions-of-file.ts";
import { looksLikeModel, type OwnModel, readOwnModel } from "../model/model-files.ts";
import { isNpy } from "../numpy/npy-signature.ts";
import type { Pack } from "../pack/pack.ts";
import { maskPicture, pictureStack } from "../raster/raster.ts";
import { filesByMethod, type MethodSamples, methodsIn, readMethod } from "../samples/method-samples.ts";
import { methodOfPath, nameFromFile } from "../samples/sample-name.ts";
import { looksLikeSession, readSession, type Session } from "../session/session.ts";
import type { Stack } from "../stack/stack.ts";
import { byDirectory } from "./by-directory.ts";
import { chooseSlice } from "./choose-slice.ts";
import { expandArchives } from "./expand-archives.ts";
import { joinDetached } from "./join-detached.ts";
import { openContent, unknownFormat } from "./recognise.ts";
import { byName, packedTooOften, sortFiles } from "./sort-files.ts";

/** What a file, or several dropped together, turned out to be. `stack.notes` and `notes` are said to the person. */
export type Opened =
  /** A slice or a stack; `stack.graders` is there where masks came with it, `session` where a session.json did. */
  | {
      readonly kind: "image";
      readonly stack: Stack;
      readonly session?: Session;
      /** What graders drew, where all of it looks like that: laid over a slice that is open, it is no slice itself. */
      readonly asMarks?: () => Promise<readonly Marks[]>;
      /** A file of marks beside it that may be meant in two ways. */
      readonly regions?: SeveralRegions;
      /** The samples of a method that it may be, whose name is not said: as many as there are. */
      readonly asSamples?: () => Promise<MethodSamples>;
      /** Samples of its pictures that came with it. */
      readonly samples?: readonly MethodSamples[];
    }
  | {
      readonly kind: "marks";
      readonly marks: readonly Marks[];
      readonly notes: readonly Text[];
      readonly regions?: SeveralRegions;
      readonly asSamples?: () => Promise<MethodSamples>;
      readonly samples?: readonly MethodSamples[];
    }
  /** Samples of methods, and nothing that they are of. */
  | { readonly kind: "samples"; readonly samples: readonly MethodSamples[] }
  | { readonly kind: "pack"; readonly pack: Pack; readonly notes?: readonly string[] }
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "model"; readonly model: OwnModel };

/**
 * Opens one file by its contents, whatever its name.
 * @throws GraderspaceError UnknownFormat, NotAnImage, UnsupportedPixels, TruncatedFile, DamagedFile, TooLarge, …
 */
export async function openFile(incoming: Incoming, regionsAre?: RegionsMeaning): Promise<Opened> {
  return openUnpacked(sourceFile(incoming), regionsAre);
}

/** `unpacked`: the file was packed itself, and may be no archive. */
async function openUnpacked(file: SourceFile, regionsAre?: RegionsMeaning, unpacked = false): Promise<Opened> {
  const method = methodOfPath(file.name);
  if (method !== null && isNpy(await headOf(file, 16))) return samplesOf(method, [file]);
  const content = await openContent(file);
  const alone = content.holds === "volume" || content.holds === "picture" || content.holds === "marks";
  if (method !== null && alone && !(content.holds === "volume" && content.neverLabels))
    return samplesOf(method, [file]);
  switch (content.holds) {
    case "volume": {
      const { stack, samples } = content;
      const beside = samples && { samples: methodsIn(samples) };
      const asSamples = () => candidate([file]);
      if (content.neverLabels || !(await looksLikeLabels(stack))) {
        const shares = !content.neverLabels && (await looksLikeShares(stack));
        return { kind: "image", stack, ...beside, ...(shares && { asSamples }) };
      }
      return { kind: "image", stack, asMarks: async () => [await labelMarks(stack)], asSamples };
    }
    case "series":
      return { kind: "image", stack: content.stack() };
    case "picture": {
      const stack = pictureStack([content.picture], file.name);
      const mask = maskPicture(content.picture);
      if (!mask) return { kind: "image", stack };
      const asSamples = () => candidate([file]);
      return { kind: "image", stack, asMarks: async () => [pictureMarks([mask])], asSamples };
    }
    case "samples":
      return { kind: "samples", samples: methodsIn(content.samples) };
    case "marks":
      return marksAlone([content.marks], content.notes, regionsAre, {
        // Contours and reads name who drew them; segments may be anything.
        ...("graders" in content.marks && { asSamples: () => candidate([file]) }),
      });
    case "files":
      if (unpacked) throw packedTooOften(file.name);
      return openTogether(await expandArchives(within(file.name, content.files), true), file.name, regionsAre);
    case "packed":
      if (unpacked) throw packedTooOften(file.name);
      return openUnpacked(content.file, regionsAre, true);
    case "document":
      return openJson(file);
    case "list":
      throw content.refusal;
  }
}

async function openJson(file: SourceFile): Promise<Opened> {
  if (file.size > LIMITS.headerBytes) throw unknownFormat(file.name);
  const bytes = await file.read();
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8").decode(bytes));
  } catch {
    throw unknownFormat(file.name);
  }
  if (looksLikeSession(json)) return { kind: "session", session: readSession(bytes, file.name) };
  if (isObject(json) && ("architecture" in json || "onnx" in json))
    return { kind: "model", model: await readOwnModel([file], file.name) };
  if (isObject(json) && "cases" in json) return openPack([file], file.name);
  throw unknownFormat(file.name);
}

/** Files of an archive whose own name says whose samples they are lie in a folder of that name. */
function within(archive: string, files: readonly SourceFile[]): readonly SourceFile[] {
  if (methodOfPath(archive) === null) return files;
  return files.map((file) => ({ ...file, name: `${archive}/${file.name}` }));
}

async function samplesOf(method: string, files: readonly SourceFile[]): Promise<Opened> {
  return { kind: "samples", samples: await readMethod(method, files, openContent) };
}

/** Files that say nothing of it, as one method's samples. @throws NotAnImage, and as `readMethod` */
async function candidate(files: readonly SourceFile[]): Promise<MethodSamples> {
  const ordered = [...files].sort(byName);
  const [first] = ordered;
  const [found] = await readMethod(nameFromFile(first?.name ?? ""), ordered, openContent);
  if (found) return found;
  throw nothingIn(first?.name ?? "");
}

/**
 * Opens files dropped together, or the files of a folder: works out which is the slice and which are masks, and says so
 * in the stack's notes. PNG masks beside a slice are graders in the order of their names.
 * `regionsAre`: what several regions of one RTSTRUCT are; graders where it is not said.
 * @throws as `openFile`
 */
export async function openFiles(incoming: readonly Incoming[], regionsAre?: RegionsMeaning): Promise<Opened> {
  const [first] = incoming;
  if (!first) throw new GraderspaceError("BadArgument", { problem: say`there are no files to open` });
  if (incoming.length === 1) return openFile(first, regionsAre);
  const files = await expandArchives(incoming.map(sourceFile));
  return openTogether(files, commonFolder(files) ?? `${files.length} files`, regionsAre);
}

function commonFolder(files: readonly SourceFile[]): string | null {
  const [folder = ""] = files[0]?.name.split("/") ?? [];
  return folder !== "" && files.every((file) => file.name.startsWith(`${folder}/`)) ? folder : null;
}

function marksAlone(
  given: readonly Marks[],
  notes: readonly Text[],
  regionsAre: RegionsMeaning = "graders",
  beside: Pick<Opened & { readonly kind: "marks" }, "asSamples" | "samples"> = {},
): Opened {
  const regions = severalRegions(given);
  const { marks, notes: said } = regionsAs(given, regionsAre);
  return { kind: "marks", marks, notes: [...notes, ...said], ...(regions && { regions }), ...beside };
}

async function openTogether(
  files: readonly SourceFile[],
  name: string,
  regionsAre: RegionsMeaning = "graders",
): Promise<Opened> {
  if (files.length === 0) throw new GraderspaceError("NotAnImage", { file: name, problem: say`it is empty` });
  if (files.some((file) => baseName(file.name) === "pack.json")) return openPack(files, name);
  const crops = await openCrops(files, name);
  if (crops) return { kind: "pack", pack: crops };
  if (looksLikeModel(files)) return { kind: "model", model: await readOwnModel(files, name) };
  const { methods, others } = filesByMethod(files);
  const named: MethodSamples[] = [];
  for (const [method, own] of methods) named.push(...(await readMethod(method, [...own].sort(byName), openContent)));
  if (others.length === 0) return { kind: "samples", samples: named };
  if (methods.size === 0) {
    const { readersFolder } = await import("../dataset/readers-folder.ts");
    const found = await readersFolder(others, name, OPENERS);
    if (found) return "stack" in found ? { kind: "image", ...found } : { kind: "pack", ...found };
  }
  const sorted = byDirectory(await sortFiles(await joinDetached(others)), others);
  const { stack, marks, notes, asLabels } = await chooseSlice(sorted, name);
  const session = await firstSession(sorted.documents);
  const samples = [...named, ...sorted.samples];
  const beside = samples.length > 0 && { samples };
  const asSamples = () => candidate(others);
  if (!stack) {
    if (marks.length > 0) return marksAlone(marks, notes, regionsAre, { asSamples, ...beside });
    if (beside) return { kind: "samples", samples };
    if (session) return { kind: "session", session };
    throw sorted.leftOut[0] ?? sorted.lists[0]?.refusal ?? nothingIn(name);
  }
  const regions = severalRegions(marks);
  const meant = regionsAs(marks, regionsAre);
  const marked = marks.length > 0 ? await withMarks(stack, meant.marks) : { stack, notes: [] };
  const noted: Stack = { ...marked.stack, notes: [...notes, ...meant.notes, ...marked.notes, ...stack.notes] };
  const asMarks = asLabels && (async () => [await labelMarks(stack), ...meant.marks]);
  return {
    kind: "image",
    stack: noted,
    ...(session && { session }),
    ...(asMarks && { asMarks, asSamples }),
    ...(regions && { regions }),
    ...beside,
  };
}

async function openPack(files: readonly SourceFile[], name: string): Promise<Opened> {
  const { readPack } = await import("../pack/pack.ts");
  return { kind: "pack", pack: await readPack(files, name, openSlice) };
}

async function openCrops(files: readonly SourceFile[], name: string): Promise<Pack | null> {
  const { cropsPack } = await import("../dataset/crops-pack.ts");
  return cropsPack(files, name, openSlice);
}

/** The slice of a file that is shown first. @throws NotAnImage */
async function openSlice(file: SourceFile): Promise<Slice> {
  const stack = await OPENERS.picture(file);
  return stack.slice(stack.start);
}

/** For data sets whose files say by their names what they are. */
export const OPENERS: Openers = {
  picture: async (file) => {
    const opened = await openFile(file);
    if (opened.kind === "image") return opened.stack;
    throw new GraderspaceError("NotAnImage", { file: file.name, problem: say`it holds no picture` });
  },
  labels: async (file) => {
    const opened = await openFile(file);
    const [marks, ...more] = (opened.kind === "image" ? await opened.asMarks?.() : null) ?? [];
    if (marks && "graders" in marks && more.length === 0) return marks;
    throw new GraderspaceError("NotAnImage", { file: file.name, problem: say`it is no mask of 0 and another number` });
  },
};

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

function nothingIn(file: string): GraderspaceError {
  const remedy = say`drop the slice together with its masks`;
  return new GraderspaceError("NotAnImage", { file, problem: say`it holds no picture`, remedy });
}
