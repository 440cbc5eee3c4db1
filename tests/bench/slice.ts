import { drawMany } from "../../src/core/random/draws.ts";
import { LocalStitcher, mapWholeSlice } from "../../src/engine/whole-slice.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { PLANE_SIDE } from "../../src/state/explore/latent/plane.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { madeUpCrop, madeUpSlice } from "./comb-case.ts";
import type { Model } from "./node.ts";
import { takeTurns } from "./rounds.ts";
import type { Row } from "./rows.ts";

const SIDE = 512;
const SAMPLES = 16;
/** Masks that the plane asks for at once, at most. */
const BATCH = 64;

/** Node, wasm, one thread, started before: the map of a whole slice, and all masks of the latent plane. */
export async function benchSlice({ config, weights }: Model, rounds: number): Promise<Row[]> {
  const model = await loadModel({ config, weights: [weights] });
  const { decode: head } = model;
  if (!head) throw new Error(`${config.name} has no light half`);
  const input = { head, slice: madeUpSlice(SIDE), seed: 0, count: SAMPLES };
  const decoder = await WasmDecoder.create(head);
  const { encoding } = await model.prepare(madeUpCrop(128));
  if (!encoding) throw new Error(`${config.name} has no encoding`);
  decoder.open(encoding);
  const masks = PLANE_SIDE ** 2;
  const draws = drawMany(encoding.prior, { ...head, fieldSpacings: [] }, encoding, { seed: 0, count: masks });
  const plane = async () => {
    for (let k = 0; k < masks; k += BATCH) await decoder.decode(draws.slice(k, k + BATCH), { samples: true });
  };
  const [whole, all] = await takeTurns(
    [
      {
        name: "whole slice",
        run: async () => mapWholeSlice(model, new LocalStitcher(await WasmDecoder.create(head)), input),
      },
      { name: "plane", run: plane },
    ],
    rounds,
    1,
  );
  model.dispose();
  decoder.dispose();
  const row = { where: "node", backend: "wasm", system: "graderspace", rounds, note: config.name } as const;
  return [
    { ...row, what: "whole slice", size: SIDE, count: SAMPLES, milliseconds: whole as number },
    { ...row, what: "plane", size: encoding.width, count: masks, milliseconds: all as number },
  ];
}
