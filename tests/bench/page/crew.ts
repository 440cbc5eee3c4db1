import type { ModelConfig } from "../../../src/core/config/model-config.ts";
import type { Model } from "../../../src/core/network/model.ts";
import { chooseSamples } from "../../../src/core/random/choices.ts";
import { createPageEngine, type PageEngine } from "../../../src/engine/page-engine.ts";
import { QueuedModel } from "../../../src/state/models/model.ts";
import { madeUpCrop, madeUpSlice } from "../comb-case.ts";
import { timeTurns } from "../rounds.ts";
import { furthest } from "../rows.ts";

export interface SentModel {
  readonly config: ModelConfig;
  /** Base64, one per file. */
  readonly weights: readonly string[];
}

/** Milliseconds of every round: of one look with one sample on one worker, and of the whole work on one and on two. */
export interface CrewTimes {
  /** Whether each sample is a pass; else the work is a map of a whole slice, and nothing is plain. */
  readonly passes: boolean;
  readonly plain: readonly number[];
  readonly one: readonly number[];
  readonly two: readonly number[];
}

const COUNT = 16;
const SIZE = 128;
const SIDE = 512;

/** Pictures shown so far. */
let pictures = 0;

interface Side {
  readonly engine: PageEngine;
  readonly model: Model;
}

/**
 * The page's engine with one model worker and with two, in turns: 16 samples of a system that makes each by a pass, as the
 * page asks for them, or the map of a whole slice. @throws where two give other numbers than one
 */
export async function timeCrew(
  { config, weights }: SentModel,
  rounds: number,
  wasmUrls: Readonly<Record<string, string>>,
): Promise<CrewTimes> {
  const files = { config, weights: weights.map(bytesOf) };
  const sides = await Promise.all(
    [1, 2].map(async (modelWorkers): Promise<Side> => {
      const engine = createPageEngine({ wasmUrls, forced: "wasm", modelWorkers, threads: 1 });
      return { engine, model: await engine.load(files) };
    }),
  );
  const [one, two] = sides as [Side, Side];
  const passes = one.model.decode === null;
  const work = (side: Side, picture?: number) => (passes ? samples(side, COUNT, picture) : map(side));
  try {
    // the second worker is there: it is made for who has many crops
    for (let k = 0; k < 3; k++) await Promise.all([0, 1].map(() => two.model.crew?.prepare(madeUpCrop(SIZE))));
    const [alone, shared] = [await work(one, 0), await work(two, 0)];
    if (furthest(alone, shared) !== 0) throw new Error(`${config.name}: two workers give other numbers than one`);
    const plain = async () => {
      if (passes) await samples(one, 1);
    };
    const times = await timeTurns(
      [
        { name: "plain", run: plain },
        { name: "one", run: () => work(one) },
        { name: "two", run: () => work(two) },
      ],
      rounds,
      2,
    );
    return { passes, plain: times[0] as number[], one: times[1] as number[], two: times[2] as number[] };
  } finally {
    for (const { engine, model } of sides) {
      model.dispose();
      engine.dispose();
    }
  }
}

/** Of a picture that it has not seen, unless told which: an ensemble keeps what its members said of the last one. */
async function samples({ model }: Side, count = COUNT, picture = ++pictures): Promise<Float32Array> {
  const crop = madeUpCrop(SIZE);
  crop.values[0] = picture / 2 ** 12;
  const prepared = await model.prepare(crop);
  const size = { width: SIZE, height: SIZE };
  const choices = chooseSamples(model, prepared.prior, size, { seed: 0, count });
  const { samples } = await new QueuedModel(model).draw(prepared, choices, { samples: true }, "soon");
  return samples?.probabilities as Float32Array;
}

async function map({ engine, model }: Side): Promise<Float32Array> {
  if (!model.decode) throw new Error(`${model.config.name} has no light half`);
  const input = { head: model.decode, slice: madeUpSlice(SIDE), seed: 0, count: COUNT };
  return (await engine.wholeSlice(model, input)).variance;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
