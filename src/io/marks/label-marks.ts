import { GraderspaceError } from "../../core/errors.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { NrrdVolume } from "../nrrd/nrrd.ts";
import type { Stack } from "../open/stack.ts";
import { maskOf, type Raster } from "../raster/png.ts";
import type { MarkPlane, PlaneMarks } from "./mark-plane.ts";

type Named = PlaneMarks["graders"][number];

/** More labels than this are organs, not graders. */
const MOST_LABELS = 64;

/** What the planes of all graders may take together. */
const MOST_BYTES = 256 << 20;

/** One picture per grader, in the order given. */
export function pictureMarks(pictures: readonly { name: string; raster: Raster }[]): PlaneMarks {
  const graders = pictures.map(({ raster }, i): Named => {
    const { width, height, bits } = maskOf(raster);
    const values = bits.includes(1) ? bits.map((bit) => bit * 255) : null;
    return { name: `Grader ${i + 1}`, planes: [{ ...UNPLACED, width, height, values }] };
  });
  return { format: "png", file: pictures.map(({ name }) => name).join(", "), graders, seriesInstanceUid: null };
}

const UNPLACED = { geometry: null, spacingMm: null, sopInstanceUid: null, frame: null } as const;

/**
 * A volume of labels: each whole number above 0 is a grader. With one label only, it is one grader.
 * @throws UnsupportedPixels where values are no labels
 */
export async function labelMarks(stack: Stack, format: "nifti" | "nrrd", name: string): Promise<PlaneMarks> {
  const byLabel = new Map<number, (Uint8Array | null)[]>();
  const slices: Slice[] = [];
  let held = 0;
  for (let frame = 0; frame < stack.frames; frame++) {
    const slice = await stack.slice(frame);
    // The numbers themselves are not kept: a volume of them would not fit.
    slices.push({ ...slice, values: NONE });
    for (let i = 0; i < slice.values.length; i++) {
      const label = slice.values[i] as number;
      if (label === 0) continue;
      const planes = byLabel.get(label) ?? newLabel(byLabel, label, stack);
      let plane = planes[frame];
      if (!plane) {
        held = checkHeld(held + slice.values.length, name);
        plane = new Uint8Array(slice.values.length);
        planes[frame] = plane;
      }
      plane[i] = 255;
    }
  }
  const labels = [...byLabel.keys()].sort((a, b) => a - b);
  // A file in which nothing is drawn is a grader who drew nothing.
  const graders = (labels.length === 0 ? [1] : labels).map((label): Named => {
    const planes = byLabel.get(label);
    return { name: `Grader ${label}`, planes: slices.map((slice, i) => planeOf(slice, planes?.[i] ?? null)) };
  });
  return { format, file: name, graders, seriesInstanceUid: null };
}

function checkHeld(bytes: number, file: string): number {
  if (bytes <= MOST_BYTES) return bytes;
  throw new GraderspaceError("TooLarge", {
    file,
    problem: "its labels lie on more pictures than can be held at once",
    remedy: "save the part around the lesion",
  });
}

const NONE = new Float32Array(0);

function newLabel(byLabel: Map<number, (Uint8Array | null)[]>, label: number, stack: Stack): (Uint8Array | null)[] {
  if (!Number.isInteger(label) || label < 0 || byLabel.size >= MOST_LABELS) {
    throw new GraderspaceError("UnsupportedPixels", {
      file: stack.name,
      problem: `its values are no labels of graders (${label} is one of them)`,
      remedy: "save the graders' masks as whole numbers 1, 2, 3, …, or open it as the picture itself",
    });
  }
  const planes = new Array<Uint8Array | null>(stack.frames).fill(null);
  byLabel.set(label, planes);
  return planes;
}

function planeOf(slice: Slice, values: Uint8Array | null): MarkPlane {
  const { width, height, geometry, spacingMm } = slice;
  return { width, height, geometry, spacingMm, sopInstanceUid: null, frame: null, values };
}

/** True for 3D Slicer's segmentations: they name their segments in the header. */
export function isSegmentation(volume: NrrdVolume): boolean {
  return volume.header.pairs.has("Segment0_ID");
}

/** Every segment of a .seg.nrrd, by its layer and label value, under its own name. */
export function segmentMarks(volume: NrrdVolume, file: string): PlaneMarks {
  const { header } = volume;
  const [width, height, depth] = header.size;
  const graders: Named[] = [];
  let held = 0;
  for (let s = 0; s < MOST_LABELS && header.pairs.has(`Segment${s}_ID`); s++) {
    const key = (name: string) => header.pairs.get(`Segment${s}_${name}`);
    const layer = Math.min(header.layers - 1, Math.max(0, Math.trunc(Number(key("Layer") ?? 0)) || 0));
    const label = Number(key("LabelValue") ?? 1);
    const planes = Array.from({ length: depth }, (_, k): MarkPlane => {
      const stored = volume.values(k, layer);
      const marked = stored.includes(label);
      if (marked) held = checkHeld(held + stored.length, file);
      const values = marked ? Uint8Array.from(stored, (value) => (value === label ? 255 : 0)) : null;
      return { ...UNPLACED, width, height, values, geometry: volume.geometry(k), spacingMm: header.spacingMm };
    });
    graders.push({ name: key("Name")?.slice(0, 100) || `Grader ${s + 1}`, planes });
  }
  return { format: "nrrd", file, graders, seriesInstanceUid: null };
}

/** Whole numbers from 0 up, few of them: a label map rather than a scan. The middle slice and a few others are asked. */
export async function looksLikeLabels(stack: Stack): Promise<boolean> {
  const seen = new Set<number>();
  const step = Math.max(1, Math.floor(stack.frames / 8));
  for (let frame = 0; frame < stack.frames; frame += step) {
    const { values } = await stack.slice(frame);
    for (const value of values) {
      if (!Number.isInteger(value) || value < 0 || value > 255) return false;
      seen.add(value);
      if (seen.size > 16) return false;
    }
  }
  return true;
}
