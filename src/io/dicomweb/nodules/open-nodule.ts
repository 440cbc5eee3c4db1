import { say, type Text } from "../../../core/language/say.ts";
import type { Grader } from "../../../core/values/slice.ts";
import { baseName } from "../../bytes/source-file.ts";
import type { Marks } from "../../marks/marks.ts";
import { withMarks } from "../../marks/marks-target.ts";
import { openContent } from "../../open/recognise.ts";
import type { Stack } from "../../stack/stack.ts";
import type { Archive } from "../archive.ts";
import type { ArchiveSeries } from "../series-stack.ts";
import type { Asked } from "../transport.ts";
import type { ArchiveNodule, NoduleReader } from "./nodules.ts";

/** Slices beside those that a nodule's readers marked that come along. */
const MARGIN = 3;

/** A series with the readers of one of its nodules, and which of its pictures are wanted first. */
export interface OpenedNodule {
  readonly stack: Stack;
  readonly frames: readonly number[];
}

/**
 * The series with what a nodule's readers drew, laid over it by geometry; it starts in the middle of what they marked.
 * Readers whose file is not there are not known; where `readBy` people are said to have read the series, those beyond
 * the ones found drew nothing.
 * @throws GeometryMismatch where marks do not lie on the series; what reading them throws; as `ArchiveWire.ask`
 */
export async function openNodule(
  archive: Archive,
  series: ArchiveSeries,
  { name, readers, sops }: ArchiveNodule,
  readBy: number | null,
  asked: Asked = {},
): Promise<OpenedNodule> {
  const read = await Promise.all(readers.map((reader) => marksOf(archive, reader, asked)));
  const frames = framesWith(series.stack, sops);
  const start = frames[frames.length >> 1] ?? series.stack.start;
  const marked = await withMarks(
    series.stack,
    read.flatMap(({ marks }) => marks),
    start,
  );
  const [refusal] = marked.refusals;
  if (refusal) throw refusal;
  const rated = new Map(readers.map((reader) => [reader.name, reader.reported?.ratings ?? {}]));
  const absent: Grader[] = Array.from({ length: Math.max(0, (readBy ?? 0) - readers.length) }, (_, i) => ({
    name: `Reader ${readers.length + i + 1}`,
    mask: null,
  }));
  const stack: Stack = {
    ...marked.stack,
    name: `${name} · ${series.stack.name}`,
    start,
    notes: [...series.stack.notes, ...read.flatMap(({ notes }) => notes), ...marked.notes],
    graders: async (frame) => {
      const drew = (await marked.stack.graders?.(frame)) ?? [];
      const known = drew.map((grader) => {
        const ratings = rated.get(grader.name) ?? {};
        return Object.keys(ratings).length > 0 ? { ...grader, ratings } : grader;
      });
      return [...known, ...absent];
    },
  };
  const last = stack.frames - 1;
  const low = Math.max(0, Math.min(...frames, start) - MARGIN);
  const high = Math.min(last, Math.max(...frames, start) + MARGIN);
  return { stack, frames: Array.from({ length: high - low + 1 }, (_, i) => low + i) };
}

/** One reader's segment alone, under the reader's name. */
async function marksOf(
  archive: Archive,
  { name, file, segment }: NoduleReader,
  asked: Asked,
): Promise<{ readonly marks: readonly Marks[]; readonly notes: readonly Text[] }> {
  const bytes = await archive.instance(file.address, { ...asked, urgent: true });
  const content = await openContent({
    name: `${baseName(segment.label)}.dcm`,
    size: bytes.length,
    read: async () => bytes,
  });
  if (content.holds !== "marks") return { marks: [], notes: [say`${file.kind} "${segment.label}" holds no marks`] };
  const { marks, notes } = content;
  if ("sessions" in marks) return { marks: [marks], notes };
  if ("rois" in marks) {
    const rois = marks.rois.filter((_, index) => index === segment.index).map((roi) => ({ ...roi, name }));
    return { marks: [{ ...marks, rois }], notes };
  }
  const graders = marks.graders.filter((_, index) => index === segment.index);
  return { marks: [{ ...marks, graders: graders.map((grader) => ({ ...grader, name })) }], notes };
}

function framesWith(stack: Stack, sops: readonly string[]): number[] {
  const wanted = new Set(sops);
  const all = Array.from({ length: stack.frames }, (_, frame) => frame);
  return all.filter((frame) => {
    const { sopInstanceUid: sop, frame: inFile } = stack.place(frame);
    return sop !== null && (wanted.has(sop) || wanted.has(`${sop}#${(inFile ?? 0) + 1}`));
  });
}
