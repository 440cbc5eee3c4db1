import * as v from "valibot";
import {
  checked,
  isObject,
  list,
  number,
  object,
  oneOf,
  orNull,
  pair,
  pathText,
  record,
  short,
  whole,
} from "../../core/config/checked.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { GivenSamples } from "../../core/samples/sample-set.ts";
import type { Grader, Mask, Slice } from "../../core/values/slice.ts";
import { LIMITS } from "../bytes/limits.ts";
import type { SourceFile } from "../bytes/source-file.ts";

/** `pack.json` of a case pack, as in docs/evaluate.md. Paths are relative to pack.json. */
export interface PackIndex {
  readonly version: 1;
  readonly title: string;
  /** Shown with every case; empty where nobody has to be named. */
  readonly attribution: string;
  readonly cases: readonly PackEntry[];
}

export interface PackEntry {
  readonly id: string;
  readonly title: string;
  /** An npy, DICOM or PNG file. */
  readonly slice: string;
  readonly spacingMm: readonly [number, number] | null;
  readonly unit: "HU" | "stored";
  /** Column and row around which the region opens. */
  readonly region: readonly [number, number];
  /** A null mask: this grader drew nothing. A grader who never looked is not in the list. */
  readonly graders: readonly {
    readonly name: string;
    readonly mask: string | null;
    /** [column, row] of each nodule under 3 mm, which has no outline. */
    readonly points?: readonly (readonly [number, number])[];
    readonly ratings?: Readonly<Record<string, number>>;
  }[];
  /** A simulated nodule in a real slice: always said beside the picture. */
  readonly simulated: boolean;
  /** Whose slice it is, in any words: cases of one patient count together in an evaluation's intervals. */
  readonly patient?: string;
  /** The draw number of its samples (formats.md, "One draw rule"); its place in the pack where it is not given. */
  readonly draw?: number;
  /**
   * The lesion that it is a slice of: the cases of one patient, series and nodule are one lesion, each at its place along
   * the normal in mm. Lesions are measured with the `spacingMm` that is given here.
   */
  readonly lesion?: { readonly series: string; readonly nodule: string; readonly zMm: number };
  /**
   * Samples that methods made of it elsewhere, by the method's name: a mask as PNG each, or one npy [N, height, width] of
   * masks or probabilities, in the slice's size.
   */
  readonly samples?: Readonly<Record<string, readonly string[]>>;
}

/** A case with its pictures read. */
export interface OpenedCase {
  readonly id: string;
  readonly title: string;
  readonly simulated: boolean;
  readonly slice: Slice;
  readonly region: readonly [number, number];
  readonly graders: readonly Grader[];
  readonly patient?: string;
  readonly draw?: number;
  readonly lesion?: NonNullable<PackEntry["lesion"]>;
  /** For writing: the samples of each method, in the slice's size. Of a pack that is read they stay in its files. */
  readonly samples?: Readonly<Record<string, GivenSamples>>;
}

export interface Pack {
  /** The file it came from. */
  readonly name: string;
  readonly index: PackIndex;
  /** Reads the pictures of case k, counted from 0. @throws BadArgument, DamagedFile, GeometryMismatch, … */
  open(k: number): Promise<OpenedCase>;
  /** A file of the pack by its path, as it lies there. @throws DamagedFile where there is none */
  file(path: string): SourceFile;
  /** One of its pictures by its path. @throws what reading throws */
  picture(path: string): Promise<Slice>;
}

/** Reads one picture, whatever its format: the opener of files, handed in so that it may open packs itself. */
type OpenPicture = (file: SourceFile) => Promise<Slice>;

export const PACK_INDEX = "pack.json";
const MOST_CASES = 10_000;
const MOST_GRADERS = 100;
const MOST_POINTS = 1000;
/** Files of samples of one method and case. */
const MOST_SAMPLES = 1000;

/**
 * A pack out of its files: a zip's entries, a dropped folder, or files behind an address. pack.json may lie in a folder
 * of its own. Slices and masks are read when their case is opened.
 * @throws DamagedFile where pack.json is missing or wrong
 */
export async function readPack(files: readonly SourceFile[], name: string, open: OpenPicture): Promise<Pack> {
  const found = files.find((file) => /(^|\/)pack\.json$/.test(file.name));
  if (!found) throw damaged(name, say`it has no ${PACK_INDEX}`);
  if (found.size > LIMITS.headerBytes) throw damaged(name, say`its ${PACK_INDEX} is ${found.size} bytes long`);
  const index = parsePackIndex(parseJson(await found.read(), name), name);
  const folder = found.name.slice(0, -PACK_INDEX.length);
  const byPath = new Map(files.map((file) => [file.name, file]));
  return packOf(index, name, (path) => byPath.get(folder + path), open);
}

