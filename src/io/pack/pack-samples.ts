import { sha256Hex } from "../../core/config/weights-hash.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { GivenSamples, SampleSet } from "../../core/samples/sample-set.ts";
import { REGION, regionStart } from "../../core/values/region.ts";
import { headOf } from "../bytes/source-file.ts";
import { NPY_HEADER, readNpyHeader } from "../numpy/npy.ts";
import { npyArray } from "../numpy/npz.ts";
import type { Cohort } from "../samples/cohort-samples.ts";
import { samplesIn } from "../samples/sample-array.ts";
import type { Pack } from "./pack.ts";

/** A pack's cases, for samples that lie in another file. `rowOf`: the case that a picture's name stands for. */
export function packCohort(pack: Pack, rows: readonly number[], rowOf: Cohort["rowOf"]): Cohort {
  return {
    file: pack.name,
    cases: pack.index.cases.length,
    rows,
    ids: pack.index.cases.map(({ id }) => id),
    rowOf,
    place: async (row) => {
      const { slice, region } = await pack.open(row);
      const { width, height } = slice;
      return { width, height, region: [regionStart(region[0], width, REGION), regionStart(region[1], height, REGION)] };
    },
  };
}

/**
 * The methods whose samples a pack names, in the order in which they come. A method may lack cases; where it has more
 * samples of one than of another, all are taken to have the fewest. @throws DamagedFile
 */
export async function packSets(pack: Pack, rowOf: Cohort["rowOf"]): Promise<SampleSet[]> {
  const { cases } = pack.index;
  const methods = [...new Set(cases.flatMap(({ samples }) => Object.keys(samples ?? {})))];
  const sets: SampleSet[] = [];
  for (const name of methods) {
    const files = cases.map(({ samples }) => samples?.[name] ?? []);
    let count = Number.POSITIVE_INFINITY;
    for (const paths of files) {
      if (paths.length === 0) continue;
      count = Math.min(count, isArray(paths) ? await countIn(pack, paths[0] as string) : paths.length);
    }
    if (!Number.isFinite(count)) continue;
    const sha256 = sha256Hex(new TextEncoder().encode(JSON.stringify([name, files])));
    const read = async (picture: string) => {
      const row = rowOf(picture);
      const paths = row === null ? [] : (files[row] ?? []);
      return row === null || paths.length === 0 ? null : samplesOfCase(pack, row, paths);
    };
    sets.push({ name, count, sha256, read });
  }
  return sets;
}

function isArray(paths: readonly string[]): boolean {
  return paths.length === 1 && (paths[0] as string).endsWith(".npy");
}

async function countIn(pack: Pack, path: string): Promise<number> {
  const { shape } = readNpyHeader(await headOf(pack.file(path), NPY_HEADER), path);
  return shape.length === 2 ? 1 : (shape[0] ?? 0);
}

async function samplesOfCase(pack: Pack, row: number, paths: readonly string[]): Promise<GivenSamples> {
  const { slice } = await pack.open(row);
  const { width, height } = slice;
  const [first = ""] = paths;
  if (isArray(paths)) {
    const array = npyArray(await pack.file(first).read(), first, first);
    const count = await countIn(pack, first);
    return samplesIn(array, [...Array(count).keys()], [{ width, height }], `${pack.name} › ${first}`);
  }
  const values = new Uint8Array(paths.length * width * height);
  for (const [n, path] of paths.entries()) {
    const picture = await pack.picture(path);
    if (picture.width !== width || picture.height !== height) {
      throw new GraderspaceError("GeometryMismatch", {
        file: pack.name,
        problem: say`${path} has ${picture.width} × ${picture.height} pixels, and its slice ${width} × ${height}`,
        remedy: say`make the samples in the size of the slice`,
      });
    }
    for (let i = 0; i < picture.values.length; i++) values[n * width * height + i] = picture.values[i] === 0 ? 0 : 1;
  }
  return { count: paths.length, width, height, values };
}
