import { existsSync } from "node:fs";
import { join } from "node:path";
import { GraderspaceError } from "../../core/errors.ts";
import type { TrainingSettings } from "../../core/training/settings.ts";
import { openZip } from "../../io/bytes/zip.ts";
import { openNpz } from "../../io/numpy/npz.ts";
import { writeNpz } from "../../io/numpy/npz-write.ts";
import type { Checkpoint } from "../../model/train/adam.ts";
import { readBytes, writeBytes } from "../read-bytes.ts";

const FILE = "checkpoint.npz";
const LOG = "log.csv";
const SETTINGS = "settings.json";

export interface Kept {
  readonly checkpoint: Checkpoint;
  /** The log's lines so far. */
  readonly log: string[];
}

/** What `--resume` goes on from: weights and both averages of Adam, the settings they came of, the log. */
export async function writeCheckpoint(
  folder: string,
  settings: TrainingSettings,
  { step, weights, mean, square }: Checkpoint,
  log: readonly string[],
): Promise<void> {
  const flat = (values: Float32Array) => ({ values, shape: [values.length] });
  const arrays = { step: { values: Int32Array.of(step), shape: [1] }, weights: flat(weights), mean: flat(mean) };
  await writeBytes(join(folder, SETTINGS), `${JSON.stringify(settings, null, 1)}\n`);
  await writeBytes(join(folder, LOG), `${log.join("\n")}\n`);
  await writeBytes(join(folder, FILE), writeNpz({ ...arrays, square: flat(square) }));
}

/** Null where the folder holds none: then a run starts from scratch. @throws GraderspaceError BadArgument, DamagedFile */
export async function readCheckpoint(folder: string, settings: TrainingSettings): Promise<Kept | null> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return null;
  const text = async (name: string) => new TextDecoder().decode((await readBytes(join(folder, name))).bytes);
  const { steps: _, ...before } = JSON.parse(await text(SETTINGS)) as TrainingSettings;
  const { steps: __, ...now } = settings;
  if (JSON.stringify(before) !== JSON.stringify(now)) {
    const problem = `it was made with other settings (${SETTINGS} beside it)`;
    throw new GraderspaceError("BadArgument", {
      file: path,
      problem,
      remedy: "resume with the same ones; only steps may differ",
    });
  }
  const { bytes } = await readBytes(path);
  const arrays = openNpz(openZip(bytes, path), path);
  const numbers = async (name: string) => {
    const array = arrays.get(name);
    if (!array) throw new GraderspaceError("DamagedFile", { file: path, problem: `it has no array ${name}` });
    return array.numbers(0, array.rows);
  };
  const [step = 0] = await numbers("step");
  const checkpoint = {
    step,
    weights: await numbers("weights"),
    mean: await numbers("mean"),
    square: await numbers("square"),
  };
  return { checkpoint, log: (await text(LOG)).trimEnd().split("\n") };
}
