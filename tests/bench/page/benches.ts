import * as tf from "@tensorflow/tfjs-core";
import type { ModelConfig } from "../../../src/core/config/model-config.ts";
import type { Decoder } from "../../../src/core/network/encoding.ts";
import type { BackendName } from "../../../src/core/network/model.ts";
import { DEFAULT_TRAINING } from "../../../src/core/training/settings.ts";
import { adapterName, requestAdapter } from "../../../src/engine/backends/adapter.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { WebGpuDecoder } from "../../../src/gpu/decode.ts";
import { openDevice } from "../../../src/gpu/device.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import { WasmDecoder } from "../../../src/wasm/wasm-decoder.ts";
import { type Comb, combOf, drawsOf, madeUpCrop, pictureOf } from "../comb-case.ts";
import { naiveDecoder } from "../naive.ts";
import { takeTurns } from "../rounds.ts";
import { type Found, furthest, type Row } from "../rows.ts";
import { benchTraining } from "../training.ts";

export interface PageModel {
  readonly config: ModelConfig;
  /** Base64: numbers reach the page as text. */
  readonly weights: string;
}

/** What the bench asks of the page, backend by backend; each leaves that backend current. */
export function benches(wasmUrls: Readonly<Record<string, string>>) {
  const start = async (name: BackendName) => (await tfjsBackends({ forced: name, wasmUrls })[0]?.start())?.detail;
  let theirs: tf.KernelConfig | undefined;
  return {
    async webgpu({ config, weights }: PageModel, size: number, rounds: number, quick: boolean): Promise<Found> {
      const detail = await start("webgpu");
      const comb = combOf(config, bytesOf(weights));
      const ours = new WebGpuDecoder(comb.head, await openDevice(await requestAdapter(true)));
      const found = await decode("webgpu", ours, comb, size, rounds, quick, detail);
      if (!quick) found.rows.push(await encode("webgpu", config, weights, size, 1, detail));
      return found;
    },
    async wasm({ config, weights }: PageModel, size: number, rounds: number): Promise<Found> {
      const detail = await start("wasm");
      const comb = combOf(config, bytesOf(weights));
      const found = await decode("wasm", await WasmDecoder.create(comb.head), comb, size, rounds, false, detail);
      found.rows.push(await encode("wasm", config, weights, size, rounds, detail));
      return found;
    },
    async cpu({ config, weights }: PageModel, size: number): Promise<Found> {
      await start("cpu");
      const comb = combOf(config, bytesOf(weights));
      const { features } = pictureOf(comb, size);
      const naive = naiveDecoder(comb, features, size);
      const draws = drawsOf(comb, 1);
      const [once] = await takeTurns([{ name: "naive", run: () => naive.decode(draws) }], 1, 0);
      naive.dispose();
      const row = { where: "chromium", backend: "cpu", size, rounds: 1 } as const;
      const decoded = { ...row, system: "tfjs naive", what: "decode", count: 1, milliseconds: once as number } as const;
      return { rows: [decoded, await encode("cpu", config, weights, size, 1)], ratios: {} };
    },
    /** A step of training beside its forward pass, and beside a step with tfjs's own gradient of filters. */
    async training(rounds: number): Promise<Found> {
      theirs ??= await filterGradientOfTfjs();
      await start("webgpu");
      const found: Found = { rows: [], ratios: {} };
      const where = { where: "chromium", backend: "webgpu" } as const;
      await benchTraining(where, rounds, found, {
        widths: [8],
        batch: DEFAULT_TRAINING.batch,
        ...(theirs && { theirs }),
      });
      return found;
    },
    adapter: async () => adapterName(await requestAdapter(true)),
  };
}

/** tfjs's own kernel; to be asked for before our own takes its place. */
async function filterGradientOfTfjs(): Promise<tf.KernelConfig | undefined> {
  await import("@tensorflow/tfjs-backend-webgpu");
  return tf.getKernel("Conv2DBackpropFilter", "webgpu");
}

async function decode(
  backend: "webgpu" | "wasm",
  ours: Decoder,
  comb: Comb,
  size: number,
  rounds: number,
  quick: boolean,
  note?: string,
): Promise<Found> {
  const { features, encoding } = pictureOf(comb, size);
  const naive = naiveDecoder(comb, features, size);
  ours.open(encoding);
  const all = { samples: true, statistics: true };
  const draws = drawsOf(comb, 16);
  const mine = (await ours.decode(draws, all)).samples?.probabilities as Float32Array;
  const off = furthest(mine, await naive.decode(draws));
  if (!(off < 1e-4)) throw new Error(`on ${backend} the naive path and ours differ by ${off}`);
  const [a, b] = (await takeTurns(
    [
      { name: "ours", run: () => ours.decode(draws, all) },
      { name: "naive", run: () => naive.decode(draws) },
    ],
    rounds,
    1,
  )) as [number, number];
  const row = { where: "chromium", backend, size, rounds, ...(note && { note }) } as const;
  const rows: Row[] = [
    { ...row, system: "graderspace", what: "decode + statistics", count: 16, milliseconds: a },
    { ...row, system: "tfjs naive", what: "decode", count: 16, milliseconds: b },
  ];
  for (const count of quick ? [] : [1, 100]) {
    const some = drawsOf(comb, count);
    const [time] = await takeTurns([{ name: "ours", run: () => ours.decode(some, all) }], rounds, 1);
    rows.push({ ...row, system: "graderspace", what: "decode + statistics", count, milliseconds: time as number });
  }
  naive.dispose();
  ours.dispose();
  return { rows, ratios: { [`${backend}.decode16/naive`]: { value: a / b } } };
}

async function encode(
  backend: BackendName,
  config: ModelConfig,
  weights: string,
  size: number,
  rounds: number,
  note?: string,
): Promise<Row> {
  const model = await loadModel({ config, weights: [bytesOf(weights)] });
  const crop = madeUpCrop(size);
  const warmUps = backend === "cpu" ? 0 : 1;
  const [time] = await takeTurns([{ name: "ours", run: () => model.prepare(crop) }], rounds, warmUps);
  model.dispose();
  tf.disposeVariables();
  const row = { where: "chromium", backend, system: "graderspace", what: "encode", size, count: 0, rounds } as const;
  return { ...row, milliseconds: time as number, ...(note && { note }) };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
