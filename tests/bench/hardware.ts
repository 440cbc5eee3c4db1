import * as tf from "@tensorflow/tfjs-core";
import type { Decoded, Draw, Want } from "../../src/core/network/encoding.ts";
import type { Model as Loaded } from "../../src/core/network/model.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { drawMany } from "../../src/core/random/draws.ts";
import { adapterName, requestAdapter } from "../../src/engine/backends/adapter.ts";
import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { WebGpuDecoder } from "../../src/gpu/decode.ts";
import { openDevice } from "../../src/gpu/device.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { openOnOwnDriver } from "../support/dawn.ts";
import { combOf, drawsOf, madeUpCrop, pictureOf } from "./comb-case.ts";
import { naiveDecoder } from "./naive.ts";
import type { Model } from "./node.ts";
import { takeTurns } from "./rounds.ts";
import { type Found, furthest, type Ratio, type Row } from "./rows.ts";
import { SLICES, through } from "./through.ts";

const AGREE = 1e-4;
/** Rounds that do not count: clocks of an idle GPU are low, so it needs more warming than a CPU. */
const HARDWARE: Setting = { size: 128, warmUps: 10, software: false };
/** A hundred draws take the plain twin seconds, and are the same code. */
const MOST_FOR_TWIN = 16;
const BOTH: Want = { samples: true, statistics: true };
const CASES: readonly (readonly [Row["what"], number, Want])[] = [
  ["decode", 1, { samples: true }],
  ["decode + statistics", 16, BOTH],
  ["decode + statistics", 100, { statistics: true }],
  ["decode + statistics", 100, BOTH],
];

export interface Setting {
  readonly size: number;
  readonly warmUps: number;
  /** Whether a driver that computes on the CPU will do. */
  readonly software: boolean;
}

/**
 * The machine's own GPU, through Dawn in Node, each time until the numbers are in JavaScript's hands: encode and decode
 * of the models at full size, and the naive path beside the first one's comb.
 * @throws where the machine has no GPU, with the reason
 */
export async function benchHardware(models: readonly Model[], rounds: number, setting = HARDWARE): Promise<Found> {
  if ((await openOnOwnDriver()) === null) throw new Error("no driver gives Dawn an adapter");
  const adapter = adapterName(await requestAdapter(setting.software));
  await tfjsBackends(setting.software ? { forced: "webgpu" } : {})[0]?.start();
  const rows: Row[] = [];
  const ratios: Found["ratios"] = {};
  for (const { config, weights } of models) {
    const model = await loadModel({ config, weights: [weights] });
    const times = await timesOf(model, rounds, setting);
    for (const row of times.rows) {
      rows.push({ ...row, note: [row.note, config.name, adapter].filter(Boolean).join(", ") });
    }
    ratios[`hardware.through/singles ${config.name}`] = times.ratio;
    model.dispose();
  }
  const naive = { value: await againstNaive(models[0] as Model, rounds, setting) };
  return { rows, ratios: { ...ratios, "hardware.decode16/naive": naive } };
}

async function timesOf(
  model: Loaded,
  rounds: number,
  { size, warmUps, software }: Setting,
): Promise<{ rows: Row[]; ratio: Ratio }> {
  const crop = madeUpCrop(size);
  const { encoding } = await model.prepare(crop);
  const { decode: head } = model;
  if (!encoding || !head) throw new Error(`${model.config.name} has no encoding to decode`);
  const [encode] = await takeTurns([{ name: "encode", run: () => model.prepare(crop) }], rounds, warmUps);
  const measured = { where: "node", backend: "webgpu", system: "graderspace", size, rounds } as const;
  const rows: Row[] = [{ ...measured, what: "encode", count: 0, milliseconds: encode as number }];

  const decoder = new WebGpuDecoder(head, await openDevice(await requestAdapter(software)));
  const plain = new PlainDecoder(head);
  decoder.open(encoding);
  plain.open(encoding);
  for (const [what, count, want] of CASES) {
    const draws = drawMany(encoding.prior, head, encoding, { seed: 0, count });
    if (count <= MOST_FOR_TWIN) {
      agree("the plain twin", mapOf(await decoder.decode(draws, want)), mapOf(await plain.decode(draws, want)));
    }
    const [time] = await takeTurns([{ name: what, run: () => decoder.decode(draws, want) }], rounds, warmUps);
    const note = { note: want.samples ? "samples too" : "statistics only" };
    rows.push({ ...measured, what, count, milliseconds: time as number, ...(want.statistics && note) });
  }
  // maps are the same, pictures are not: each is held for itself
  const slices = Array.from({ length: SLICES }, () => ({ ...encoding }));
  const [draw] = drawMany(encoding.prior, { ...head, fieldSpacings: [] }, encoding, { seed: 0, count: 1 });
  const { milliseconds, ratio } = await through(decoder, slices, draw as Draw, rounds);
  rows.push({ ...measured, what: "z through slices", count: SLICES, milliseconds });
  decoder.dispose();
  return { rows, ratio };
}

async function againstNaive(
  { config, weights }: Model,
  rounds: number,
  { size, warmUps, software }: Setting,
): Promise<number> {
  const comb = combOf(config, weights);
  const { features, encoding } = pictureOf(comb, size);
  const naive = naiveDecoder(comb, features, size);
  const ours = new WebGpuDecoder(comb.head, await openDevice(await requestAdapter(software)));
  ours.open(encoding);
  const draws = drawsOf(comb, 16);
  const mine = await ours.decode(draws, { samples: true });
  agree("the naive path", mapOf(mine), await naive.decode(draws));
  const [a, b] = (await takeTurns(
    [
      { name: "ours", run: () => ours.decode(draws, BOTH) },
      { name: "naive", run: () => naive.decode(draws) },
    ],
    rounds,
    warmUps,
  )) as [number, number];
  naive.dispose();
  ours.dispose();
  tf.disposeVariables();
  return a / b;
}

function agree(other: string, mine: Float32Array, theirs: Float32Array): void {
  const off = furthest(mine, theirs);
  if (!(off < AGREE)) throw new Error(`${other} and the GPU differ by ${off}`);
}

function mapOf({ statistics, samples }: Decoded): Float32Array {
  return (statistics?.variance ?? samples?.probabilities) as Float32Array;
}
