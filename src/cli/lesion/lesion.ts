import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { GraderspaceError } from "../../core/errors.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { decisionsOf, meanDiameterMm, presetNamed, type ReadersDecision } from "../../core/lesion/decisions.ts";
import { followLesion } from "../../core/lesion/follow-lesion.ts";
import { measureLesion } from "../../core/lesion/measure-lesion.ts";
import type { LesionSize } from "../../core/lesion/reader-sizes.ts";
import { centralInterval } from "../../core/lesion/volume-law.ts";
import type { Slice } from "../../core/values/slice.ts";
import { writeCsv } from "../../io/bytes/csv.ts";
import { placesAlong } from "../../io/stack/places-along.ts";
import type { Stack } from "../../io/stack/stack.ts";
import { readArguments, readPoint } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { rounded } from "../evaluate.ts";
import { readModel } from "../model-folder.ts";
import { openPath } from "../picture.ts";
import { unwritable, writeBytes } from "../read-bytes.ts";
import { lesionNifti } from "./lesion-nifti.ts";

const OPTIONS = ["at", "slice", "count", "seed", "model", "coupling", "thresholds", "out"];

/**
 * `lesion SERIES --at X,Y --slice K [--count 32] [--seed 0] [--model NAME|DIR] [--coupling NAME]
 * [--thresholds fleischner-2017] --out DIR`: from slice K (from 0) outwards, as far as anybody marks it.
 */
export async function lesion(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["SERIES"], options: OPTIONS });
  const at = readPoint("at", args.needed("at"));
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
  checkPoint(stack.name, slice, at);
  const files = await readModel(args.text("model"));
  const model = await openModel(files);
  const { places, known } = placesAlong(stack);
  const series = {
    name: stack.name,
    places,
    read: async (k: number) => ({ slice: await stack.slice(k), graders: (await stack.graders?.(k)) ?? [] }),
  };
  const order = { start, at, seed, count, coupling, threshold: files.config.threshold, draw: 0 };
  let read = 0;
  const { grown, graderNames, origin } = await followLesion(model, series, order, ({ index }) => {
    process.stderr.write(`lesion: ${++read} slices, the last one ${index}\n`);
  });
  model.dispose();
  const spacing = known ? slice.spacingMm : null;
  const { samples, graders, consensus, notes } = measureLesion(grown, places, spacing);
  for (const note of notes) process.stderr.write(`${note}\n`);
  await mkdir(out, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(out, error);
  });
  const geometry = stack.place(grown.first).geometry;
  const slab = places.slice(grown.first, grown.last + 1);
  const volumes = spacing && geometry && lesionNifti(grown, { geometry, spacingMm: spacing, origin, places: slab });
  if (spacing && !volumes) process.stderr.write("its slices are not evenly spaced: there is no NIfTI of it\n");
  const written = { "lesion.csv": lesionCsv(samples, graders, graderNames), ...volumes };
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
    graders: graders.map((one, g) => ({ name: graderNames[g], ...printedSize(one) })),
    consensus: {
      samples_majority: consensus.samplesMajority && printedSize(consensus.samplesMajority),
      graders_majority: consensus.gradersMajority && printedSize(consensus.gradersMajority),
      graders_staple: consensus.gradersStaple && printedSize(consensus.gradersStaple),
    },
    interval90: drew.length === 0 ? null : intervals(drew),
    decisions: spacing ? decisionsOf({ samples, graders }, thresholds).map(printedDecision) : [],
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

function checkPoint(file: string, { width, height }: Slice, [x, y]: readonly [number, number]): void {
  if (x >= 0 && y >= 0 && x < width && y < height) return;
  const problem = `column ${x}, row ${y} lies outside its ${width}×${height} pixels`;
  throw new GraderspaceError("BadArgument", { file, problem, remedy: "give a point of the slice" });
}

function printedSize({ volumeMm3, longMm, shortMm, slices }: LesionSize) {
  return { volumeMm3: rounded(volumeMm3), longMm: rounded(longMm), shortMm: rounded(shortMm), slices };
}

function intervals(drew: readonly LesionSize[]) {
  const of = (measure: (size: LesionSize) => number) => centralInterval(drew.map(measure), 0.9).map(rounded);
  return { volumeMm3: of(({ volumeMm3 }) => volumeMm3), meanDiameterMm: of(meanDiameterMm) };
}

function printedDecision({ threshold, samples, gradersBelow, gradersDrew }: ReadersDecision) {
  return {
    threshold: threshold.value,
    unit: threshold.measure === "volumeMm3" ? "mm3" : "mm",
    below: samples && rounded(samples.below),
    graders: `${gradersBelow} of ${gradersDrew}`,
    flip: samples && samples.flip !== null ? rounded(samples.flip) : null,
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
