import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { GivenSamples } from "../../core/samples/sample-set.ts";
import type { MarkTarget } from "../marks/mark-plane.ts";
import { belongsTo, graderNames, gradersOn, type Marks } from "../marks/marks.ts";
import { sharesOf } from "../marks/resample-marks.ts";
import type { NpzArray } from "../numpy/npz.ts";
import type { Stack } from "../stack/stack.ts";
import type { MethodSamples } from "./method-samples.ts";
import { layoutOn, samplesIn } from "./sample-array.ts";

/** Samples of a method on the pictures of a stack. */
interface LaidSamples {
  readonly count: number;
  /** They say nothing of their place, and are taken to be of the picture shown. */
  readonly alone: boolean;
  /** Of one picture; null where the samples are of another one alone. */
  read(frame: number): Promise<GivenSamples | null>;
  readonly notes: readonly Text[];
}

/**
 * Lays the samples of a method over a stack: marks by the rules of graders' marks, arrays by their size. What says nothing
 * of its place belongs to `shown` alone, or, [N, D, H, W], to all D pictures.
 * @throws GeometryMismatch where any of them does not lie there
 */
export async function laySamples(samples: MethodSamples, stack: Stack, shown: number): Promise<LaidSamples> {
  const slice = await stack.slice(shown);
  const places = Array.from({ length: stack.frames }, (_, frame) => stack.place(frame));
  const notes: Text[] = [];
  const laid = samples.marks.map((marks) => {
    const { alone, note, refusal } = belongsTo(marks, { slice, places, shown });
    if (refusal) throw refusal;
    if (note) notes.push(note);
    return { marks, alone: alone === true };
  });
  const arrays = samples.arrays.map(({ from, place }) => {
    const { array } = from.methods[place] as MethodSamples["arrays"][number]["from"]["methods"][number];
    layoutOn(array, [slice], from.file);
    return { file: from.file, array, ...samplesAndDepth(array, stack.frames, from.file) };
  });
  const count =
    laid.reduce((sum, { marks }) => sum + graderNames(marks).length, 0) +
    arrays.reduce((sum, { samples: own }) => sum + own, 0);
  if (count === 0) {
    const problem = say`it holds no samples`;
    throw new GraderspaceError("NotAnImage", { file: samples.file, problem, remedy: say`save a mask for each sample` });
  }
  const alone = laid.some((one) => one.alone) || arrays.some(({ depth }) => depth === null);
  if (alone && stack.frames > 1) {
    notes.push(
      say`${samples.method}: its samples say nothing of their place, so they are of ${stack.label(shown)} alone`,
    );
  }
  return {
    count,
    alone,
    notes,
    read: async (frame) => {
      if (alone && frame !== shown) return null;
      const { geometry: _its, ...place } = stack.place(frame);
      const target: MarkTarget = { slice: await stack.slice(frame), ...place };
      const parts = laid.map(({ marks }) => marksOn(marks, target));
      for (const { file, array, samples: own, depth } of arrays) {
        const picks = Array.from({ length: own }, (_, n) => (depth === null ? n : n * depth + frame));
        parts.push(await samplesIn(array, picks, [target.slice], file));
      }
      return together(parts, target.slice);
    },
  };
}

/** [H, W] is one sample, [N, H, W] N of one picture, [N, D, H, W] N of D pictures. */
function samplesAndDepth(
  { header: { shape }, name }: NpzArray,
  frames: number,
  file: string,
): { readonly samples: number; readonly depth: number | null } {
  const [first = 1, second = 1] = shape;
  if (shape.length === 2) return { samples: 1, depth: null };
  if (shape.length === 3) return { samples: first, depth: null };
  if (shape.length === 4 && second === frames) return { samples: first, depth: frames === 1 ? null : frames };
  throw new GraderspaceError("GeometryMismatch", {
    file,
    problem: say`\`${name}\` is [${shape.join(", ")}], and the slice on the screen is one of ${frames}`,
    remedy: say`save samples as [samples, height, width], or [samples, slices, height, width] for a stack`,
  });
}

/** Each grader of the marks as one sample. */
function marksOn(marks: Marks, target: MarkTarget): GivenSamples {
  const { width, height } = target.slice;
  const pixels = width * height;
  const names = graderNames(marks);
  if (!("graders" in marks)) {
    const values = new Uint8Array(names.length * pixels);
    for (const [n, { mask }] of gradersOn(marks, target).entries()) if (mask) values.set(mask.bits, n * pixels);
    return { count: names.length, width, height, values };
  }
  const values = new Float32Array(names.length * pixels);
  for (const n of names.keys()) {
    const shares = sharesOf(marks, n, target);
    for (let i = 0; shares && i < pixels; i++) values[n * pixels + i] = (shares[i] as number) / 255;
  }
  // Masks on another grid come back as shares: they are masks all the same.
  const masks = marks.graders.every(({ planes }) => planes.every((plane) => !(plane.values instanceof Float32Array)));
  if (!masks) return { count: names.length, width, height, values };
  return { count: names.length, width, height, values: Uint8Array.from(values, (share) => (share >= 0.5 ? 1 : 0)) };
}

function together(parts: readonly GivenSamples[], { width, height }: MarkTarget["slice"]): GivenSamples {
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const masks = parts.every(({ values }) => values instanceof Uint8Array);
  const values = masks ? new Uint8Array(count * width * height) : new Float32Array(count * width * height);
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { count, width, height, values };
}
