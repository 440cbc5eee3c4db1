import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import * as ort from "onnxruntime-web";
import type { ModelConfig } from "../../src/core/config/model-config.ts";
import type { Decoder } from "../../src/core/network/encoding.ts";
import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import type { Budget } from "./budget.ts";
import { type Comb, drawsOf, madeUpCrop, pictureOf } from "./comb-case.ts";
import { naiveDecoder } from "./naive.ts";
import { takeTurns } from "./rounds.ts";
import { type Found, furthest, type Row } from "./rows.ts";
import { benchTraining } from "./training.ts";

const SIZE = 128;
const AGREE = 1e-4;
/** The graph is what costs time; but where the numbers differ, the reader is told. */
const STALE = "same graph, exported from other weights";

export interface Model {
  readonly folder: string;
  readonly config: ModelConfig;
  readonly weights: Uint8Array;
}

/** Node, wasm, one thread: ours against the naive path on tfjs and against onnxruntime-web on the same graphs. */
export async function benchNode(
  model: Model,
  comb: Comb,
  rounds: number,
  quick: boolean,
  budget: Budget,
): Promise<Found> {
  await tfjsBackends({ forced: "wasm" })[0]?.start();
  ort.env.wasm.numThreads = 1;
  const found: Found = { rows: [], ratios: {} };
  await decode(model, comb, rounds, quick, found, budget);
  await encode(model, rounds, found);
  await benchTraining({ where: "node", backend: "wasm" }, rounds, found);
  return found;
}

async function decode(
  model: Model,
  comb: Comb,
  rounds: number,
  quick: boolean,
  { rows, ratios }: Found,
  budget: Budget,
): Promise<void> {
  const { features, encoding } = pictureOf(comb, SIZE);
  const ours = await WasmDecoder.create(comb.head);
  ours.open(encoding);
  const naive = naiveDecoder(comb, features, SIZE);
  const onnx = await onnxDecoder(model, comb, features);
  const row = (system: Row["system"], what: Row["what"], count: number, milliseconds: number, note?: string): void => {
    const measured = { where: "node", backend: "wasm", size: SIZE, rounds } as const;
    rows.push({ ...measured, system, what, count, milliseconds, ...(note && { note }) });
  };

  for (const count of quick ? [16] : [1, 16]) {
    const draws = drawsOf(comb, count);
    const mine = (await ours.decode(draws, { samples: true })).samples?.probabilities as Float32Array;
    const off = furthest(mine, await naive.decode(draws));
    if (!(off < AGREE)) throw new Error(`the naive path and ours differ by ${off}`);
    const same = !onnx || furthest(mine, sigmoids(await onnx.decode(count))) < AGREE;
    const [a, b, c] = await takeTurns(
      [
        { name: "ours", run: () => ours.decode(draws, { samples: true }) },
        { name: "naive", run: () => naive.decode(draws) },
        ...(onnx ? [{ name: "onnxruntime", run: () => onnx.decode(count) }] : []),
      ],
      rounds,
    );
    row("graderspace", "decode", count, a as number);
    row("tfjs naive", "decode", count, b as number);
    if (c !== undefined) row("onnxruntime-web", "decode", count, c, same ? "logits only" : STALE);
    if (count !== 16) continue;
    ratios["wasm.decode16/naive"] = { value: (a as number) / (b as number) };
    ratios["wasm.decode16/onnxruntime"] =
      c === undefined ? { value: null, reason: "comb.onnx is not there" } : { value: (a as number) / c };
  }

  const [few, many, one] = await statistics(ours, comb, rounds);
  row("graderspace", "decode + statistics", 1, one);
  row("graderspace", "decode + statistics", 16, few);
  row("graderspace", "decode + statistics", 100, many);
  ratios["wasm.decode100/decode16"] = { value: many / few };
  if (!quick && budget.allows("naive 100", 60_000)) {
    const draws = drawsOf(comb, 100);
    const [slow] = await takeTurns([{ name: "naive", run: () => naive.decode(draws) }], 3, 1);
    row("tfjs naive", "decode", 100, slow as number, "3 rounds");
  }
  naive.dispose();
  ours.dispose();
}

async function statistics(ours: Decoder, comb: Comb, rounds: number): Promise<[number, number, number]> {
  const run = (count: number) => {
    const draws = drawsOf(comb, count);
    return { name: String(count), run: () => ours.decode(draws, { samples: true, statistics: true }) };
  };
  return (await takeTurns([run(16), run(100), run(1)], rounds)) as [number, number, number];
}

async function encode({ folder, config, weights }: Model, rounds: number, { rows, ratios }: Found): Promise<void> {
  const model = await loadModel({ config, weights: [weights] });
  const crop = madeUpCrop(SIZE);
  const graph = readIfThere(`${folder}/bench/encode.onnx`);
  const session = graph && (await ort.InferenceSession.create(graph));
  const tensor = new ort.Tensor("float32", crop.values, [1, 1, SIZE, SIZE]);
  const { prior } = await model.prepare(crop);
  const other = (await session?.run({ image: tensor }))?.["prior_mean"]?.data as Float32Array | undefined;
  const note = other && !(furthest(prior?.mean ?? new Float32Array(0), other) < 1e-3) ? { note: STALE } : {};
  const [a, b] = await takeTurns(
    [
      { name: "ours", run: () => model.prepare(crop) },
      ...(session ? [{ name: "onnxruntime", run: () => session.run({ image: tensor }) }] : []),
    ],
    rounds,
  );
  const row = { where: "node", backend: "wasm", what: "encode", size: SIZE, count: 0, rounds } as const;
  rows.push({ ...row, system: "graderspace", milliseconds: a as number });
  if (b !== undefined) rows.push({ ...row, system: "onnxruntime-web", milliseconds: b, ...note });
  ratios["wasm.encode/onnxruntime"] =
    b === undefined ? { value: null, reason: "encode.onnx is not there" } : { value: (a as number) / b };
  model.dispose();
  tf.disposeVariables();
}

async function onnxDecoder({ folder }: Model, comb: Comb, features: Float32Array) {
  const graph = readIfThere(`${folder}/bench/comb.onnx`);
  if (graph === null) return null;
  const session = await ort.InferenceSession.create(graph);
  const { channels } = comb;
  const turned = features.map((_, at) => {
    const [c, pixel] = [Math.floor(at / (SIZE * SIZE)), at % (SIZE * SIZE)];
    return features[pixel * channels + c] as number;
  });
  const image = new ort.Tensor("float32", turned, [1, channels, SIZE, SIZE]);
  return {
    async decode(count: number): Promise<Float32Array> {
      const z = Float32Array.from(drawsOf(comb, count).flatMap((draw) => [...draw.z]));
      const { logits } = await session.run({ features: image, z: new ort.Tensor("float32", z, [count, comb.latent]) });
      return logits?.data as Float32Array;
    },
  };
}

function sigmoids(logits: Float32Array): Float32Array {
  return logits.map((y) => 1 / (1 + Math.exp(-y)));
}

function readIfThere(file: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    return null;
  }
}
