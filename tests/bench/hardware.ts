import * as tf from "@tensorflow/tfjs-core";
import { drawMany } from "../../src/core/draws.ts";
import type { Decoded, Want } from "../../src/core/encoding.ts";
import { PlainDecoder } from "../../src/core/plain-decoder.ts";
import { normals } from "../../src/core/random.ts";
import { requestAdapter } from "../../src/engine/adapter.ts";
import { tfjsBackends } from "../../src/engine/tfjs-backends.ts";
import { WebGpuDecoder } from "../../src/gpu/decode.ts";
import { openDevice } from "../../src/gpu/device.ts";
import { loadNetwork, type Network } from "../../src/model/network.ts";
import { openOnOwnDriver } from "../support/dawn.ts";
import { combOf, drawsOf, pictureOf } from "./comb-case.ts";
import { naiveDecoder } from "./naive.ts";
import type { Model } from "./node.ts";
import { takeTurns } from "./rounds.ts";
import { type Found, furthest, type Row } from "./rows.ts";

const SIZE = 128;
const AGREE = 1e-4;
/** Clocks of an idle GPU are low: it needs more warming than a CPU. */
const WARM_UPS = 10;
const BOTH: Want = { samples: true, statistics: true };
const CASES: readonly (readonly [Row["what"], number, Want])[] = [
  ["decode", 1, { samples: true }],
  ["decode + statistics", 16, BOTH],
  ["decode + statistics", 100, { statistics: true }],
  ["decode + statistics", 100, BOTH],
];

/**
 * The machine's own GPU, through Dawn in Node, each time until the numbers are in JavaScript's hands: encode and decode
 * of the models at full size, and the naive path beside the first one's comb.
 * @throws where the machine has no GPU, with the reason
 */
export async function benchHardware(models: readonly Model[], rounds: number): Promise<Found> {
  if ((await openOnOwnDriver()) === null) throw new Error("no driver gives Dawn an adapter");
  await requestAdapter(false);
  const adapter = (await tfjsBackends()[0]?.start())?.detail as string;
  const rows: Row[] = [];
  for (const { config, weights } of models) {
    const network = await loadNetwork({ config, weights: [weights] });
    for (const row of await timesOf(network, rounds)) {
      rows.push({ ...row, note: [row.note, config.name, adapter].filter(Boolean).join(", ") });
    }
    network.dispose();
  }
  return { rows, ratios: { "hardware.decode16/naive": { value: await againstNaive(models[0] as Model, rounds) } } };
}

async function timesOf(network: Network, rounds: number): Promise<Row[]> {
  const image = normals(3, [1], SIZE * SIZE).map((value) => Math.min(1, Math.abs(value) / 3));
  const encoding = await network.encode(image, SIZE);
  const [encode] = await takeTurns([{ name: "encode", run: () => network.encode(image, SIZE) }], rounds, WARM_UPS);
  const measured = { where: "node", backend: "webgpu", system: "graderspace", size: SIZE, rounds } as const;
  const rows: Row[] = [{ ...measured, what: "encode", count: 0, milliseconds: encode as number }];

  const decoder = new WebGpuDecoder(network.head, await openDevice(await requestAdapter(false)));
  const plain = new PlainDecoder(network.head);
  decoder.open(encoding);
  plain.open(encoding);
  for (const [what, count, want] of CASES) {
    const draws = drawMany(encoding.prior, network.head, encoding, { seed: 0, count });
    // a hundred draws take the twin seconds, and are the same code
    const off =
      count > 16 ? 0 : furthest(mapOf(await decoder.decode(draws, want)), mapOf(await plain.decode(draws, want)));
    if (!(off < AGREE)) throw new Error(`the GPU and the plain twin differ by ${off} in ${what}`);
    const [time] = await takeTurns([{ name: what, run: () => decoder.decode(draws, want) }], rounds, WARM_UPS);
    const note = { note: want.samples ? "samples too" : "statistics only" };
    rows.push({ ...measured, what, count, milliseconds: time as number, ...(want.statistics && note) });
  }
  decoder.dispose();
  return rows;
}

async function againstNaive({ config, weights }: Model, rounds: number): Promise<number> {
  const comb = combOf(config, weights);
  const { features, encoding } = pictureOf(comb, SIZE);
  const naive = naiveDecoder(comb, features, SIZE);
  const ours = new WebGpuDecoder(comb.head, await openDevice(await requestAdapter(false)));
  ours.open(encoding);
  const draws = drawsOf(comb, 16);
  const [a, b] = (await takeTurns(
    [
      { name: "ours", run: () => ours.decode(draws, BOTH) },
      { name: "naive", run: () => naive.decode(draws) },
    ],
    rounds,
    WARM_UPS,
  )) as [number, number];
  naive.dispose();
  ours.dispose();
  tf.disposeVariables();
  return a / b;
}

function mapOf({ statistics, samples }: Decoded): Float32Array {
  return (statistics?.variance ?? samples?.probabilities) as Float32Array;
}
