import { blobsOf } from "../values/mask-blobs.ts";
import { emptyMask, type Mask } from "../values/slice.ts";
import { connectedPart, type Seeds } from "./connected.ts";

/** Readers' masks of one slice, samples and graders alike. */
export interface ReadSlice {
  readonly samples: readonly Mask[];
  readonly graders: readonly Mask[];
}

export interface GrowOrder {
  /** Place of every slice along the normal, mm, ascending or descending; its index where it is not known. */
  readonly places: readonly number[];
  /** The slice on which the lesion was pointed at, and the point in its masks. */
  readonly start: number;
  readonly point: readonly [column: number, row: number];
}

/** A lesion through its slices. */
export interface GrownLesion {
  /** Slices looked at that belong to it: first … last. */
  readonly first: number;
  readonly last: number;
  /** Each reader's part through these slices, samples and graders. */
  readonly samples: readonly (readonly Mask[])[];
  readonly graders: readonly (readonly Mask[])[];
  /** Pixels marked on these slices that belong to no reader's part, over all readers. */
  readonly leftOutPx: number;
  /** Why it ended there, where it was not for want of marks: 80 mm, or 128 slices. */
  readonly ended: "length" | "slices" | null;
}

/** A lesion ends where on two successive slices no grader and fewer than this share of the samples mark it. */
const FEWEST = 0.05;
const LONGEST_MM = 80;
const MOST_SLICES = 128;

/**
 * From slice `start` outwards, first up, then down. A reader's lesion is what hangs together (26 neighbours) with its mark
 * nearest to the point; whoever marks nothing there, with its marks on the nearest slice that lie over or under anybody's.
 * `read` is asked for each slice once; `soon` is told of a slice that will be asked for whatever the one before it shows,
 * just before that one is. @throws what `read` throws
 */
export async function growLesion(
  order: GrowOrder,
  read: (slice: number) => Promise<ReadSlice>,
  soon: (slice: number) => void = () => undefined,
): Promise<GrownLesion> {
  const { places, start, point } = order;
  const slices = new Map<number, ReadSlice>([[start, await read(start)]]);
  const here = slices.get(start) as ReadSlice;
  const footprint = unionOf([...here.samples, ...here.graders].map((mask) => nearestBlob(mask, point)));
  let ended: GrownLesion["ended"] = null;
  const ends = [start, start];
  for (const [side, step] of [1, -1].entries()) {
    let held = [...here.samples, ...here.graders].map((mask) => nearestBlob(mask, point));
    let began = held.map(({ bits }) => bits.includes(1));
    let idle = 0;
    const other = ends[1 - side] as number;
    const tooFar = (s: number): GrownLesion["ended"] => {
      if (Math.abs((places[s] as number) - (places[other] as number)) > LONGEST_MM) return "length";
      return Math.abs(s - other) >= MOST_SLICES ? "slices" : null;
    };
    for (let s = start + step; s in places && idle < 2; s += step) {
      ended ??= tooFar(s);
      if (ended) break;
      const after = s + step;
      if (idle === 0 && after in places && tooFar(after) === null) soon(after);
      const slice = await read(s);
      slices.set(s, slice);
      held = [...slice.samples, ...slice.graders].map((mask, reader) => {
        return touching(mask, began[reader] ? (held[reader] as Mask) : footprint);
      });
      began = held.map(({ bits }, reader) => began[reader] || bits.includes(1));
      const marks = held.map(({ bits }) => bits.includes(1));
      const few = marks.slice(0, slice.samples.length).filter(Boolean).length < FEWEST * slice.samples.length;
      if (few && !marks.slice(slice.samples.length).includes(true)) idle++;
      else [idle, ends[side]] = [0, s];
    }
  }
  const [last, first] = ends as [number, number];
  const all = Array.from({ length: last - first + 1 }, (_, i) => slices.get(first + i) as ReadSlice);
  const part = (stack: readonly Mask[]) => partOver(stack, start - first, point, footprint);
  const samples = here.samples.map((_, n) => part(all.map((slice) => slice.samples[n] as Mask)));
  const graders = here.graders.map((_, n) => part(all.map((slice) => slice.graders[n] as Mask)));
  const marked = all.flatMap((slice) => [...slice.samples, ...slice.graders]);
  const leftOutPx = pixelsIn(marked) - pixelsIn([...samples, ...graders].flat());
  return { first, last, samples, graders, leftOutPx, ended };
}

/**
 * By the same rule, what belongs to a lesion of a further reader's masks of its slices: how to find it, where `start` and
 * `point` are those that it was grown from.
 */
export function partsOfLesion(
  { first, samples, graders }: Pick<GrownLesion, "first" | "samples" | "graders">,
  { start, point }: Pick<GrowOrder, "start" | "point">,
): (stack: readonly Mask[]) => Mask[] {
  const footprint = unionOf([...samples, ...graders].map((stack) => stack[start - first] as Mask));
  return (stack) => partOver(stack, start - first, point, footprint);
}

function partOver(stack: readonly Mask[], start: number, point: readonly [number, number], footprint: Mask): Mask[] {
  return connectedPart(stack, seedsOf(stack, start, point, footprint) ?? { slice: 0, pixels: [] });
}

function seedsOf(
  stack: readonly Mask[],
  start: number,
  point: readonly [number, number],
  footprint: Mask,
): Seeds | null {
  const nearest = nearestBlob(stack[start] as Mask, point);
  if (nearest.bits.includes(1)) return { slice: start, pixels: pixelsOf(nearest) };
  for (let off = 1; off < stack.length; off++) {
    for (const slice of [start - off, start + off]) {
      const mask = stack[slice];
      const over = mask && touching(mask, footprint);
      if (over?.bits.includes(1)) return { slice, pixels: pixelsOf(over) };
    }
  }
  return null;
}

/** The part of a mask that holds the pixel nearest to the point; empty where nothing is marked. */
function nearestBlob(mask: Mask, [x, y]: readonly [number, number]): Mask {
  const { width, height } = mask;
  const apart = (at: number) => Math.hypot((at % width) - x, Math.floor(at / width) - y);
  let nearest: { pixels: readonly number[]; distance: number } | null = null;
  for (const { pixels } of blobsOf(mask)) {
    const distance = pixels.reduce((least, at) => Math.min(least, apart(at)), Number.POSITIVE_INFINITY);
    if (!nearest || distance < nearest.distance) nearest = { pixels, distance };
  }
  return maskWith(width, height, nearest?.pixels ?? []);
}

/** The parts of a mask that touch another one on a neighbouring slice: a pixel of theirs lies within one pixel of it. */
function touching(mask: Mask, other: Mask): Mask {
  return connectedPart([other, mask], { slice: 0, pixels: pixelsOf(other) })[1] as Mask;
}

function unionOf(masks: readonly Mask[]): Mask {
  const { width = 0, height = 0 } = masks[0] ?? {};
  return maskWith(width, height, masks.flatMap(pixelsOf));
}

function maskWith(width: number, height: number, pixels: readonly number[]): Mask {
  const mask = emptyMask(width, height);
  for (const at of pixels) mask.bits[at] = 1;
  return mask;
}

function pixelsOf({ bits }: Mask): number[] {
  const pixels: number[] = [];
  for (let at = bits.indexOf(1); at >= 0; at = bits.indexOf(1, at + 1)) pixels.push(at);
  return pixels;
}

function pixelsIn(masks: readonly Mask[]): number {
  return masks.reduce((sum, mask) => sum + pixelsOf(mask).length, 0);
}
