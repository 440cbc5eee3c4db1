import * as tf from "@tensorflow/tfjs-core";
import { normals } from "../../src/core/random/random.ts";
import { architectureOf, DEFAULT_TRAINING } from "../../src/core/training/settings.ts";
import { TrainedNetwork } from "../../src/model/train/trained-network.ts";
import { takeTurns } from "./rounds.ts";
import type { Found, Row } from "./rows.ts";

/** What a step may take beside its own forward pass: 3 is the floor (forward, gradient of pictures, gradient of filters). */
const AT_MOST = 4.5;

/** What a step is measured on. */
export interface TrainingBench {
  readonly widths: readonly number[];
  readonly batch: number;
  /** The backend's own gradient of a filter: a step with it takes turns with ours. */
  readonly theirs?: tf.KernelConfig;
}

/** A step of training against its forward pass (U-Net, prior net, posterior net, f_comb, loss), same batch, same backend. */
export async function benchTraining(
  where: Pick<Row, "where" | "backend">,
  rounds: number,
  { rows, ratios }: Found,
  { widths, batch: count, theirs }: TrainingBench = { widths: [8, 16], batch: DEFAULT_TRAINING.batch },
): Promise<void> {
  for (const width of widths) {
    const { region: size, rate, axes } = DEFAULT_TRAINING;
    const network = new TrainedNetwork(architectureOf({ width, axes }), 0);
    const images = normals(1, [1], count * size * size);
    const masks = images.map((value) => (value > 0 ? 1 : 0));
    const batch = { count, size, images, masks, noise: normals(1, [2], count * axes) };
    const train = () => network.train(batch, DEFAULT_TRAINING, rate);
    const times = await takeTurns(
      [
        { name: "forward", run: () => network.measure(batch, DEFAULT_TRAINING) },
        { name: "step", run: train },
        ...(theirs ? [{ name: "step with tfjs's gradient", run: () => withKernel(theirs, train) }] : []),
      ],
      rounds,
      theirs ? 1 : 2,
    );
    const [forward, step, withTheirs] = times as [number, number, number | undefined];
    const row = { ...where, system: "graderspace", size, count, rounds, note: `width ${width}` } as const;
    rows.push({ ...row, what: "training forward", milliseconds: forward });
    rows.push({ ...row, what: "training step", milliseconds: step });
    const name = `${where.backend}.training step`;
    ratios[`${name}/forward, width ${width}`] = { value: step / forward, atMost: AT_MOST };
    if (withTheirs === undefined) continue;
    rows.push({
      ...row,
      what: "training step",
      milliseconds: withTheirs,
      note: `width ${width}, tfjs's filter gradient`,
    });
    ratios[`${name}/with tfjs's gradient, width ${width}`] = { value: step / withTheirs };
  }
}

/** Runs with another kernel in the place of the one of its name. */
async function withKernel(kernel: tf.KernelConfig, run: () => Promise<unknown>): Promise<void> {
  const { kernelName, backendName } = kernel;
  const own = tf.getKernel(kernelName, backendName) as tf.KernelConfig;
  const put = (one: tf.KernelConfig) => {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel(one);
  };
  put(kernel);
  try {
    await run();
  } finally {
    put(own);
  }
}
