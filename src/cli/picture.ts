import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { GraderspaceError } from "../core/errors.ts";
import { inEnglish, type Text } from "../core/language/say.ts";
import type { Grader, Slice } from "../core/values/slice.ts";
import type { SourceFile } from "../io/bytes/source-file.ts";
import { type Opened, openFile, openFiles } from "../io/open/open.ts";
import type { Pack } from "../io/pack/pack.ts";
import type { Session } from "../io/session/session.ts";
import type { Origin } from "../io/stack/stack.ts";
import { isArchiveAddress, openArchiveAddress } from "./archive/archive-address.ts";
import type { Arguments } from "./arguments.ts";
import { fileAt } from "./read-bytes.ts";

/** One frame of a file, with all that the exporters may copy from it. */
export interface ReadPicture {
  readonly slice: Slice;
  readonly frame: number;
  readonly frames: number;
  readonly format: string;
  readonly origin: Origin;
  /** Where the file itself holds what graders drew on this frame. */
  readonly graders: readonly Grader[];
  /** A simulated nodule in a real slice. */
  readonly simulated: boolean;
  /** All that the page would say at opening. */
  readonly notes: readonly Text[];
}

/** `--frame K`, from 0; undefined where the file's own first choice will do. */
export function frameAsked(args: Arguments): number | undefined {
  return args.text("frame") === undefined ? undefined : args.whole("frame", 0, 0, 1e6);
}

/**
 * Opens a file of any format, a folder of files that belong together, or `dicomweb:STUDY/SERIES` of the archive at `server`.
 * @throws GraderspaceError
 */
export async function openPath(path: string, server?: string): Promise<Opened> {
  if (isArchiveAddress(path)) return openArchiveAddress(path, server);
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return folder ? openFiles(await filesIn(path)) : openFile(await fileAt(path));
}

/** Read one at a time, when asked for: a series is larger than the memory it should take. */
async function filesIn(folder: string): Promise<SourceFile[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const files = paths.sort().map(async (path) => ({
    name: `${basename(folder)}/${relative(folder, path).replaceAll("\\", "/")}`,
    size: (await stat(path)).size,
    read: async () => new Uint8Array(await readFile(path)),
  }));
  return Promise.all(files);
}

/** Opens one picture; what was odd about its file is said on stderr. @throws GraderspaceError */
export async function openPicture(path: string, frame?: number, server?: string): Promise<ReadPicture> {
  return pictureOf(await openPath(path, server), basename(path), frame);
}

/** @throws GraderspaceError NotAnImage, NoSuchFrame, and what the reader throws */
export async function pictureOf(opened: Opened, file: string, frame?: number): Promise<ReadPicture> {
  if (opened.kind === "pack") return pictureOfPack(opened.pack, frame ?? 0);
  if (opened.kind !== "image") {
    const problem = `it holds no picture but ${opened.kind === "samples" ? "samples" : `a ${opened.kind}`}`;
    throw new GraderspaceError("NotAnImage", { file, problem, remedy: "give a file that holds a picture" });
  }
  const { stack } = opened;
  const k = frame ?? stack.start;
  const slice = await stack.slice(k);
  const graders = (await stack.graders?.(k)) ?? [];
  const notes = [...stack.notes, ...(stack.notesOf?.(k) ?? [])];
  for (const note of notes) process.stderr.write(`${inEnglish(note)}\n`);
  return {
    slice,
    frame: k,
    frames: stack.frames,
    format: stack.format,
    origin: await stack.origin(k),
    graders,
    simulated: false,
    notes,
  };
}

async function pictureOfPack(pack: Pack, frame: number): Promise<ReadPicture> {
  const frames = pack.index.cases.length;
  if (frame >= frames) {
    const remedy = `ask for a frame from 0 to ${frames - 1}`;
    throw new GraderspaceError("NoSuchFrame", { file: pack.name, problem: `it has no case ${frame}`, remedy });
  }
  const { slice, graders, simulated } = await pack.open(frame);
  return { slice, frame, frames, format: "pack", origin: { kind: "none" }, graders, simulated, notes: [] };
}

/** @throws GraderspaceError BadArgument where a point lies outside the slice */
export function checkPoint({ name, width, height }: Slice, [x, y]: readonly [number, number]): void {
  if (x >= 0 && y >= 0 && x < width && y < height) return;
  const problem = `column ${x}, row ${y} lies outside its ${width}×${height} pixels`;
  throw new GraderspaceError("BadArgument", { file: name, problem, remedy: "give a point of the slice" });
}

/** @throws GraderspaceError WrongSession unless it is the slice that the session was made from */
export function checkSlice(slice: Slice, session: Session, sessionFile: string): void {
  if (sliceHash(slice) === session.slice.sha256) return;
  const problem = `its frame ${session.slice.frame} is not the slice that ${sessionFile} was made from`;
  const remedy = "give the file that was open when the session was saved";
  throw new GraderspaceError("WrongSession", { file: slice.name, problem, remedy });
}

/** sha256 of the values as float32 little-endian, row-major: what names a slice in `session.json`. */
export function sliceHash({ values }: Pick<Slice, "values">): string {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i] as number, true);
  return createHash("sha256").update(bytes).digest("hex");
}
