import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { GraderspaceError } from "../../core/errors.ts";
import { rounded } from "../../core/measures/rounded.ts";
import type { HeldOutFigures } from "../../core/training/held-out.ts";
import { parseTraining } from "../../core/training/parse-settings.ts";
import type { TrainingSettings } from "../../core/training/settings.ts";
import { writeNpz } from "../../io/numpy/npz-write.ts";
import { readArguments } from "../arguments.ts";
import { startWasm } from "../backend.ts";
import { progressLine } from "../progress.ts";
import { readBytes, unwritable, writeBytes } from "../read-bytes.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";

/** Held-out figures and a checkpoint are taken this often. */
const LOOK_EVERY = 100;

/** `train --config FILE --out DIR [--resume]`: the paper's network from scratch, on simulated nodules and graders. */
export async function train(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: [], options: ["config", "out"], flags: ["resume"] });
  const { name, bytes } = await readBytes(args.needed("config"));
  const settings = parseTraining(jsonOf(bytes, name), name);
  const folder = resolve(args.needed("out"));
  await mkdir(folder, { recursive: true }).catch((error) => Promise.reject(unwritable(folder, error)));
  const from = args.flag("resume") ? await readCheckpoint(folder, settings) : null;
  return { model: folder, ...(await trained(settings, folder, from)) };
}

async function trained(settings: TrainingSettings, folder: string, from: Awaited<ReturnType<typeof readCheckpoint>>) {
  await startWasm();
  const { Training, liveAxes } = await import("../../model/train/training.ts");
  const { exportModel } = await import("../../model/train/export-model.ts");
  const started = performance.now();
  const training = new Training(settings, from?.checkpoint);
  const log = from?.log ?? [COLUMNS];
  const progress = progressLine("train", settings.steps);
  let last: HeldOutFigures = (await training.look(0)).figures;
  if (log.length === 1) log.push(lineOf(null, last));
  while (training.step < settings.steps) {
    const figures = await training.advance();
    progress(training.step);
    if (training.step % LOOK_EVERY !== 0 && training.step !== settings.steps) continue;
    last = (await training.look(0)).figures;
    log.push(lineOf(figures.crossEntropy, last));
    await writeCheckpoint(folder, settings, training.network.checkpoint, log);
  }
  const { config, weights } = exportModel(basename(folder), settings, training.network.checkpoint, last);
  await writeBytes(join(folder, "weights.safetensors"), weights);
  await writeBytes(join(folder, "config.json"), `${JSON.stringify(config, null, 1)}\n`);
  await writeBytes(join(folder, "held-out.npz"), heldOutCases(training.heldOut, settings.region));
  return {
    steps: training.step,
    ged2: rounded(last.ged2),
    diversity: rounded(last.diversity),
    grader_spread: rounded(last.graderSpread),
    cross_entropy: rounded(last.crossEntropy),
    kl_per_axis: Array.from(last.kl, rounded),
    effect_per_axis: Array.from(last.effect, rounded),
    live_axes: liveAxes(last),
    graders: last.habits.map(({ name, empty, areaPx, nearest }) => ({
      name,
      empty: rounded(empty),
      area_px: rounded(areaPx),
      nearest: rounded(nearest),
    })),
    samples: { empty: rounded(last.samples.empty), area_px: rounded(last.samples.areaPx) },
    seconds: rounded((performance.now() - started) / 1000),
  };
}

const COLUMNS = "step,train_cross_entropy,cross_entropy,kl,ged2,diversity";

function lineOf(trainCrossEntropy: number | null, { step, crossEntropy, kl, ged2, diversity }: HeldOutFigures): string {
  const sum = kl.reduce((all, nats) => all + nats, 0);
  return [
    step,
    trainCrossEntropy === null ? "" : rounded(trainCrossEntropy),
    ...[crossEntropy, sum, ged2, diversity].map(rounded),
  ].join(",");
}

/** What the figures are of, for `evaluate` and any other reader of cases. */
function heldOutCases(
  cases: readonly { image: Float32Array; masks: readonly Uint8Array[] }[],
  size: number,
): Uint8Array {
  const images = Uint8Array.from(cases.flatMap(({ image }) => Array.from(image, (value) => Math.round(255 * value))));
  const graders = cases[0]?.masks.length ?? 0;
  const masks = Uint8Array.from(cases.flatMap(({ masks }) => masks.flatMap((mask) => [...mask])));
  return writeNpz({
    images: { values: images, shape: [cases.length, size, size] },
    masks: { values: masks, shape: [cases.length, graders, size, size] },
  });
}

function jsonOf(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new GraderspaceError("BadArgument", { file, problem: "it is not JSON", remedy: "give a file such as {}" });
  }
}
