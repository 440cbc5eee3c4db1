import { describe, expect, test } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Decoded, Decoder, Encoding, HeadWeights, NamedDraw } from "../../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";
import { Caller } from "../../../src/engine/calls/calls.ts";
import { pausing } from "../../../src/engine/calls/next-turn.ts";
import { PooledDecoder, type RowDecoder } from "../../../src/engine/decoder/pooled-decoder.ts";
import { createRemoteDecoder } from "../../../src/engine/decoder/remote-decoder.ts";
import { serveDecoder } from "../../../src/engine/decoder/serve-decoder.ts";
import { createSteadyDecoder } from "../../../src/engine/decoder/steady-decoder.ts";
import { WebGpuDecoder } from "../../../src/gpu/decode.ts";
import { openDevice } from "../../../src/gpu/device.ts";
import { WasmDecoder } from "../../../src/wasm/wasm-decoder.ts";
import { dawn } from "../../support/dawn.ts";
import { madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../../support/encodings.ts";

// What every decoder does, alone and put together: one suite over all of them.
const PARTS: Parts = { comb: true, channels: 6, latent: 3, factor: true, fieldSpacings: [4], envelope: true };
const ALL = { samples: true, statistics: true } as const;
const gpu = await dawn();

function overPort(head: HeadWeights): Promise<RowDecoder> {
  const { port1, port2 } = new MessageChannel();
  serveDecoder(port2, (sent: HeadWeights) => WasmDecoder.create(sent));
  return createRemoteDecoder(new Caller(port1), head, undefined, () => {
    port1.close();
    port2.close();
  });
}

/** A steady decoder whose device is lost in the first of every four decodes. */
function unsteady(head: HeadWeights): Promise<Decoder> {
  let decodes = 0;
  const make = async (): Promise<RowDecoder> => {
    const decoder = await WasmDecoder.create(head);
    return {
      kind: "wasm",
      open: (encoding) => decoder.open(encoding),
      decode: async (...asked) => {
        if (decodes++ % 4 === 0) throw new GraderspaceError("DeviceLost", { problem: "the device is gone" });
        return decoder.decode(...asked);
      },
      decodeEach: async (...asked) => {
        if (decodes++ % 4 === 0) throw new GraderspaceError("DeviceLost", { problem: "the device is gone" });
        return decoder.decodeEach(...asked);
      },
      forget: () => decoder.forget(),
      dispose: () => decoder.dispose(),
    };
  };
  return createSteadyDecoder([{ kind: "wasm", make }], head);
}

/** `width`: so that a pool finds the picture worth sharing. */
const makers: { name: string; width: number; make(head: HeadWeights): Promise<Decoder> }[] = [
  { name: "the plain decoder", width: 24, make: async (head) => new PlainDecoder(head) },
  { name: "the wasm decoder", width: 24, make: (head) => WasmDecoder.create(head) },
  { name: "the wasm decoder over a port", width: 24, make: overPort },
  { name: "a steady decoder whose devices are lost", width: 24, make: unsteady },
  {
    name: "a pool of decoders",
    width: 7000,
    make: async (head) => new PooledDecoder(await overPort(head), () => Promise.all([overPort(head), overPort(head)])),
  },
];
if (gpu) {
  const make = async (head: HeadWeights) => {
    const adapter = (await gpu.requestAdapter()) as GPUAdapter;
    return new WebGpuDecoder(head, await openDevice(adapter));
  };
  makers.push({ name: "the WebGPU decoder", width: 24, make });
}

const close = (a?: Float32Array, b?: Float32Array) =>
  a !== undefined && a.length === b?.length && a.every((value, i) => Math.abs(value - (b[i] as number)) < 1e-4);

/** One draw on each, as an owner asks for it: what is not held is given. */
async function each(decoder: Decoder, parts: readonly Required<NamedDraw>[]): Promise<(Float32Array | null)[]> {
  const found = await decoder.decodeEach(parts.map(({ name, draw }) => ({ name, draw })));
  const missing = parts.filter((_, k) => found[k] === null);
  if (missing.length === 0) return found;
  const given = (await decoder.decodeEach(missing)).values();
  return found.map((values) => values ?? given.next().value ?? null);
}

describe.each(makers)("$name", ({ make, width }) => {
  const head = madeUpHead(PARTS);
  const a = madeUpEncoding(head, PARTS, width, 20, 2);
  const b = madeUpEncoding(head, PARTS, width, 20, 77);
  const smaller = madeUpEncoding(head, PARTS, width - 4, 16, 78);
  const draws = madeUpDraws(head, a, 4);

  const twins = new Map<typeof a, Promise<Decoded>>();
  function twin(encoding: typeof a): Promise<Decoded> {
    const plain = new PlainDecoder(head);
    plain.open(encoding);
    const known = twins.get(encoding) ?? plain.decode(madeUpDraws(head, encoding, 4), ALL);
    twins.set(encoding, known);
    return known;
  }

  test("gives what the plain decoder gives: of one picture, of the next, of a smaller one, and of the first again", async () => {
    const decoder = await make(head);
    for (const encoding of [a, b, smaller, a]) {
      decoder.open(encoding);
      const got = await decoder.decode(madeUpDraws(head, encoding, 4), ALL);
      const want = await twin(encoding);
      expect(close(got.samples?.probabilities, want.samples?.probabilities)).toBe(true);
      expect(close(got.statistics?.mutualInformation, want.statistics?.mutualInformation)).toBe(true);
    }
    decoder.dispose();
  });

  test("decodes the picture that was open when it was asked", async () => {
    const decoder = await make(head);
    decoder.open(a);
    const first = decoder.decode(draws, ALL);
    decoder.open(b);
    const second = decoder.decode(draws, ALL);
    expect(close((await first).samples?.probabilities, (await twin(a)).samples?.probabilities)).toBe(true);
    const ofB = (await twin(b)).samples?.probabilities;
    expect(close((await second).samples?.probabilities, ofB)).toBe(true);
    expect(close((await decoder.decode(draws, ALL)).samples?.probabilities, ofB)).toBe(true);
    decoder.dispose();
  });

  test("gives one draw on each of many pictures, each given once: two, then a third beside them, then the first again", async () => {
    const decoder = await make(head);
    decoder.open(b);
    const third = madeUpEncoding(head, PARTS, width, 20, 79);
    const pictures: readonly Encoding[] = [a, b, third];
    // sample k of picture k
    const parts = await Promise.all(
      pictures.map(async (encoding, k) => {
        const draw = madeUpDraws(head, encoding, 4)[k] as (typeof draws)[number];
        const want = (await twin(encoding)).samples?.probabilities.slice(k * width * 20, (k + 1) * width * 20);
        return { name: k + 5, draw, encoding, want };
      }),
    );
    for (const which of [[0, 1], [0, 1, 2], [0], [2, 0]]) {
      const asked = which.map((k) => parts[k] as (typeof parts)[number]);
      const got = await each(decoder, asked);
      expect(got.map((values, i) => close(values ?? undefined, asked[i]?.want))).toEqual(which.map(() => true));
    }
    // and the picture that is open is what it was
    const open = await decoder.decode(draws, ALL);
    expect(close(open.samples?.probabilities, (await twin(b)).samples?.probabilities)).toBe(true);
    decoder.dispose();
  });

  test("has nothing of a picture that it was not given, nor of one that it was told to forget", async () => {
    const decoder = await make(head);
    const draw = draws[0] as (typeof draws)[number];
    expect(await decoder.decodeEach([{ name: 1, draw }])).toEqual([null]);
    const [held, other] = await decoder.decodeEach([
      { name: 1, draw, encoding: a },
      { name: 2, draw },
    ]);
    expect([held?.length, other]).toEqual([width * 20, null]);
    decoder.forget();
    expect(await decoder.decodeEach([{ name: 1, draw }])).toEqual([null]);
    decoder.dispose();
  });

  test("refuses to decode before a picture was opened", async () => {
    const decoder = await make(head);
    await expect(decoder.decode(draws, ALL)).rejects.toMatchObject({ tag: "BadArgument" });
    decoder.dispose();
  });

  test("leaves the encoding and the draws with the caller", async () => {
    const decoder = await make(head);
    decoder.open(a);
    await decoder.decode(draws, ALL);
    expect(a.base.length).toBe(width * 20 * 6);
    expect(draws[0]?.z.length).toBe(3);
    decoder.dispose();
  });

  test("ends an aborted run as Aborted and goes on", async () => {
    const decoder = await make(head);
    decoder.open(a);
    const stop = new AbortController();
    const run = decoder.decode(draws, ALL, { signal: stop.signal, pause: pausing() });
    stop.abort();
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    expect((await decoder.decode(draws, { samples: true })).samples?.count).toBe(4);
    const parts = draws.map((draw, name) => ({ name, draw, encoding: a }));
    await expect(decoder.decodeEach(parts, { signal: stop.signal })).rejects.toMatchObject({ tag: "Aborted" });
    expect((await each(decoder, parts)).map((values) => values?.length)).toEqual([1, 1, 1, 1].map(() => width * 20));
    decoder.dispose();
  });
});
