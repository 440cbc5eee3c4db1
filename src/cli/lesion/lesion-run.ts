import { inEnglish } from "../../core/language/say.ts";
import { couplingNamed } from "../../core/lesion/coupling.ts";
import { decisionsOf, meanDiameterMm, presetNamed, type ReadersDecision } from "../../core/lesion/decisions.ts";
import { followLesion } from "../../core/lesion/follow-lesion.ts";
import { type MeasuredLesion, measureLesion } from "../../core/lesion/measure-lesion.ts";
import type { LesionSize } from "../../core/lesion/reader-sizes.ts";
import { centralInterval } from "../../core/lesion/volume-law.ts";
import { rounded } from "../../core/measures/rounded.ts";
import type { ModelFiles } from "../../core/network/model.ts";
import type { Slice } from "../../core/values/slice.ts";
import { exportLesion } from "../../io/export/lesion/lesion-export.ts";
import type { LesionExport } from "../../io/export/lesion/lesion-input.ts";
import { placesAlong } from "../../io/stack/places-along.ts";
import type { Stack } from "../../io/stack/stack.ts";
import { openModel } from "../backend.ts";
import { writeFiles } from "../sampling.ts";

/** What `lesion` and `replay` have in common: everything a session says of a lesion, and the series it lies in. */
export interface LesionRun {
  readonly files: ModelFiles;
  readonly session: LesionExport["session"];
  readonly out: string;
}

/**
 * Follows the lesion, writes its files and gives what is printed. The series has its graders; `slice` is the one pointed
 * at.
 */
export async function runLesion(stack: Stack, slice: Slice, { files, session, out }: LesionRun): Promise<object> {
  const { lesion, choice, threshold } = session;
  const { seed, count, draw = 0 } = choice;
  const coupling = couplingNamed(lesion.coupling);
  const { places, known } = placesAlong(stack);
  const series = {
    name: stack.name,
    places,
    read: async (k: number) => ({ slice: await stack.slice(k), graders: (await stack.graders?.(k)) ?? [] }),
  };
  const order = { start: lesion.start, at: lesion.at, seed, count, threshold, coupling, draw };
  const model = await openModel(files);
  let read = 0;
  const followed = await followLesion(model, series, order, ({ index }) => {
    process.stderr.write(`lesion: ${++read} slices, the last one ${index}\n`);
  });
  model.dispose();
  const spacingMm = known ? slice.spacingMm : null;
  const measured = measureLesion(followed.grown, places, spacingMm);
  const exported = await exportLesion({ stack, slice, spacingMm, places, followed, measured, session });
  await writeFiles(out, exported.files);
  const opening = [...stack.notes, ...(stack.notesOf?.(lesion.start) ?? [])];
  const notes = [...opening, ...measured.notes, ...exported.notes];
  for (const note of notes) process.stderr.write(`${inEnglish(note)}\n`);
  const { grown, graderNames } = followed;
  return {
    model: files.config.name,
    coupling: coupling.name,
    slices: [grown.first, grown.last],
    spacingMm,
    unit: spacingMm ? "mm" : "voxel",
    left_out_px: grown.leftOutPx,
    ...printedSizes(measured, graderNames),
    decisions: spacingMm ? decisionsOf(measured, presetNamed(lesion.thresholds)).map(printedDecision) : [],
    notes: notes.map(inEnglish),
    files: Object.keys(exported.files),
  };
}

function printedSizes({ samples, graders, consensus }: MeasuredLesion, graderNames: readonly string[]) {
  const drew = samples.filter(({ volumeMm3 }) => volumeMm3 > 0);
  return {
    samples: samples.map(printedSize),
    graders: graders.map((one, g) => ({ name: graderNames[g], ...printedSize(one) })),
    consensus: {
      samples_majority: consensus.samplesMajority && printedSize(consensus.samplesMajority),
      graders_majority: consensus.gradersMajority && printedSize(consensus.gradersMajority),
      graders_staple: consensus.gradersStaple && printedSize(consensus.gradersStaple),
    },
    interval90: drew.length === 0 ? null : intervals(drew),
  };
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
