import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { GraderspaceError } from "../../core/errors.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { decisionOf, isBelow, meanDiameterMm, presetNamed, type Threshold } from "../../core/lesion/decisions.ts";
import { type GrownLesion, growLesion } from "../../core/lesion/grow.ts";
import { majorityOfMany, stapleThrough } from "../../core/lesion/lesion-consensus.ts";
import { type LesionSize, ReaderSizes } from "../../core/lesion/reader-sizes.ts";
import { coupledMasks } from "../../core/lesion/sample-lesion.ts";
import { medianDistance, type PixelSpacing, sliceThickness } from "../../core/lesion/volume.ts";
import { centralInterval } from "../../core/lesion/volume-law.ts";
import { cutMask } from "../../core/values/mask-placement.ts";
import { cropRegion } from "../../core/values/region.ts";
import { emptyMask, type Mask, markedSmall, type Slice } from "../../core/values/slice.ts";
import { writeCsv } from "../../io/bytes/csv.ts";
import type { Stack } from "../../io/stack/stack.ts";
import { readArguments, readPoint } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { rounded } from "../evaluate.ts";
import { readModel } from "../model-folder.ts";
import { openPath } from "../picture.ts";
import { unwritable, writeBytes } from "../read-bytes.ts";
import { lesionNifti } from "./lesion-nifti.ts";
import { placesAlong } from "./places-along.ts";

const OPTIONS = ["at", "slice", "count", "seed", "model", "coupling", "thresholds", "out"];

/**
 * `lesion SERIES --at X,Y --slice K [--count 32] [--seed 0] [--model NAME|DIR] [--coupling NAME]
 * [--thresholds fleischner-2017] --out DIR`: from slice K (from 0) outwards, as far as anybody marks it.
 */
export async function lesion(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["SERIES"], options: OPTIONS });
  const [x, y] = readPoint("at", args.needed("at"));
  const count = args.whole("count", 32, 1, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const coupling = couplingNamed(args.text("coupling") ?? DEFAULT_COUPLING);
  const thresholds = presetNamed(args.text("thresholds") ?? "fleischner-2017");
  const out = args.needed("out");
  const path = args.positionals[0] as string;
  const stack = await stackAt(path);
  args.needed("slice");
  const start = args.whole("slice", 0, 0, stack.frames - 1);
  const slice = await stack.slice(start);
  if (x < 0 || y < 0 || x >= slice.width || y >= slice.height) {
    const problem = `column ${x}, row ${y} lies outside its ${slice.width}×${slice.height} pixels`;
    throw new GraderspaceError("BadArgument", { file: stack.name, problem, remedy: "give a point of the slice" });
  }
  const files = await readModel(args.text("model"));
  const model = await openModel(files);
  const size = files.config.preprocessing.size;
  const { threshold } = files.config;
  const { places, known } = placesAlong(stack);
  const origin = cropRegion(slice, x, y, size).origin;
  let names: readonly string[] = [];
  let read = 0;
  const grown = await growLesion({ places, start, point: [x - origin[0], y - origin[1]] }, async (k) => {
    const { graders, crop } = await regionOf(stack, k, slice, [x, y], size);
    if (names.length === 0) names = graders.map(({ name }) => name);
    const place = { seed, lesion: 0, row: k, zMm: places[k] as number };
    const { masks } = await coupledMasks(model, crop, place, { coupling, count, threshold });
    process.stderr.write(`lesion: ${++read} slices, the last one ${k}\n`);
    const empty = emptyMask(size, size);
    return { samples: masks, graders: names.map((name) => graders.find((one) => one.name === name)?.mask ?? empty) };
  });
  model.dispose();
  const spacing = known ? slice.spacingMm : null;
  const { samples, graders, consensus, notes } = measured(grown, places, spacing);
  for (const note of notes) process.stderr.write(`${note}\n`);
  await mkdir(out, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(out, error);
  });
  const geometry = stack.place(grown.first).geometry;
  const slab = places.slice(grown.first, grown.last + 1);
  const volumes = spacing && geometry && lesionNifti(grown, { geometry, spacingMm: spacing, origin, places: slab });
  if (spacing && !volumes) process.stderr.write("its slices are not evenly spaced: there is no NIfTI of it\n");
  const written = { "lesion.csv": lesionCsv(samples, graders, names), ...volumes };
  for (const [name, bytes] of Object.entries(written)) await writeBytes(join(out, name), bytes);
  const drew = samples.filter(({ volumeMm3 }) => volumeMm3 > 0);
  return {
    model: files.config.name,
    coupling: coupling.name,
    slices: [grown.first, grown.last],
    spacingMm: spacing,
    unit: spacing ? "mm" : "voxel",
    left_out_px: grown.leftOutPx,
    samples: samples.map(printedSize),
    graders: graders.map((one, g) => ({ name: names[g], ...printedSize(one) })),
    consensus,
    interval90: drew.length === 0 ? null : intervals(drew),
    decisions: spacing
      ? thresholds.map((one) =>
          decided(
            one,
            drew,
            graders.filter(({ slices }) => slices > 0),
          ),
        )
      : [],
    notes,
    files: Object.keys(written),
  };
}

async function stackAt(path: string): Promise<Stack> {
  const opened = await openPath(path);
  if (opened.kind === "image") return opened.stack;
  const problem = `it holds no series but a ${opened.kind}`;
  throw new GraderspaceError("NotAnImage", { file: basename(path), problem, remedy: "give a series of slices" });
}

