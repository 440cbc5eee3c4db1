import { dice, iou } from "../../core/measures/agreement.ts";
import { rounded } from "../../core/measures/rounded.ts";
import type { Draw } from "../../core/network/encoding.ts";
import { areaPx, type Mask } from "../../core/values/slice.ts";
import { masksOf } from "../../core/values/threshold.ts";
import { type Cell, float32Text, writeCsv } from "../bytes/csv.ts";
import { graderInRegion, masksInSlice, type SampleExport, sampleNumber } from "./input.ts";

/** What a draw has beside z and fields, where the model has a gate or a shift. */
const CHANCE: readonly (readonly [string, (draw: Draw) => number])[] = [
  ["u", ({ u }) => u as number],
  ["shift_x", ({ shift }) => shift?.[0] as number],
  ["shift_y", ({ shift }) => shift?.[1] as number],
];

/** `samples.csv`: one row per sample; Dice and IoU with each grader within the region, ∅ with ∅ = 1. */
export function samplesCsv(input: SampleExport): string {
  const latent = input.draws[0]?.z.length ?? 0;
  const graders = input.graders.map((grader) => graderInRegion(input, grader));
  const spacing = input.slice.spacingMm;
  const { order } = input.session.choice; // named where it is not i.i.d.
  const numbers = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
  const chance = CHANCE.filter(([, of]) => input.draws[0] && of(input.draws[0]) !== undefined);
  const header = [
    "sample",
    "seed",
    ...(order ? ["order"] : []),
    ...numbers("z", latent),
    ...chance.map(([name]) => name),
    "area_px",
    "area_mm2",
    "empty",
    ...numbers("dice_", graders.length),
    ...numbers("iou_", graders.length),
  ];
  const inSlice = masksInSlice(input);
  const rows = masksOf(input.samples, input.session.threshold).map((mask, index): Cell[] => {
    const area = areaPx(inSlice[index] as Mask);
    return [
      sampleNumber(input, index),
      input.session.choice.seed,
      ...(order ? [order] : []),
      ...Array.from(input.draws[index]?.z ?? [], (z) => Number(float32Text(z))),
      ...chance.map(([, of]) => Number(float32Text(of(input.draws[index] as Draw)))),
      area,
      spacing ? rounded(area * spacing[0] * spacing[1]) : null,
      area === 0 ? 1 : 0,
      ...graders.map((grader) => rounded(dice(mask, grader))),
      ...graders.map((grader) => rounded(iou(mask, grader))),
    ];
  });
  return writeCsv(header, rows, input.tables);
}
