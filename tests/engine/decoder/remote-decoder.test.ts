import { afterEach, expect, test } from "vitest";
import type { HeadWeights, NamedDraw } from "../../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";
import { Caller, type Port } from "../../../src/engine/calls/calls.ts";
import { createRemoteDecoder } from "../../../src/engine/decoder/remote-decoder.ts";
import { serveDecoder } from "../../../src/engine/decoder/serve-decoder.ts";
import { WasmDecoder } from "../../../src/wasm/wasm-decoder.ts";
import { madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../../support/encodings.ts";

const PARTS: Parts = { comb: true, channels: 4, latent: 2 };
const head = madeUpHead(PARTS);
const pictures = [0, 1, 2].map((name) => {
  const encoding = madeUpEncoding(head, PARTS, 8, 8, 20 + name);
  return { name, encoding, draw: madeUpDraws(head, encoding, 1, name)[0] as NamedDraw["draw"] };
});
const names = pictures.map(({ name, draw }) => ({ name, draw }));

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** A port to a decoder of its own, and what it is told, by method. */
function served(): { port: Port; told: string[] } {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveDecoder(port2, (sent: HeadWeights) => WasmDecoder.create(sent));
  const told: string[] = [];
  const port = new Proxy(port1, {
    get: (real, name) => {
      const value = Reflect.get(real, name, real);
      if (name !== "postMessage") return typeof value === "function" ? value.bind(real) : value;
      return (message: { kind: string; method: string }, transfer: Transferable[]) => {
        told.push(message.method);
        real.postMessage(message, transfer);
      };
    },
  });
  return { port, told };
}

test("one z through many pictures is one message there, and one answer", async () => {
  const { port, told } = served();
  const decoder = await createRemoteDecoder(new Caller(port), head);
  await decoder.decodeEach(pictures);
  told.length = 0;
  const found = await decoder.decodeEach(names);
  expect(told).toEqual(["decodeEach"]);
  const wanted = await new PlainDecoder(head).decodeEach(pictures);
  const off = found.map((values, k) => Math.max(...(values ?? [1]).map((value, i) => value - (wanted[k]?.[i] ?? 0))));
  expect(Math.max(...off)).toBeLessThan(1e-5);
});

test("a worker that takes another one's place holds none of its pictures: they are asked for", async () => {
  const caller = new Caller(served().port);
  const decoder = await createRemoteDecoder(caller, head);
  const before = await decoder.decodeEach(pictures);
  caller.reconnect(served().port);
  expect(await decoder.decodeEach(names)).toEqual([null, null, null]);
  expect(await decoder.decodeEach(pictures)).toEqual(before);
});