/** A pack whose index is known; `find` answers undefined for a file that is not there. */
export function packOf(
  index: PackIndex,
  name: string,
  find: (path: string) => SourceFile | undefined,
  open: OpenPicture,
): Pack {
  const file = (path: string) => {
    const found = find(path);
    if (!found) throw damaged(name, say`its ${PACK_INDEX} names ${path}, which is not in it`);
    return found;
  };
  const picture = async (path: string) => open(file(path));
  return {
    name,
    index,
    file,
    picture,
    open: async (k) => {
      const entry = index.cases[k];
      if (!entry) throw noSuchCase(name, k, index.cases.length);
      return openCase(entry, name, picture);
    },
  };
}

async function openCase(
  entry: PackEntry,
  name: string,
  picture: (path: string) => Promise<Slice>,
): Promise<OpenedCase> {
  const read = await picture(entry.slice);
  const { width, height } = read;
  const [x, y] = entry.region;
  if (x >= width || y >= height) {
    throw damaged(name, say`the region of case ${entry.id} lies outside its slice of ${width} × ${height} pixels`);
  }
  const graders: Grader[] = [];
  for (const { mask, ...grader } of entry.graders) {
    graders.push({ ...grader, mask: mask === null ? null : maskOf(await picture(mask), mask, name, width, height) });
  }
  const slice: Slice = { ...read, unit: entry.unit, spacingMm: entry.spacingMm ?? read.spacingMm, name: entry.title };
  const { id, title, simulated, region, patient, draw, lesion } = entry;
  return {
    id,
    title,
    simulated,
    slice,
    region,
    graders,
    ...(patient === undefined ? {} : { patient }),
    ...(draw === undefined ? {} : { draw }),
    ...(lesion && { lesion }),
  };
}

/** Every pixel that is not 0 is lesion; a mask without one says what null says. */
function maskOf(picture: Slice, path: string, name: string, width: number, height: number): Mask | null {
  if (picture.width !== width || picture.height !== height) {
    throw new GraderspaceError("GeometryMismatch", {
      file: name,
      problem: say`${path} has ${picture.width} × ${picture.height} pixels, and its slice ${width} × ${height}`,
      remedy: say`make the masks in the size of the slice`,
    });
  }
  const bits = new Uint8Array(picture.values.length); // from(…, map) walks an iterator: 70 ms a mask
  for (let i = 0; i < bits.length; i++) bits[i] = picture.values[i] === 0 ? 0 : 1;
  return bits.includes(1) ? { width, height, bits } : null;
}

/** A path inside the pack: nothing that could lead out of its folder or to another address. */
const path = v.pipe(
  short,
  v.regex(/^(?!\/)(?!.*(\\|:|(^|\/)\.\.(\/|$)))./, () => "is no path inside the pack"),
);

const INDEX = object({
  version: v.literal(1, () => "is not 1"),
  title: short,
  attribution: v.pipe(
    orNull(short),
    v.transform((said) => said ?? ""),
  ),
  cases: list(
    object({
      id: short,
      title: short,
      slice: path,
      spacingMm: orNull(pair(number(1e-3, 1e3))),
      unit: oneOf("HU", "stored"),
      region: pair(whole(0, LIMITS.side)),
      graders: list(
        object({
          name: short,
          mask: orNull(path),
          points: v.optional(list(pair(number(0, LIMITS.side)), MOST_POINTS)),
          ratings: v.optional(record(number())),
        }),
        MOST_GRADERS,
      ),
      simulated: v.pipe(
        v.optional(v.unknown(), false),
        v.transform((said) => said === true),
      ),
      patient: v.optional(short),
      draw: v.optional(whole(0, 2 ** 31 - 1)),
      lesion: v.optional(object({ series: short, nodule: short, zMm: number(-1e6, 1e6) })),
      samples: v.optional(record(list(path, MOST_SAMPLES))),
    }),
    MOST_CASES,
  ),
});

/** @throws DamagedFile naming the field that is wrong */
export function parsePackIndex(json: unknown, file: string): PackIndex {
  try {
    const index = checked(INDEX, json, fieldOf);
    if (index.cases.length === 0) throw new RangeError("it has no case");
    const ids = new Set<string>();
    for (const { id } of index.cases) {
      if (ids.has(id)) throw new RangeError(`two of its cases have the id "${id}"`);
      ids.add(id);
    }
    return index;
  } catch (error) {
    if (error instanceof RangeError) throw damaged(file, `${PACK_INDEX}: ${error.message}`);
    throw error;
  }
}

/** "its case 2's region[0]", counted from 1 as people do. */
function fieldOf([first, k, ...rest]: readonly (string | number)[]): string {
  if (first === undefined) return "it";
  if (k === undefined) return first === "cases" ? "its list of cases" : `its ${first}`;
  return rest.length === 0 ? `its case ${Number(k) + 1}` : `its case ${Number(k) + 1}'s ${pathText(rest)}`;
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    const json: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(json)) return json;
  } catch {
    // said below
  }
  throw damaged(file, say`its ${PACK_INDEX} is no JSON object`);
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`make the pack again or correct it` });
}

function noSuchCase(file: string, k: number, count: number): GraderspaceError {
  return new GraderspaceError("BadArgument", {
    file,
    problem: say`it has no case ${k + 1}`,
    remedy: count === 1 ? say`open case 1` : say`open one from 1 to ${count}`,
  });
}
