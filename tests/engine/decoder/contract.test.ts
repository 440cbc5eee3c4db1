import { describe, expect, test } from "vitest";
import type { Decoder, HeadWeights } from "../../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";
import { Caller } from "../../../src/engine/calls/calls.ts";
import { serveDecoder } from "../../../src/engine/calls/serve.ts";
import { createRemoteDecoder } from "../../../src/engine/decoder/remote-decoder.ts";
import { WasmDecoder } from "../../../src/wasm/wasm-decoder.ts";
import { madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../../support/encodings.ts";

const PARTS: Parts = { comb: true, channels: 6, latent: 3, factor: true, fieldSpacings: [4], envelope: true };
const ALL = { samples: true, statistics: true } as const;

const makers: [string, (head: HeadWeights) => Promise<Decoder>][] = [
  ["the wasm decoder", (head) => WasmDecoder.create(head)],
  [
    "the wasm decoder over a port",
    (head) => {
      const { port1, port2 } = new MessageChannel();
      serveDecoder(port2, (sent: HeadWeights) => WasmDecoder.create(sent));
      return createRemoteDecoder(new Caller(port1), head, undefined, () => {
        port1.close();
        port2.close();
      });
    },
  ],
];

describe.each(makers)("%s", (_, make) => {
  const head = madeUpHead(PARTS);
  const encoding = madeUpEncoding(head, PARTS, 24, 20);
  const draws = madeUpDraws(head, encoding, 4);

  test("gives what the plain decoder gives", async () => {
    const decoder = await make(head);
    const plain = new PlainDecoder(head);
    await expect(decoder.decode(draws, ALL)).rejects.toMatchObject({ tag: "BadArgument" });
    plain.open(encoding);
    decoder.open(encoding);
    const want = await plain.decode(draws, ALL);
    const got = await decoder.decode(draws, ALL);
    const close = (a: Float32Array, b: Float32Array) =>
      a.every((value, i) => Math.abs(value - (b[i] as number)) < 1e-5);
    expect(close(got.samples!.probabilities, want.samples!.probabilities)).toBe(true);
    expect(close(got.statistics!.mutualInformation, want.statistics!.mutualInformation)).toBe(true);
    decoder.dispose();
  });

  test("leaves the encoding and the draws with the caller", async () => {
    const decoder = await make(head);
    decoder.open(encoding);
    await decoder.decode(draws, ALL);
    decoder.open(encoding);
    await decoder.decode(draws, ALL);
    expect(encoding.base.length).toBe(24 * 20 * 6);
    expect(draws[0]?.z.length).toBe(3);
    decoder.dispose();
  });

  test("ends an aborted run as Aborted and goes on", async () => {
    const decoder = await make(head);
    decoder.open(encoding);
    const stop = new AbortController();
    const run = decoder.decode(draws, ALL, { signal: stop.signal });
    stop.abort();
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    expect((await decoder.decode(draws, { samples: true })).samples?.count).toBe(4);
    decoder.dispose();
  });
});
