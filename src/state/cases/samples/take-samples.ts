import { sha256Hex } from "../../../core/config/weights-hash.ts";
import { GraderspaceError } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import type { SampleSet } from "../../../core/samples/sample-set.ts";
import { REGION, regionStart } from "../../../core/values/region.ts";
import type { Pack } from "../../../io/pack/pack.ts";
import type { Cohort } from "../../../io/samples/cohort-samples.ts";
import type { MethodSamples } from "../../../io/samples/method-samples.ts";
import type { SampleFile } from "../../../io/samples/sample-file.ts";
import { type CaseId, type FrameKey, frameKeyOf, frameOfKey } from "../../app/identity.ts";
import type { Case } from "../../app/shape.ts";
import type { Library } from "../library.ts";
import { stackOfCase } from "../reading.ts";

/** Samples of a method on what is open. */
export interface TakenSamples {
  readonly set: SampleSet;
  readonly notes: readonly Text[];
  /** They say by themselves where they lie, so that a reload can put them there again. */
  readonly placed: boolean;
}

/**
 * Samples on an open case: a cohort's [K, N, H, W] over its pack or its set of cases, where it says which rows they are or
 * the case is one of a pack; else over the case's pictures, `shown` where they say nothing of their place.
 * @throws GeometryMismatch, UnsupportedPixels where they do not lie there
 */
export async function samplesOnCase(
  samples: MethodSamples,
  found: Case,
  shown: number,
  library: Pick<Library, "pack">,
): Promise<TakenSamples> {
  const cohort = cohortIn(samples, found.pack !== null);
  if (cohort) {
    const { cohortSets } = await import("../../../io/samples/cohort-samples.ts");
    const [set] = cohortSets(cohort, await cohortOf(found, library));
    if (set) return { set, notes: [], placed: true };
  }
  const { laySamples } = await import("../../../io/samples/lay-samples.ts");
  const laid = await laySamples(samples, await stackOfCase(found), shown);
  const first = await laid.read(shown); // values that are none are told now
  const set: SampleSet = {
    name: samples.method,
    count: laid.count,
    sha256: sha256Hex(first ? bytesOf(first.values) : new TextEncoder().encode(samples.file)),
    read: async (picture) => {
      const frame = frameOfKey(picture as FrameKey, found.id);
      return frame === null ? null : laid.read(frame);
    },
  };
  return { set, notes: laid.notes, placed: found.pack === null && (found.frames === 1 || !laid.alone) };
}

/** Samples that came in the file of the cases themselves, a row for each picture. */
export async function samplesOfOwnRows(from: SampleFile, found: Case): Promise<readonly SampleSet[]> {
  const { cohortSets } = await import("../../../io/samples/cohort-samples.ts");
  return cohortSets(from, await cohortOf(found, null));
}

/** The methods whose samples a pack names. @throws what reading throws */
export async function samplesOfPack(pack: Pack, shelf: string): Promise<readonly SampleSet[]> {
  if (!pack.index.cases.some(({ samples }) => samples)) return [];
  const { packSets } = await import("../../../io/pack/pack-samples.ts");
  return packSets(pack, rowsByPicture(pack, shelf));
}

/** The one array of a cohort that they are, with its file's rows and ids; null where they are samples of one picture or stack. */
function cohortIn({ arrays, marks }: MethodSamples, inPack: boolean): SampleFile | null {
  const [only, ...others] = arrays;
  if (!only || others.length + marks.length > 0) return null;
  const { from, place } = only;
  const method = from.methods[place];
  if (method?.array.header.shape.length !== 4) return null;
  const told = from.rows !== null || from.ids !== null;
  return told || inPack ? { ...from, methods: [method] } : null;
}

async function cohortOf(found: Case, library: Pick<Library, "pack"> | null): Promise<Cohort> {
  if (found.pack && library) {
    const { packCohort } = await import("../../../io/pack/pack-samples.ts");
    const pack = await library.pack(found.pack.shelf);
    return packCohort(pack, [], rowsByPicture(pack, found.pack.shelf)); // cases without samples say so when they are shown
  }
  return {
    file: found.title,
    cases: found.frames,
    rows: [],
    ids: null,
    rowOf: (picture) => frameOfKey(picture as FrameKey, found.id),
    place: async (row) => {
      const { width, height } = (await found.read(row)).slice;
      const [x, y] = found.region;
      return { width, height, region: [regionStart(x, width, REGION), regionStart(y, height, REGION)] };
    },
  };
}

function rowsByPicture({ index }: Pack, shelf: string): Cohort["rowOf"] {
  const rows = new Map(index.cases.map(({ id }, row) => [pictureOfPack(shelf, id), row]));
  return (picture) => rows.get(picture as FrameKey) ?? null;
}

/** How a case of a pack is called where samples of it are looked for: as it is on the screen. */
export function pictureOfPack(shelf: string, id: string): FrameKey {
  return frameKeyOf(`${shelf}:${id}` as CaseId, 0);
}

function bytesOf(values: Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function noSliceYet(): GraderspaceError {
  return new GraderspaceError("BadArgument", {
    problem: say`there is no slice yet to lay the samples on`,
    remedy: say`open the slice first`,
  });
}
