import { beforeAll, describe, expect, test } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { DEFAULT_TRAINING, type TrainingSettings } from "../../../src/core/training/settings.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import { exportModel } from "../../../src/model/train/export-model.ts";
import { liveAxes, Training } from "../../../src/model/train/training.ts";
import { WasmDecoder } from "../../../src/wasm/wasm-decoder.ts";

const TINY: TrainingSettings = { ...DEFAULT_TRAINING, width: 4, axes: 2, batch: 2, steps: 6 };

beforeAll(async () => {
  await tfjsBackends({ forced: "wasm" })[0]?.start();
});

async function advanced(training: Training, steps: number) {
  const losses: number[] = [];
  for (let k = 0; k < steps; k++) losses.push((await training.advance()).loss);
  return losses;
}

describe("a training", () => {
  test("has the same curve again, and goes on from a checkpoint as if it had never stopped", async () => {
    const whole = new Training(TINY);
    const losses = await advanced(whole, 4);
    const first = new Training(TINY);
    expect(await advanced(first, 2)).toEqual(losses.slice(0, 2));
    const resumed = new Training(TINY, first.network.checkpoint);
    expect(resumed.step).toBe(2);
    expect(await advanced(resumed, 2)).toEqual(losses.slice(2));
    expect(resumed.network.checkpoint).toEqual(whole.network.checkpoint);
  });

  test("lowers its loss on what it has not seen", async () => {
    const training = new Training({ ...TINY, rate: 0.01 });
    const before = (await training.look(0)).figures;
    await advanced(training, 6);
    const after = (await training.look(1)).figures;
    expect(after.step).toBe(6);
    expect(after.crossEntropy).toBeLessThan(0.9 * before.crossEntropy);
  });

  test("without z has no KL, and all samples of a case are one", async () => {
    const training = new Training({ ...TINY, latent: false });
    const [figures] = await Promise.all([training.advance()]);
    expect([...figures.kl]).toEqual([0, 0]);
    const { samples, figures: seen } = await training.look(1);
    const [all] = samples as [Float32Array];
    expect(all).toHaveLength(16 * 1024);
    expect(all.subarray(15 * 1024)).toEqual(all.subarray(0, 1024));
    expect([seen.diversity, ...seen.effect]).toEqual([0, 0, 0]);
  });

  test("shows the latent plane: its middle is the prior's mean, its right lower corner +2σ and −2σ", async () => {
    const training = new Training(TINY);
    const [plane] = (await training.planes(1, 5)) as [Float32Array];
    const { image } = training.heldOut[0] as { image: Float32Array };
    const at = (place: number) => plane.slice(place * 1024, (place + 1) * 1024);
    expect(at(12)).toEqual(await training.network.sample(image, 32, [Float32Array.of(0, 0)], true));
    expect(at(24)).toEqual(await training.network.sample(image, 32, [Float32Array.of(2, -2)], true));
    expect(at(0)).toEqual(await training.network.sample(image, 32, [Float32Array.of(-2, 2)], true));
  });

  test("takes the mean over pixels where it is asked to: a 1024th of the sum", async () => {
    const figures = async (pixels: "sum" | "mean") => new Training({ ...TINY, pixels, beta: 0 }).advance();
    const [sum, mean] = [await figures("sum"), await figures("mean")];
    expect(mean.crossEntropy).toBeCloseTo(sum.crossEntropy, 4);
    expect(mean.loss).toBeCloseTo(sum.loss / 1024, 4);
  });

  test("counts an axis as live where it has nats and moves the mask", () => {
    expect(liveAxes({ kl: Float32Array.of(2, 2, 0.05), effect: Float32Array.of(0.5, 0.01, 0.5) })).toBe(1);
  });
});

describe("a trained network as a model", () => {
  test.each([true, false])("draws what the training drew (with z: %s)", async (latent) => {
    const training = new Training({ ...TINY, latent });
    await advanced(training, 2);
    const { checkpoint } = training.network;
    const figures = { kl: Float32Array.of(1, 2), effect: Float32Array.of(0, 0.1), ged2: 0.5 };
    const { config, weights } = exportModel("own", training.settings, checkpoint, figures);
    const files = { config: parseConfig(JSON.parse(JSON.stringify(config)), "config.json"), weights: [weights] };
    const model = await loadModel(files, (head) => WasmDecoder.create(head));
    const { image } = training.heldOut[0] as { image: Float32Array };
    const prepared = await model.prepare({ size: 32, origin: [0, 0], values: image, constant: false });
    expect(prepared.prior?.mean).toHaveLength(2);
    // z = prior mean + 1σ on both axes; without z any z gives the same
    const ours = await training.network.sample(image, 32, [Float32Array.of(1, 1)], latent);
    const { mean, logSigma } = prepared.prior as NonNullable<typeof prepared.prior>;
    const z = mean.map((value, k) => value + Math.exp(logSigma[k] as number));
    const { samples } = await model.draw(prepared, { kind: "z", draws: [{ z }] } as never, { samples: true });
    const theirs = samples?.probabilities as Float32Array;
    expect(Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))))).toBeLessThan(1e-4);
    model.dispose();
  });
});
