import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import { checkMarkSize } from "../bytes/limits.ts";
import { drawnIn, type RasterFile } from "../raster/raster.ts";
import type { Stack } from "../stack/stack.ts";
import type { MarkPlane, PixelMarks } from "./mark-plane.ts";

type Named = PixelMarks["graders"][number];

/** More labels than this are organs, not graders. */
export const MOST_LABELS = 64;

/** One picture per grader, in the order given. */
export function pictureMarks(pictures: readonly RasterFile[]): PixelMarks {
  const graders = pictures.map(({ raster }, i): Named => {
    const { width, height, bits } = drawnIn(raster);
    const values = bits.includes(1) ? bits.map((bit) => bit * 255) : null;
    return { name: `Grader ${i + 1}`, planes: [{ ...UNPLACED, width, height, values }] };
  });
  return { format: "png", file: pictures.map(({ name }) => name).join(", "), graders, seriesInstanceUid: null };
}

/** Of a plane that nothing places in the patient. */
export const UNPLACED = { geometry: null, spacingMm: null, sopInstanceUid: null, frame: null } as const;

/**
 * A volume of labels: each whole number above 0 is a grader. With one label only, it is one grader. Of several volumes
 * in one file (one-hot labels, a fourth axis) each is a grader.
 * @throws UnsupportedPixels where values are no labels
 */
export async function labelMarks(stack: Stack): Promise<PixelMarks> {
  const byLabel = new Map<number, (Uint8Array | null)[]>();
  const slices: Slice[] = [];
  const channels = stack.channels ?? 1;
  const perChannel = stack.frames / channels;
  let held = 0;
  for (let frame = 0; frame < stack.frames; frame++) {
    const slice = await stack.slice(frame);
    // The numbers themselves are not kept: a volume of them would not fit.
    if (frame < perChannel) slices.push({ ...slice, values: NONE });
    for (let i = 0; i < slice.values.length; i++) {
      const value = slice.values[i] as number;
      if (value === 0) continue;
      const label = channels > 1 && Number.isInteger(value) ? Math.floor(frame / perChannel) + 1 : value;
      const planes = byLabel.get(label) ?? newLabel(byLabel, label, stack);
      const at = frame % perChannel;
      let plane = planes[at];
      if (!plane) {
        held += slice.values.length;
        checkMarkSize(stack.name, held);
        plane = new Uint8Array(slice.values.length);
        planes[at] = plane;
      }
      plane[i] = 255;
    }
  }
  const all = channels > 1 && channels <= MOST_LABELS ? Array.from({ length: channels }, (_, c) => c + 1) : [];
  const labels = all.length > 0 ? all : [...byLabel.keys()].sort((a, b) => a - b);
  // A file in which nothing is drawn is a grader who drew nothing.
  const graders = (labels.length === 0 ? [1] : labels).map((label): Named => {
    const planes = byLabel.get(label);
    return { name: `Grader ${label}`, planes: slices.map((slice, i) => planeOf(slice, planes?.[i] ?? null)) };
  });
  return { format: stack.format, file: stack.name, graders, seriesInstanceUid: null };
}

const NONE = new Float32Array(0);

function newLabel(byLabel: Map<number, (Uint8Array | null)[]>, label: number, stack: Stack): (Uint8Array | null)[] {
  if (!Number.isInteger(label) || label < 0 || byLabel.size >= MOST_LABELS) {
    throw new GraderspaceError("UnsupportedPixels", {
      file: stack.name,
      problem: say`its values are no labels of graders (${label} is one of them)`,
      remedy: say`save the graders' masks as whole numbers 1, 2, 3, …, or open it as the picture itself`,
    });
  }
  const planes = new Array<Uint8Array | null>(stack.frames).fill(null);
  byLabel.set(label, planes);
  return planes;
}

function planeOf({ width, height, geometry, spacingMm }: Slice, values: Uint8Array | null): MarkPlane {
  return { ...UNPLACED, width, height, geometry, spacingMm, values };
}

/** So many pixels are asked in all, of up to nine slices: a volume of any usual size whole, of a larger one every few. */
const ASKED = 2 ** 23;

/** Whole numbers from 0 up, few of them: a label map rather than a scan. The middle slice and a few others are asked. */
export async function looksLikeLabels(stack: Stack): Promise<boolean> {
  const seen = new Set<number>();
  const step = Math.max(1, Math.floor(stack.frames / 8));
  let left = ASKED;
  for (let frame = 0; frame < stack.frames && left > 0; frame += step) {
    const { values } = await stack.slice(frame);
    const stride = Math.ceil((4 * values.length) / ASKED);
    let last = Number.NaN;
    for (let i = 0; i < values.length; i += stride) {
      const value = values[i] as number;
      if (value === last) continue;
      last = value;
      if (!Number.isInteger(value) || value < 0 || value > 255) return false;
      seen.add(value);
      if (seen.size > 16) return false;
    }
    left -= values.length;
  }
  return true;
}

/** Several pictures of numbers from 0 to 1: what a method thinks of each pixel, rather than a scan. The first one is asked. */
export async function looksLikeShares(stack: Stack): Promise<boolean> {
  if (stack.frames === 1) return false;
  const { values } = await stack.slice(0);
  return values.every((value) => value >= 0 && value <= 1);
}
