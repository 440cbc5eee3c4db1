import { sha256Hex } from "../../core/config/weights-hash.ts";
import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { SampleSet } from "../../core/samples/sample-set.ts";
import { REGION } from "../../core/values/region.ts";
import { checkPictureSize } from "../bytes/limits.ts";
import { samplesIn } from "./sample-array.ts";
import type { MethodArray, SampleFile } from "./sample-file.ts";

/** A picture of a cohort: its size, and where the region that it opens with starts. */
interface CasePlace {
  readonly width: number;
  readonly height: number;
  readonly region: readonly [number, number];
}

/** The cases that samples of a cohort are of. */
export interface Cohort {
  /** Its file, for sentences. */
  readonly file: string;
  readonly cases: number;
  /** Those that are asked for, by their places from 0. */
  readonly rows: readonly number[];
  readonly ids: readonly (string | number)[] | null;
  place(row: number): Promise<CasePlace>;
  /** The case that a picture's name (`Crop.picture`) stands for, by its place; null: of none. */
  rowOf(picture: string): number | null;
}

/**
 * The methods of a file as sets over a cohort. Rows are matched by `id` where both have one, by the file's own `rows`, or
 * by their places, and then there must be as many. Pictures are of the case's size, or of its region.
 * @throws GeometryMismatch where they do not match; UnsupportedPixels for other shapes
 */
export function cohortSets(samples: SampleFile, cohort: Cohort): SampleSet[] {
  return samples.methods.map((one) => cohortSet(samples, one, cohort));
}

function cohortSet(samples: SampleFile, { method, array }: MethodArray, cohort: Cohort): SampleSet {
  const { file } = samples;
  const [cases = 0, count = 0] = array.header.shape;
  if (array.header.shape.length !== 4 || cases === 0 || count === 0) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`the shape of \`${array.name}\` is [${array.header.shape.join(", ")}]`,
      remedy: say`save samples of a cohort as [cases, samples, height, width]`,
    });
  }
  checkPictureSize(file, array.header.shape[3] ?? 0, array.header.shape[2] ?? 0, count);
  const places = placesIn(samples, array.name, cases, cohort);
  const missing = cohort.rows.filter((row) => places.get(row) === undefined);
  if (missing.length > 0) {
    throw new GraderspaceError("GeometryMismatch", {
      file,
      problem: say`it has no samples for ${missing.length} of the ${cohort.rows.length} cases, case ${(missing[0] as number) + 1} first`,
      remedy: say`give samples of all cases of ${cohort.file} that are asked for`,
    });
  }
  return {
    name: method,
    count,
    sha256: sha256Hex(
      new TextEncoder().encode(JSON.stringify([file, method, array.header, samples.ids, samples.rows])),
    ),
    read: async (picture) => {
      const row = cohort.rowOf(picture);
      const at = row === null ? undefined : places.get(row);
      if (row === null || at === undefined) return null;
      const { width, height, region } = await cohort.place(row);
      const picks = Array.from({ length: count }, (_, n) => at * count + n);
      const given = await samplesIn(
        array,
        picks,
        [
          { width, height },
          { width: REGION, height: REGION },
        ],
        file,
      );
      const whole = given.width === width && given.height === height;
      return whole ? given : { ...given, origin: region };
    },
  };
}

/** Row of the array by the place of its case. */
function placesIn(
  { file, rows, ids }: SampleFile,
  name: string,
  cases: number,
  cohort: Cohort,
): ReadonlyMap<number, number> {
  const asMany = (list: readonly unknown[], what: string) => {
    if (list.length === cases) return;
    const problem = say`\`${what}\` has ${list.length} items for the ${cases} cases of \`${name}\``;
    throw new GraderspaceError("DamagedFile", { file, problem, remedy: say`save it again` });
  };
  if (ids && cohort.ids) {
    asMany(ids, "id");
    const byId = new Map(ids.map((id, at) => [String(id), at]));
    if (byId.size < cases) {
      const problem = say`two of its cases have the same \`id\``;
      throw new GraderspaceError("DamagedFile", { file, problem, remedy: say`give each case an id of its own` });
    }
    return new Map(
      cohort.ids.flatMap((id, row) => {
        const at = byId.get(String(id));
        return at === undefined ? [] : [[row, at] as const];
      }),
    );
  }
  if (rows) {
    asMany(rows, "rows");
    return new Map(rows.map((row, at) => [row, at]));
  }
  if (cases === cohort.cases) return new Map(Array.from({ length: cases }, (_, row) => [row, row]));
  throw new GraderspaceError("GeometryMismatch", {
    file,
    problem: say`\`${name}\` has ${cases} cases and ${cohort.file} has ${cohort.cases}, and nothing says which are which`,
    remedy: say`add \`rows\` (places in the file of cases, from 0), or \`id\` in both`,
  });
}