/** The region of slice k, and what graders drew in it. */
async function regionOf(stack: Stack, k: number, first: Slice, [x, y]: readonly [number, number], size: number) {
  const slice = await stack.slice(k);
  if (slice.width !== first.width || slice.height !== first.height) {
    const problem = `its slice ${k} has ${slice.width}×${slice.height} pixels, others ${first.width}×${first.height}`;
    throw new GraderspaceError("GeometryMismatch", { file: stack.name, problem, remedy: "give slices of one size" });
  }
  const crop = cropRegion(slice, x, y, size);
  const drawn = ((await stack.graders?.(k)) ?? []).filter((grader) => !markedSmall(grader));
  return {
    crop,
    graders: drawn.map(({ name, mask }) => ({ name, mask: mask && cutMask(mask, crop.origin, size) })),
  };
}

/** Sizes of everybody's part; in voxels (spacing 1) where the place of the slices is not known. */
function measured(grown: GrownLesion, places: readonly number[], spacing: PixelSpacing | null) {
  const slab = places.slice(grown.first, grown.last + 1);
  const ascending =
    slab.length > 1 && (slab[0] as number) > (slab.at(-1) as number) ? slab.map((place) => -place) : slab;
  const around = neighbourDistance(places, grown.first);
  const thickness = spacing ? (sliceThickness(ascending) ?? [around]) : slab.map(() => 1);
  const sizesOf = (readers: GrownLesion["samples"]) => {
    const sizes = new ReaderSizes(readers.length, spacing ?? [1, 1]);
    for (const [s, length] of thickness.entries()) {
      sizes.add(
        readers.map((stack) => stack[s] as (typeof stack)[number]),
        length,
      );
    }
    return sizes.sizes();
  };
  const usual = medianDistance(ascending);
  const gaps = ascending
    .slice(1)
    .filter((place, i) => usual !== null && place - (ascending[i] as number) > 1.5 * usual);
  const notes = [
    ...(gaps.length > 0
      ? [`${gaps.length} slices are missing within the lesion: their neighbours stand for them`]
      : []),
    ...(spacing ? [] : ["the place of the slices is not known: sizes are in voxels, and there are no decisions"]),
    ...(grown.ended === "length" ? ["the lesion was followed over 80 mm and goes on"] : []),
    ...(grown.ended === "slices" ? ["the lesion was followed over 128 slices and goes on"] : []),
    ...(grown.leftOutPx > 0 ? [`${grown.leftOutPx} marked pixels do not hang together with the lesion: left out`] : []),
  ];
  const one = (stack: readonly Mask[] | null) => {
    const [size] = stack === null ? [] : sizesOf([stack]);
    return size ? printedSize(size) : null;
  };
  const consensus = {
    samples_majority: one(majorityThrough(grown.samples)),
    graders_majority: grown.graders.length > 1 ? one(majorityThrough(grown.graders)) : null,
    graders_staple: one(stapleThrough(grown.graders)),
  };
  return { samples: sizesOf(grown.samples), graders: sizesOf(grown.graders), consensus, notes };
}

function majorityThrough(readers: GrownLesion["samples"]): Mask[] {
  return (readers[0] ?? []).map((_, s) => majorityOfMany(readers.map((stack) => stack[s] as Mask)));
}

/** Of one slice alone: the distance to the next one of the series. */
function neighbourDistance(places: readonly number[], at: number): number {
  const next = places[at + 1] ?? places[at - 1] ?? (places[at] as number) + 1;
  return Math.abs(next - (places[at] as number));
}

function printedSize({ volumeMm3, longMm, shortMm, slices }: LesionSize) {
  return { volumeMm3: rounded(volumeMm3), longMm: rounded(longMm), shortMm: rounded(shortMm), slices };
}

function intervals(drew: readonly LesionSize[]) {
  const of = (measure: (size: LesionSize) => number) => centralInterval(drew.map(measure), 0.9).map(rounded);
  return { volumeMm3: of(({ volumeMm3 }) => volumeMm3), meanDiameterMm: of(meanDiameterMm) };
}

/** Over the samples and graders who drew something. */
function decided(threshold: Threshold, drew: readonly LesionSize[], graders: readonly LesionSize[]) {
  const decision = decisionOf(drew, threshold);
  const below = graders.filter((size) => isBelow(size, threshold)).length;
  return {
    threshold: threshold.value,
    unit: threshold.measure === "volumeMm3" ? "mm3" : "mm",
    below: decision && rounded(decision.below),
    graders: `${below} of ${graders.length}`,
    flip: decision && decision.flip !== null ? rounded(decision.flip) : null,
  };
}

function lesionCsv(samples: readonly LesionSize[], graders: readonly LesionSize[], names: readonly string[]): string {
  const row = (name: string, size: LesionSize) => [
    name,
    rounded(size.volumeMm3),
    rounded(size.longMm),
    rounded(size.shortMm),
    rounded(meanDiameterMm(size)),
    size.slices,
  ];
  return writeCsv(
    ["reader", "volume_mm3", "long_mm", "short_mm", "mean_diameter_mm", "slices"],
    [...graders.map((size, g) => row(names[g] ?? "", size)), ...samples.map((size, n) => row(`sample-${n + 1}`, size))],
  );
}
