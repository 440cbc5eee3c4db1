import type { ReadLesion } from "../../core/lesion/nodule-figures.ts";
import { ReaderSizes } from "../../core/lesion/reader-sizes.ts";
import {
  type LesionModel,
  type LesionOrder,
  type LesionToSample,
  sampleLesion,
} from "../../core/lesion/sample-lesion.ts";
import { slabMm3 } from "../../core/lesion/volume.ts";
import { type ChosenCases, cropOf } from "../cases-file.ts";
import type { TableLesion } from "./lesion-table.ts";

/** Reads lesions out of a file of cases, one slice at a time. */
export interface LesionReader {
  /** True where every grader drew something on some slice. */
  drawnByAll(lesion: TableLesion): Promise<boolean>;
  /** Graders' sizes, and the model's where there is one. */
  read(lesion: TableLesion, order: Omit<LesionOrder, "threshold">): Promise<ReadLesion>;
}

export function lesionReader(cases: ChosenCases, model: LesionModel | null, threshold: number): LesionReader {
  return {
    drawnByAll: async ({ slices }) => {
      const drew: boolean[] = [];
      for (const { row } of slices) {
        for (const [grader, { bits }] of (await cases.marked(row)).graders.entries()) {
          drew[grader] = drew[grader] === true || bits.includes(1);
        }
      }
      return drew.length > 0 && drew.every(Boolean);
    },
    read: async (lesion, order) => {
      const graders = new ReaderSizes(cases.slots, lesion.spacingMm);
      for (const { row } of lesion.slices) graders.add((await cases.marked(row)).graders, lesion.distanceMm);
      return {
        patient: lesion.patient,
        voxelMm3: slabMm3(1, lesion.spacingMm, lesion.distanceMm),
        graders: graders.sizes(),
        sampled: model && (await sampleLesion(model, toSample(lesion, cases), { ...order, threshold })),
      };
    },
  };
}

/** Every slice stands for the lesion's median distance: one that is not in the table is one on which nobody drew. */
function toSample({ draw, spacingMm, distanceMm, slices }: TableLesion, cases: ChosenCases): LesionToSample {
  return {
    draw,
    spacingMm,
    slices: slices.map(({ row, zMm }) => ({ row, zMm, thicknessMm: distanceMm, crop: () => cropOf(cases, row) })),
  };
}
