import { GraderspaceError } from "../../core/errors.ts";
import type { Model } from "../../core/network/model.ts";
import { sampleModel } from "../../core/samples/sample-model.ts";
import { openZip } from "../../io/bytes/zip.ts";
import { cohortSets } from "../../io/samples/cohort-samples.ts";
import { readSampleFile, readSampleNpy } from "../../io/samples/sample-file.ts";
import type { Arguments } from "../arguments.ts";
import type { ChosenCases } from "../cases-file.ts";
import { readBytes } from "../read-bytes.ts";

/** `--samples` that is no file, but what the file of cases, or the pack, holds itself. */
const OWN = "own";

/**
 * The methods of `--samples FILE.npz` as models of these cases; none where the option is not given. `--samples own`: those
 * that the file of cases or the pack holds itself. `taken`: names that no method may have beside them.
 * @throws GraderspaceError BadArgument, GeometryMismatch where they do not match the cases, and what the readers throw
 */
export async function givenModels(args: Arguments, cases: ChosenCases, taken: readonly string[]): Promise<Model[]> {
  const path = args.text("samples");
  if (path === undefined) return [];
  const sets = path === OWN ? await cases.samples() : cohortSets(await readFrom(path), cases.cohort);
  if (sets.length === 0) {
    const problem = "it holds no samples";
    const remedy = "save them in it as `samples_NAME`, or name the file that has them";
    throw new GraderspaceError("BadArgument", { file: cases.cohort.file, problem, remedy });
  }
  const twice = sets.find(({ name }, at) => [...taken, ...sets.slice(0, at).map((set) => set.name)].includes(name));
  if (twice) {
    const problem = `two of the systems are called ${twice.name}`;
    throw new GraderspaceError("BadArgument", { problem, remedy: "call the array `samples_` and another name" });
  }
  return sets.map(sampleModel);
}

async function readFrom(path: string) {
  const { name, bytes } = await readBytes(path);
  return bytes[0] === 0x50 && bytes[1] === 0x4b
    ? readSampleFile(openZip(bytes, name), name)
    : readSampleNpy(bytes, name);
}

/** `--count` for samples that were given: all of them where it is not said. @throws GraderspaceError BadArgument: more than there are */
export function givenCount(args: Arguments, models: readonly Model[]): number {
  const [fewest] = [...models].sort((a, b) => (a.members ?? 0) - (b.members ?? 0));
  const most = fewest?.members ?? 1;
  const count = args.whole("count", most, 1, 1000);
  if (count > most) throw tooMany("count", count, fewest as Model);
  return count;
}

/**
 * `--counts` where samples were given: those of the usual ones that there are samples for, where none is said.
 * @throws GraderspaceError BadArgument: more than there are
 */
export function givenCounts(args: Arguments, counts: readonly number[], models: readonly Model[]): readonly number[] {
  const most = Math.min(...models.map(({ members }) => members ?? 0));
  const wrong = counts.find((count) => count > most);
  if (wrong === undefined) return counts;
  const fewest = models.find(({ members }) => members === most) as Model;
  if (args.text("counts") !== undefined) throw tooMany("counts", wrong, fewest);
  return [...counts.filter((count) => count < most), most];
}

function tooMany(option: string, count: number, { config, members }: Model): GraderspaceError {
  const problem = `--${option} asks for ${count}, and there are ${members} samples of each case`;
  return new GraderspaceError("BadArgument", { file: config.name, problem, remedy: `give at most ${members}` });
}
