import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { ZipEntry } from "../bytes/zip.ts";
import { type NpzArray, npyArray, openNpz } from "../numpy/npz.ts";
import { methodOfArray, methodOfPath, nameFromFile } from "./sample-name.ts";

/** The samples of one method as an array: [N, H, W], [N, D, H, W] or, for a cohort, [K, N, H, W]. */
export interface MethodArray {
  readonly method: string;
  readonly array: NpzArray;
}

/** Arrays of samples out of one file, and what says to which cases their rows belong. */
export interface SampleFile {
  readonly file: string;
  readonly methods: readonly MethodArray[];
  /** Place in the file of cases of each row of a cohort (`rows`, as `evaluate --dump` writes); null where it does not say. */
  readonly rows: readonly number[] | null;
  /** Id of each row's case (`id`); null where it does not say. */
  readonly ids: readonly (string | number)[] | null;
}

/** The array of `evaluate --dump`, which does not say of which system it is. */
const OF_DUMP = "samples";

/** True for arrays that are samples by their names. */
export function holdsSamples(arrays: ReadonlyMap<string, NpzArray>): boolean {
  const dumped = (arrays.get(OF_DUMP)?.header.shape.length ?? 0) >= 3;
  return dumped || [...arrays.keys()].some((name) => methodOfArray(name) !== null);
}

/**
 * The samples of an npz: `samples_NAME`, each a method, or `samples` of the method that the file is called after.
 * @throws NotAnImage where it holds none; DamagedFile
 */
export async function readSampleFile(entries: readonly ZipEntry[], file: string): Promise<SampleFile> {
  const arrays = openNpz(entries, file);
  const methods = [...arrays].flatMap(([name, array]): MethodArray[] => {
    const method = name === OF_DUMP ? (methodOfPath(file) ?? nameFromFile(file)) : methodOfArray(name);
    return method === null || array.header.shape.length < 3 ? [] : [{ method, array }];
  });
  if (methods.length === 0) {
    throw new GraderspaceError("NotAnImage", {
      file,
      problem: say`it holds no samples`,
      remedy: say`save them as \`samples_NAME\` [cases, samples, height, width]`,
    });
  }
  const rows = arrays.get("rows");
  const id = arrays.get("id");
  return {
    file,
    methods,
    rows: rows && !isText(rows) ? [...(await rows.numbers(0, rows.rows))] : null,
    ids: id ? (isText(id) ? await id.texts() : [...(await id.numbers(0, id.rows))]) : null,
  };
}

/** An npy file of samples of one method. @throws DamagedFile, UnsupportedPixels */
export function readSampleNpy(bytes: Uint8Array, file: string): SampleFile {
  const array = npyArray(bytes, nameFromFile(file), file);
  return { file, methods: [{ method: methodOfPath(file) ?? nameFromFile(file), array }], rows: null, ids: null };
}

function isText({ header }: NpzArray): boolean {
  return header.type.startsWith("U");
}
