import { GraderspaceError } from "../../core/errors.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import type { MarkPlane, PixelMarks } from "../marks/mark-plane.ts";
import { withMarks } from "../marks/marks-target.ts";
import type { OpenedCase } from "../pack/pack.ts";
import type { Stack } from "../stack/stack.ts";
import type { ReadImage } from "./layouts.ts";
import { type Choose, markedParts, type ReadPart } from "./marked-parts.ts";

/** How files are opened, by who knows all formats. */
export interface Openers {
  /** @throws NotAnImage where it holds no picture */
  picture(file: SourceFile): Promise<Stack>;
  /** What a file of labels marks, a grader a label. @throws NotAnImage where it is no mask */
  labels(file: SourceFile): Promise<PixelMarks>;
}

/** A lesion on a slice of an image, by paths alone: it can be kept in a file and opened later. */
export interface ImagePart extends ReadPart {
  readonly one: ReadImage;
  readonly frame: number;
}

/**
 * Cases out of pictures or volumes with a file of each reader, chosen among the lesions that two readers drew on a slice.
 * @throws as `openImageParts`
 */
export async function casesFromReadImages(
  images: readonly ReadImage[],
  fileAt: (path: string) => SourceFile,
  openers: Openers,
  choose: Choose,
  tell: (sentence: string) => void,
): Promise<OpenedCase[]> {
  return openImageParts(await partsOfImages(images, fileAt, openers, tell), fileAt, openers, choose);
}

/** The lesions that two readers drew on a slice. Images that cannot be read, or whose masks belong elsewhere, are told of and left out. */
export async function partsOfImages(
  images: readonly ReadImage[],
  fileAt: (path: string) => SourceFile,
  openers: Openers,
  tell: (sentence: string) => void,
): Promise<ImagePart[]> {
  const parts: ImagePart[] = [];
  for (const one of images) {
    try {
      const stack = await openReadImage(one, fileAt, openers);
      for (let frame = 0; frame < stack.frames; frame++) {
        const found = markedParts((await stack.graders?.(frame)) ?? []);
        parts.push(...found.map((part) => ({ ...part, one, frame, patient: one.patient, of: one.image })));
      }
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      tell(`left out: ${error.message}`);
    }
  }
  tell(`${images.length} images, ${parts.length} marked lesions on slices with two readers or more`);
  return parts;
}

/**
 * Cases out of the parts of all images, of which those that are chosen are read.
 * @throws BadArgument where no slice has two readers who drew; what reading a chosen file throws
 */
export async function openImageParts(
  parts: readonly ImagePart[],
  fileAt: (path: string) => SourceFile,
  openers: Openers,
  choose: Choose,
): Promise<OpenedCase[]> {
  if (parts.length === 0) {
    throw new GraderspaceError("BadArgument", {
      problem: "no slice of the folder has marks of two readers",
      remedy: "name a folder of images with a mask of each reader beside them",
    });
  }
  const cases: OpenedCase[] = [];
  for (const { one, frame, centre, patient, drew } of choose(parts)) {
    const stack = await openReadImage(one, fileAt, openers);
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
export async function openReadImage(
  { image, readers }: ReadImage,
  fileAt: (path: string) => SourceFile,
  openers: Openers,
): Promise<Stack> {
  const picture = await openers.picture(fileAt(image));
  const marks: PixelMarks[] = [];
  for (const { name, file } of readers) marks.push(ofReader(name, await openers.labels(fileAt(file))));
  const { stack, refusals } = await withMarks(picture, marks);
  if (refusals[0]) throw refusals[0];
  return stack;
}

/** All that a file marks, whatever its labels, as one reader's. */
function ofReader(name: string, marks: PixelMarks): PixelMarks {
  const [first, ...others] = marks.graders.map(({ planes }) => planes);
  const planes = (first ?? []).map((plane, k) => others.reduce((sum, their) => both(sum, their[k]), plane));
  return { ...marks, graders: [{ name, planes }] };
}

function both(one: MarkPlane, other: MarkPlane | undefined): MarkPlane {
  const [a, b] = [one.values, other?.values ?? null];
  return { ...one, values: a && b ? a.map((value, i) => Math.max(value, b[i] as number)) : (a ?? b) };
}
