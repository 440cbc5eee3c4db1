import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { checkMarkSize } from "../bytes/limits.ts";
import { headOf, type SourceFile } from "../bytes/source-file.ts";
import { labelMarks, looksLikeLabels, pictureMarks, UNPLACED } from "../marks/label-marks.ts";
import type { MarkPlane, PixelMarks } from "../marks/mark-plane.ts";
import type { Marks } from "../marks/marks.ts";
import { isNpy } from "../numpy/npy-signature.ts";
import type { Content } from "../open/format.ts";
import { maskPicture } from "../raster/raster.ts";
import type { Stack } from "../stack/stack.ts";
import { readSampleNpy, type SampleFile } from "./sample-file.ts";
import { methodOfPath } from "./sample-name.ts";

/** The samples of one method out of the files that were opened, before they lie on a slice. */
export interface MethodSamples {
  readonly method: string;
  /** For sentences. */
  readonly file: string;
  /** Arrays without a place, each with the file that it came in. */
  readonly arrays: readonly { readonly from: SampleFile; readonly place: number }[];
  /** Marks, each grader of which is one sample: laid over a slice by the same rules as graders'. */
  readonly marks: readonly Marks[];
}

/** Reads what a file holds: the opener of files, handed in as samples may lie in any format. */
type ReadContent = (file: SourceFile) => Promise<Content>;

/** The methods of one file of arrays. */
export function methodsIn(from: SampleFile): MethodSamples[] {
  const names = [...new Set(from.methods.map(({ method }) => method))];
  return names.map((method) => ({
    method,
    file: from.file,
    arrays: from.methods.flatMap((one, place) => (one.method === method ? [{ from, place }] : [])),
    marks: [],
  }));
}

/**
 * Samples out of files that are all of one method, in the order that they are given in: arrays, volumes (a fourth axis or
 * each label a sample), segments, or a picture each. An npz whose arrays name methods is of these.
 * @throws UnsupportedPixels where a file holds neither masks nor probabilities; what the readers throw
 */
export async function readMethod(
  method: string,
  files: readonly SourceFile[],
  content: ReadContent,
): Promise<MethodSamples[]> {
  const arrays: { from: SampleFile; place: number }[] = [];
  const marks: Marks[] = [];
  const named: MethodSamples[] = [];
  const pictures: Parameters<typeof pictureMarks>[0][number][] = [];
  const take = async (file: SourceFile): Promise<void> => {
    if (isNpy(await headOf(file, 16))) {
      arrays.push({ from: readSampleNpy(await file.read(), file.name), place: 0 });
      return;
    }
    const held = await content(file);
    if (held.holds === "packed") return take(held.file);
    if (held.holds === "samples") named.push(...methodsIn(held.samples));
    else if (held.holds === "marks") marks.push(held.marks);
    else if (held.holds === "volume" && !held.neverLabels) marks.push(await volumeSamples(held.stack));
    else if (held.holds === "picture") {
      const mask = maskPicture(held.picture);
      if (!mask) throw neither(file.name, say`it is a picture, not a mask of two values`);
      pictures.push(mask);
    } else throw neither(file.name, say`it holds no samples`);
  };
  for (const file of files) await take(file);
  if (pictures.length > 0) marks.push(pictureMarks(pictures));
  if (arrays.length + marks.length === 0) return named;
  const file = files.length === 1 ? (files[0]?.name ?? method) : `${files.length} files of ${method}`;
  return [...named, { method, file, arrays, marks }];
}

/** Files that say by their paths that they are samples, by their methods, and the others. */
export function filesByMethod(files: readonly SourceFile[]): {
  readonly methods: ReadonlyMap<string, readonly SourceFile[]>;
  readonly others: readonly SourceFile[];
} {
  const methods = new Map<string, SourceFile[]>();
  const others: SourceFile[] = [];
  for (const file of files) {
    const method = methodOfPath(file.name);
    if (method === null) others.push(file);
    else methods.set(method, [...(methods.get(method) ?? []), file]);
  }
  return { methods, others };
}

/** Each volume of a fourth axis is a sample, of masks or of P; else each label is, and a volume of P is one. */
async function volumeSamples(stack: Stack): Promise<PixelMarks> {
  const channels = stack.channels ?? 1;
  if (channels === 1 && (await looksLikeLabels(stack))) return labelMarks(stack);
  const perChannel = stack.frames / channels;
  let held = 0;
  const graders: { name: string; planes: MarkPlane[] }[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const planes: MarkPlane[] = [];
    for (let k = 0; k < perChannel; k++) {
      const { values, ...slice } = await stack.slice(channel * perChannel + k);
      const { width, height, geometry, spacingMm } = slice;
      const marked = values.some((value) => value !== 0);
      if (marked) checkMarkSize(stack.name, (held += 4 * values.length));
      const shares = marked ? sharesIn(values, stack.name) : null;
      // Of a fourth axis all volumes lie in the place of the first.
      planes.push({ ...UNPLACED, width, height, geometry, spacingMm, values: shares });
    }
    graders.push({ name: `Sample ${channel + 1}`, planes });
  }
  return { format: stack.format, file: stack.name, graders, seriesInstanceUid: null };
}

function sharesIn(values: Float32Array, file: string): Float32Array {
  const full = values.includes(255) ? 255 : 1;
  const wrong = values.find((value) => !(value >= 0 && value <= 1) && !(full === 255 && value === 255));
  if (wrong !== undefined)
    throw neither(file, say`it holds ${wrong}, which is neither of a mask (0 and 1) nor a probability`);
  return values.map((value) => (255 * value) / full);
}

function neither(file: string, problem: Text): GraderspaceError {
  const remedy = say`save samples as masks of 0 and 1, or as probabilities from 0 to 1`;
  return new GraderspaceError("UnsupportedPixels", { file, problem, remedy });
}
