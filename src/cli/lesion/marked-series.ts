import { basename } from "node:path";
import { GraderspaceError } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import type { Marks } from "../../io/marks/marks.ts";
import { withMarks } from "../../io/marks/marks-target.ts";
import type { Opened } from "../../io/open/open.ts";
import type { Stack } from "../../io/stack/stack.ts";
import { openPath } from "../picture.ts";

/** A file or folder as a series of slices. @throws GraderspaceError NotAnImage, and what the reader throws */
export async function openSeriesAt(path: string, server?: string): Promise<Stack> {
  const opened = await openPath(path, server);
  if (opened.kind !== "image") {
    const problem = `it holds no series but a ${opened.kind}`;
    throw new GraderspaceError("NotAnImage", { file: basename(path), problem, remedy: "give a series of slices" });
  }
  return opened.stack;
}

/**
 * The series with what graders drew in these files, laid over it by geometry; marks that say nothing of their place lie on
 * slice `start` alone. Its notes say what was odd about the files. The series itself where there is no file.
 * @throws GraderspaceError NotAnImage, GeometryMismatch where a file holds no marks, or none of this series
 */
export async function withMarkFiles(
  stack: Stack,
  paths: readonly string[],
  start: number,
  server?: string,
): Promise<Stack> {
  if (paths.length === 0) return stack;
  const marks: Marks[] = [];
  const notes: Text[] = [];
  for (const path of paths) {
    const opened = await openPath(path, server);
    marks.push(...(await marksIn(opened, basename(path))));
    if (opened.kind === "marks") notes.push(...opened.notes);
  }
  const marked = await withMarks(stack, marks, start);
  const [refusal] = marked.refusals;
  if (refusal) throw refusal;
  return { ...marked.stack, notes: [...stack.notes, ...notes, ...marked.notes] };
}

async function marksIn(opened: Opened, file: string): Promise<readonly Marks[]> {
  if (opened.kind === "marks") return opened.marks;
  if (opened.kind === "image" && opened.asMarks) return opened.asMarks();
  const held = opened.kind === "image" ? "picture" : opened.kind;
  const remedy = "give masks, label maps, DICOM SEG or LIDC's XML";
  throw new GraderspaceError("NotAnImage", { file, problem: `it holds no marks but a ${held}`, remedy });
}
