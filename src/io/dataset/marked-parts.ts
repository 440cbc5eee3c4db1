import { diversity } from "../../core/measures/agreement.ts";
import { type Candidate, pickCases } from "../../core/measures/pick-cases.ts";
import { type Blob, blobsOf } from "../../core/values/mask-blobs.ts";
import { areaPx, emptyMask, type Grader, type Mask } from "../../core/values/slice.ts";

/** Outlines of one lesion by two readers may just miss each other. */
const JOIN_PX = 3;

/** A mask smaller than this is the last slice of a nodule: nothing to look at. */
export const SMALLEST_PX = 20;

/** A lesion on a slice that two readers or more drew. */
export interface MarkedPart extends Omit<Candidate, "patient"> {
  /** Column and row of its middle. */
  readonly centre: readonly [number, number];
  /** Pixels that any reader drew. */
  readonly pixels: number;
}

/** The same, of an image or nodule, named by `of`, of a patient. */
export interface ReadPart extends MarkedPart {
  readonly patient: string;
  readonly of: string;
}

/** Which of the marked lesions become cases. */
export type Choose = <P extends ReadPart>(parts: readonly P[]) => readonly P[];

/** At most one of each patient, over the range of disagreement. */
export function spreadOver(count: number): Choose {
  return (parts) => pickCases(parts, count);
}

/** Of each image or nodule the slice on which most readers drew; of those the one with the largest lesion. */
export const fullestOfEach: Choose = <P extends ReadPart>(parts: readonly P[]) => {
  const best = new Map<string, P>();
  for (const part of parts) {
    const known = best.get(part.of);
    const more = !known || part.drew > known.drew || (part.drew === known.drew && part.pixels > known.pixels);
    if (more) best.set(part.of, part);
  }
  return [...best.values()];
};

/** The lesions on a slice that at least two of its readers drew, one with `SMALLEST_PX` pixels or more. */
export function markedParts(graders: readonly Grader[]): MarkedPart[] {
  const union = unionOf(graders);
  if (!union) return [];
  const found: MarkedPart[] = [];
  for (const blob of blobsOf(union, JOIN_PX)) {
    const masks = graders.map(({ mask }) => within(mask, blob, union));
    const areas = masks.map(areaPx);
    const drew = areas.filter((area) => area > 0).length;
    if (drew < 2 || Math.max(...areas) < SMALLEST_PX) continue;
    found.push({ centre: blob.centre, pixels: blob.pixels.length, drew, disagreement: diversity(masks) });
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
