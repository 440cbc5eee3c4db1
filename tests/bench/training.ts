import { normals } from "../../src/core/random/random.ts";
import { architectureOf, DEFAULT_TRAINING } from "../../src/core/training/settings.ts";
import { TrainedNetwork } from "../../src/model/train/trained-network.ts";
import { takeTurns } from "./rounds.ts";
import type { Found, Row } from "./rows.ts";

/** What a step may take beside its own forward pass: 3 is the floor (forward, gradient of pictures, gradient of filters). */
const AT_MOST = 4.5;

/** A step of training against its forward pass (U-Net, prior net, posterior net, f_comb, loss), same batch, same backend. */
export async function benchTraining(
  where: Pick<Row, "where" | "backend">,
  rounds: number,
  { rows, ratios }: Found,
): Promise<void> {
  for (const width of [8, 16]) {
    const { region: size, batch: count, rate, axes } = DEFAULT_TRAINING;
    const network = new TrainedNetwork(architectureOf({ width, axes }), 0);
    const images = normals(1, [1], count * size * size);
    const masks = images.map((value) => (value > 0 ? 1 : 0));
    const batch = { count, size, images, masks, noise: normals(1, [2], count * axes) };
    const [forward, step] = (await takeTurns(
      [
        { name: "forward", run: () => network.measure(batch, DEFAULT_TRAINING) },
        { name: "step", run: () => network.train(batch, DEFAULT_TRAINING, rate) },
      ],
      rounds,
    )) as [number, number];
    const row = { ...where, system: "graderspace", size, count, rounds, note: `width ${width}` } as const;
    rows.push({ ...row, what: "training forward", milliseconds: forward });
    rows.push({ ...row, what: "training step", milliseconds: step });
    ratios[`${where.backend}.training step/forward, width ${width}`] = { value: step / forward, atMost: AT_MOST };
  }
}
