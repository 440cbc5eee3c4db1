import { basename } from "node:path";
import { inEnglish } from "../core/language/say.ts";
import { summaryOf } from "../io/marks/marks.ts";
import { writeNpy } from "../io/numpy/npy-write.ts";
import { readArguments } from "./arguments.ts";
import { frameAsked, openPath, pictureOf, type ReadPicture, sliceHash } from "./picture.ts";
import { writeBytes } from "./read-bytes.ts";

/** `inspect FILE|dicomweb:STUDY/SERIES [--server URL] [--frame K] [--npy OUT]`: what the readers make of a file. */
export async function inspect(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["FILE"], options: ["frame", "npy", "server"] });
  const path = args.positionals[0] as string;
  const opened = await openPath(path, args.text("server"));
  if (opened.kind === "marks") {
    for (const note of opened.notes) process.stderr.write(`${inEnglish(note)}\n`);
    return { ...summaryOf(opened.marks), notes: opened.notes.map(inEnglish) };
  }
  const picture = await pictureOf(opened, basename(path), frameAsked(args) ?? 0);
  const { values, width, height } = picture.slice;
  const npy = args.text("npy");
  if (npy !== undefined) await writeBytes(npy, writeNpy(values, [height, width]));
  return reportOf(picture);
}

function reportOf({ slice, format, frames, notes }: ReadPicture): object {
  return {
    kind: "image",
    format,
    width: slice.width,
    height: slice.height,
    frames,
    spacingMm: slice.spacingMm,
    unit: slice.unit,
    modality: slice.modality,
    ...rangeOf(slice.values),
    sha256: sliceHash(slice),
    notes: notes.map(inEnglish),
  };
}

/** Over the values that are numbers; null where none is. The sum is kept in double precision. */
function rangeOf(values: Float32Array): { min: number | null; max: number | null; mean: number | null } {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count++;
  }
  return count === 0 ? { min: null, max: null, mean: null } : { min, max, mean: sum / count };
}
