import { GraderspaceError } from "../src/core/errors.ts";
import { diversity } from "../src/core/measures/agreement.ts";
import { type Candidate, pickCases } from "../src/core/measures/pick-cases.ts";
import { type Blob, blobsOf } from "../src/core/values/mask-blobs.ts";
import { areaPx, emptyMask, type Grader, type Mask } from "../src/core/values/slice.ts";
import type { SourceFile } from "../src/io/bytes/source-file.ts";
import type { ReadImage } from "../src/io/dataset/layouts.ts";
import type { MarkPlane, PixelMarks } from "../src/io/marks/mark-plane.ts";
import { withMarks } from "../src/io/marks/marks-target.ts";
import { openFile } from "../src/io/open/open.ts";
import type { OpenedCase } from "../src/io/pack/pack.ts";
import type { Stack } from "../src/io/stack/stack.ts";
import { SMALLEST_PX } from "./lidc-pack.ts";

/** Outlines of one lesion by two readers may just miss each other. */
const JOIN_PX = 3;

interface MarkedPart extends Candidate {
  readonly one: ReadImage;
  readonly frame: number;
  /** Column and row of the marked lesion's middle. */
  readonly centre: readonly [number, number];
}

/**
 * Cases out of pictures or volumes with a file of each reader: slices on which two readers drew, with a range of
 * disagreement. Images that cannot be read, or whose masks belong elsewhere, are told of and left out.
 * @throws BadArgument where no slice has two readers who drew; what reading a picked file throws
 */
export async function casesFromReadImages(
  images: readonly ReadImage[],
  fileAt: (path: string) => SourceFile,
  pick: number,
  tell: (sentence: string) => void,
): Promise<OpenedCase[]> {
  const parts: MarkedPart[] = [];
  for (const one of images) {
    try {
      parts.push(...(await partsOf(one, await openRead(one, fileAt))));
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      tell(`left out: ${error.message}`);
    }
  }
  if (parts.length === 0) {
    throw new GraderspaceError("BadArgument", {
      problem: "no slice of the folder has marks of two readers",
      remedy: "name a folder of images with a mask of each reader beside them",
    });
  }
  tell(`${images.length} images, ${parts.length} marked lesions on slices with two readers or more`);
  const cases: OpenedCase[] = [];
  for (const { one, frame, centre, patient, drew } of pickCases(parts, pick)) {
    const stack = await openRead(one, fileAt);
    const slice = await stack.slice(frame);
    const graders = (await stack.graders?.(frame)) ?? [];
    const where = stack.frames > 1 ? `, slice ${frame + 1} of ${stack.frames}` : "";
    const region = [Math.round(centre[0]), Math.round(centre[1])] as const;
    const title = `${one.id}${where} · ${drew} of ${graders.length} drew`;
    cases.push({ id: `case-${cases.length + 1}`, title, simulated: false, slice, region, graders, patient });
  }
  return cases;
}

/** The image with what each reader drew on it. @throws GeometryMismatch where a reader's marks belong elsewhere */
async function openRead({ image, readers }: ReadImage, fileAt: (path: string) => SourceFile): Promise<Stack> {
  const opened = await openFile(fileAt(image));
  if (opened.kind !== "image") {
    throw new GraderspaceError("NotAnImage", { file: image, problem: "it holds no picture" });
  }
  const marks: PixelMarks[] = [];
  for (const { name, file } of readers) marks.push(await marksOf(name, fileAt(file)));
  const { stack, refusals } = await withMarks(opened.stack, marks);
  if (refusals[0]) throw refusals[0];
  return stack;
}

/** All that a file marks, whatever its labels, as one reader's. @throws NotAnImage where it is no mask */
async function marksOf(name: string, file: SourceFile): Promise<PixelMarks> {
  const opened = await openFile(file);
  const [marks, ...more] = (opened.kind === "image" ? await opened.asMarks?.() : null) ?? [];
  if (!marks || !("graders" in marks) || more.length > 0) {
    throw new GraderspaceError("NotAnImage", { file: file.name, problem: "it is no mask of 0 and another number" });
  }
  const [first, ...others] = marks.graders.map(({ planes }) => planes);
  const planes = (first ?? []).map((plane, k) => others.reduce((sum, their) => both(sum, their[k]), plane));
  return { ...marks, graders: [{ name, planes }] };
}

function both(one: MarkPlane, other: MarkPlane | undefined): MarkPlane {
  const [a, b] = [one.values, other?.values ?? null];
  return { ...one, values: a && b ? a.map((value, i) => Math.max(value, b[i] as number)) : (a ?? b) };
}

async function partsOf(one: ReadImage, stack: Stack): Promise<MarkedPart[]> {
  const found: MarkedPart[] = [];
  for (let frame = 0; frame < stack.frames; frame++) {
    const graders = (await stack.graders?.(frame)) ?? [];
    const union = unionOf(graders);
    if (!union) continue;
    for (const blob of blobsOf(union, JOIN_PX)) {
      const masks = graders.map(({ mask }) => within(mask, blob, union));
      const areas = masks.map(areaPx);
      const drew = areas.filter((area) => area > 0).length;
      if (drew < 2 || Math.max(...areas) < SMALLEST_PX) continue;
      const { patient } = one;
      found.push({ one, frame, patient, centre: blob.centre, drew, disagreement: diversity(masks) });
    }
  }
  return found;
}

function unionOf(graders: readonly Grader[]): Mask | null {
  const masks = graders.flatMap(({ mask }) => mask ?? []);
  const [first] = masks;
  if (!first) return null;
  const union = emptyMask(first.width, first.height);
  for (const { bits } of masks) for (let i = 0; i < bits.length; i++) if (bits[i] === 1) union.bits[i] = 1;
  return union;
}

function within(mask: Mask | null, blob: Blob, { width, height }: Mask): Mask {
  const part = emptyMask(width, height);
  if (mask) for (const at of blob.pixels) part.bits[at] = mask.bits[at] as number;
  return part;
}
