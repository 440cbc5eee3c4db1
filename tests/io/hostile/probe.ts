import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { inEnglish, type Text } from "../../../src/core/language/say.ts";
import type { GivenSamples } from "../../../src/core/samples/sample-set.ts";
import { cropRegion } from "../../../src/core/values/region.ts";
import type { Slice } from "../../../src/core/values/slice.ts";
import { gradersOn, summaryOf } from "../../../src/io/marks/marks.ts";
import { type Opened, openFile } from "../../../src/io/open/open.ts";
import { cohortSets } from "../../../src/io/samples/cohort-samples.ts";
import { laySamples } from "../../../src/io/samples/lay-samples.ts";
import type { MethodSamples } from "../../../src/io/samples/method-samples.ts";
import { plainStack, type Stack, storedSlice } from "../../../src/io/stack/stack.ts";
import { readSafetensors } from "../../../src/model/safetensors.ts";
import { SEED_SIZE } from "./seed-values.ts";

/**
 * Opens a file and asks for all that the page would ask for. Answers the kind it turned out to be or the tag of its
 * error. @throws whatever is no GraderspaceError: that is a finding
 */
export async function probe(bytes: Uint8Array, name: string): Promise<string> {
  try {
    return await walk(await openFile({ name, bytes }));
  } catch (error) {
    if (!(error instanceof GraderspaceError)) throw error;
    if (error.message.length > 1000) throw new Error(`a sentence of ${error.message.length} letters`);
    return error.tag;
  }
}

async function walk(opened: Opened): Promise<string> {
  if (opened.kind === "image") await walkStack(opened.stack);
  if (opened.kind === "marks") {
    summaryOf(opened.marks);
    const values = new Float32Array(40 * 28);
    const slice = {
      width: 40,
      height: 28,
      values,
      unit: "HU",
      spacingMm: [0.7, 0.6],
      padding: null,
      modality: "CT",
      name: "s",
    } as const;
    const geometry = {
      position: [1, 2, 3],
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      thicknessMm: 2,
    } as const;
    const named = { sopInstanceUid: "1.2.3.4", seriesInstanceUid: "1.2.3", frame: null };
    for (const marks of opened.marks) gradersOn(marks, { slice: { ...slice, geometry }, ...named });
  }
  if (opened.kind === "samples") for (const method of opened.samples) await walkSamples(method);
  if (opened.kind === "pack" && opened.pack.index.cases.length > 0) await opened.pack.open(0);
  if (opened.kind === "model") {
    parseConfig(opened.model.config, "config.json");
    for (const weights of opened.model.weights) readSafetensors(weights, "weights.safetensors");
  }
  return opened.kind;
}

/** Over two slices of the seeds' size, and over a cohort of two. */
async function walkSamples(method: MethodSamples): Promise<void> {
  const [width, height] = SEED_SIZE;
  const slice = async () => storedSlice({ width, height }, new Float32Array(width * height), "s");
  const stack = plainStack({ name: "s", format: "test", frames: 2, slice });
  const sound = (given: GivenSamples | null) => {
    if (!given) return;
    const { count, values } = given;
    if (given.width !== width || given.height !== height || values.length !== count * width * height)
      throw new Error(`${count} samples of ${given.width} × ${given.height} in ${values.length} values`);
    if (values.some((value) => !(value >= 0 && value <= 1))) throw new Error("a sample that is no share");
  };
  for (const { from } of method.arrays) {
    const cohort = { file: "s", cases: 2, rows: [], ids: null, rowOf: Number };
    const place = async () => ({ width, height, region: [0, 0] as const });
    const sets = await tagged(async () => cohortSets(from, { ...cohort, place }));
    for (const set of sets ?? []) for (const row of ["0", "1"]) sound((await tagged(() => set.read(row))) ?? null);
  }
  sound((await tagged(async () => (await laySamples(method, stack, 0)).read(0))) ?? null);
}

/** Null where it was refused with a sentence. */
async function tagged<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GraderspaceError) return null;
    throw error;
  }
}

/**
 * What holds of every slice, whatever it came from: sizes agree, lengths are lengths, a place is made of numbers, the
 * region's grey levels are numbers, and values that are none are said. @throws Error with what does not hold
 */
export function soundSlice(slice: Slice, said: readonly Text[]): void {
  const { width, height, values, padding, spacingMm, geometry } = slice;
  if (values.length !== width * height) throw new Error("values and size differ");
  if (padding && padding.length !== values.length) throw new Error("padding and size differ");
  for (const mm of [...(spacingMm ?? []), geometry?.thicknessMm ?? 1]) {
    if (!(mm >= 0.999e-3 && mm <= 1.001e3)) throw new Error(`a length of ${mm} mm`);
  }
  const place = geometry ? [...geometry.position, ...geometry.rowDirection, ...geometry.columnDirection] : [];
  if (!place.every(Number.isFinite)) throw new Error("a place that is no number");
  let odd = false;
  for (let i = 0; i < values.length && !odd; i++) odd = !Number.isFinite(values[i]) && padding?.[i] !== 1;
  if (odd && !said.some((note) => inEnglish(note).includes("no finite numbers")))
    throw new Error("values not finite, unsaid");
  if (!cropRegion(slice, 0, 0, 16).values.every(Number.isFinite)) throw new Error("grey levels of no finite range");
}

async function walkStack(stack: Stack): Promise<void> {
  for (const frame of new Set([stack.start, 0, stack.frames - 1])) {
    stack.label(frame);
    const slice = await stack.slice(frame);
    soundSlice(slice, [...stack.notes, ...(stack.notesOf?.(frame) ?? [])]);
    await stack.origin(frame);
    await stack.graders?.(frame);
  }
}
