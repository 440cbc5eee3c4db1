import type { Slice } from "../../core/values/slice.ts";
import { type NpyData, writeNpy } from "../numpy/npy-write.ts";
import { pngOfMask } from "../raster/png-write.ts";
import { type OpenedCase, PACK_INDEX, type PackEntry, type PackIndex } from "./pack.ts";

/**
 * The files of a pack by their paths, pack.json first: slices as npy in the smallest type that holds them exactly, masks
 * as PNG. Same cases, same bytes. Tags of the source are not written, nor its name.
 */
export function writePack(
  title: string,
  attribution: string,
  cases: readonly OpenedCase[],
): Record<string, Uint8Array> {
  const pictures: Record<string, Uint8Array> = {};
  const entries = cases.map((one, k): PackEntry => {
    const folder = String(k + 1).padStart(3, "0");
    const slice = `${folder}/slice.npy`;
    pictures[slice] = writeNpy(exactly(withoutPadding(one.slice)), [one.slice.height, one.slice.width]);
    const graders = one.graders.map(({ name, mask, points, ratings }, g) => {
      const file = `${folder}/grader-${g + 1}.png`;
      if (mask) pictures[file] = pngOfMask(mask);
      return { name, mask: mask ? file : null, ...(points && { points }), ...(ratings && { ratings }) };
    });
    const { spacingMm, unit } = one.slice;
    const samples = Object.entries(one.samples ?? {}).map(([method, { count, width, height, values }], m) => {
      const file = `${folder}/samples-${m + 1}.npy`;
      pictures[file] = writeNpy(values, [count, height, width]);
      return [method, [file]] as const;
    });
    return {
      id: one.id,
      title: one.title,
      slice,
      spacingMm,
      unit,
      region: one.region,
      graders,
      simulated: one.simulated,
      ...(one.patient === undefined ? {} : { patient: one.patient }),
      ...(one.draw === undefined ? {} : { draw: one.draw }),
      ...(one.lesion && { lesion: one.lesion }),
      ...(samples.length > 0 && { samples: Object.fromEntries(samples) }),
    };
  });
  const index: PackIndex = { version: 1, title, attribution, cases: entries };
  return { [PACK_INDEX]: new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`), ...pictures };
}

/** A pack has no mark for padding: it becomes what the preprocessing makes of it, the lowest measured value. */
function withoutPadding({ values, padding }: Slice): Float32Array {
  if (!padding) return values;
  const lowest = values.reduce((low, value, i) => (padding[i] ? low : Math.min(low, value)), Number.POSITIVE_INFINITY);
  return values.map((value, i) => (padding[i] ? lowest : value));
}

function exactly(values: Float32Array): NpyData {
  const whole = (low: number, high: number) =>
    values.every((value) => Number.isInteger(value) && value >= low && value <= high);
  if (whole(0, 255)) return Uint8Array.from(values);
  return whole(-32768, 32767) ? Int16Array.from(values) : values;
}
