import type { Decoder, Draw, Encoding, HeadWeights } from "../../src/core/network/encoding.ts";
import type { Model, Prepared } from "../../src/core/network/model.ts";
import { withDecoder } from "../../src/core/network/with-decoder.ts";
import { normals } from "../../src/core/random/random.ts";
import { Caller } from "../../src/engine/calls/calls.ts";
import { createRemoteDecoder } from "../../src/engine/decoder/remote-decoder.ts";
import { serveDecoder } from "../../src/engine/decoder/serve-decoder.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { type Comb, drawsOf, pictureOf } from "./comb-case.ts";
import { takeTurns } from "./rounds.ts";
import { type Found, furthest, type Ratio } from "./rows.ts";

/** Slices of a stack, and what all of them may cost at most in units of as many decodes of one slice. */
export const SLICES = 24;
const AT_MOST = 1.2;

/** A head that is linear in z, with an envelope, as the default model's is, and made-up maps of it. */
const LINEAR: HeadWeights = { latent: 10, channels: 1, comb: null, fieldSpacings: [16, 8, 4], fieldScale: 3 };

function linearPicture(size: number, seed: number): Encoding {
  const map = (stream: number, channels: number) => normals(seed, [stream], size * size * channels);
  const prior = { mean: new Float32Array(10), logSigma: new Float32Array(10) };
  const maps = { base: map(1, 1), factor: map(2, 10), amplitude: map(3, 3).map(Math.abs), top: map(4, 1) };
  return { width: size, height: size, channels: 1, ...maps, prior };
}

/** One z through 24 slices on wasm in Node, over a port as on the page, against 24 decodes of one slice over it. */
export async function benchThrough(comb: Comb, size: number, rounds: number): Promise<Found> {
  const found: Found = { rows: [], ratios: {} };
  const cases = [
    { name: "comb", head: comb.head, picture: () => pictureOf(comb, size).encoding, draws: drawsOf(comb, 1) },
    {
      name: "linear",
      head: LINEAR,
      picture: (k: number) => linearPicture(size, k),
      draws: [{ z: normals(2, [0], LINEAR.latent) }],
    },
  ] as const;
  for (const { name, head, picture, draws } of cases) {
    const { port1, port2 } = new MessageChannel();
    const stop = serveDecoder(port2, (sent: HeadWeights) => WasmDecoder.create(sent));
    const decoder = await createRemoteDecoder(new Caller(port1), head);
    const encodings = Array.from({ length: SLICES }, (_, k) => picture(k));
    const { milliseconds, ratio } = await through(decoder, encodings, draws[0] as Draw, rounds);
    const measured = { where: "node", backend: "wasm", system: "graderspace", size, count: SLICES, rounds } as const;
    found.rows.push({ ...measured, what: "z through slices", milliseconds, note: name });
    found.ratios[`wasm.through${SLICES}/singles ${name}`] = ratio;
    decoder.dispose();
    stop();
    port1.close();
  }
  return found;
}

/** Milliseconds of one draw on all pictures in one go, and that in units of as many decodes of one of them. */
export async function through(
  decoder: Decoder,
  encodings: readonly Encoding[],
  draw: Draw,
  rounds: number,
): Promise<{ milliseconds: number; ratio: Ratio }> {
  const model = withDecoder({ config: {} } as Omit<Model, "draw">, decoder);
  const prepared = encodings.map((encoding) => ({ encoding }) as Prepared);
  const draws = encodings.map(() => draw);
  const all = () => model.drawEach?.(prepared, draws) as Promise<readonly Float32Array[]>;
  const one = (k: number) => model.draw(prepared[k] as Prepared, { kind: "z", draws: [draw] }, { samples: true });
  for (const [k, values] of (await all()).entries()) {
    const alone = (await one(k)).samples?.probabilities ?? [];
    if (!(furthest(values, alone) < 1e-6)) throw new Error(`slice ${k} differs from itself alone`);
  }
  const singles = async () => {
    for (const _ of encodings) await one(0);
  };
  const [together, apart] = (await takeTurns(
    [
      { name: "together", run: all },
      { name: "one by one", run: singles },
    ],
    rounds,
  )) as [number, number];
  return { milliseconds: together, ratio: { value: together / apart, atMost: AT_MOST } };
}
