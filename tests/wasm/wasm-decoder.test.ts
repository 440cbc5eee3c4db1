import { describe, expect, test } from "vitest";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { headCases, madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../support/encodings.ts";

const ALL = { samples: true, statistics: true } as const;

async function bothDecoders(parts: Parts, width: number, height: number, count: number) {
  const head = madeUpHead(parts);
  const encoding = madeUpEncoding(head, parts, width, height);
  const draws = madeUpDraws(head, encoding, count);
  const plain = new PlainDecoder(head);
  const wasm = await WasmDecoder.create(head);
  plain.open(encoding);
  wasm.open(encoding);
  return { head, encoding, draws, plain, wasm };
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] as number) - (b[i] as number)));
  return worst;
}

/** The two largest are decoded in several batches. */
const cases = headCases({
  "a comb of 16 channels": [16, 8, 5],
  "a shift and a gate behind all the other parts": [131, 67, 20],
  "every part but a shift and a gate": [131, 67, 20],
});

describe("the wasm decoder gives what the plain one gives", () => {
  test.each(cases)("for %s", async (_, parts, width, height, count) => {
    const { draws, plain, wasm } = await bothDecoders(parts, width, height, count);
    const want = await plain.decode(draws, ALL);
    const got = await wasm.decode(draws, ALL);
    expect(furthest(got.samples!.probabilities, want.samples!.probabilities)).toBeLessThan(5e-6);
    for (const map of ["mean", "variance", "entropy", "mutualInformation"] as const) {
      expect(furthest(got.statistics![map], want.statistics![map]), map).toBeLessThan(5e-6);
    }
  });

  test("where fields are given to some draws only: the others have none", async () => {
    const { draws, plain, wasm } = await bothDecoders({ comb: false, latent: 1, fieldSpacings: [4] }, 12, 12, 2);
    const mixed = [draws[0]!, { z: draws[1]!.z }];
    const want = await plain.decode(mixed, ALL);
    const got = await wasm.decode(mixed, ALL);
    expect(furthest(got.samples!.probabilities, want.samples!.probabilities)).toBeLessThan(5e-6);
  });

  test("for logits far beyond what single precision can tell from certainty", async () => {
    const head = madeUpHead({ comb: false, latent: 1 });
    const base = Float32Array.from([-1e4, -100, -20, 0, 20, 100, 1e4, 1e30]);
    const prior = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
    const wasm = await WasmDecoder.create(head);
    wasm.open({ width: 8, height: 1, channels: 1, base, prior });
    const { samples, statistics } = await wasm.decode([{ z: new Float32Array(1) }], ALL);
    const expected = Array.from(base, (y) => 1 / (1 + Math.exp(-y)));
    expect(furthest(samples!.probabilities, expected)).toBeLessThan(1e-6);
    expect([...statistics!.entropy].every((h) => h >= 0 && h <= Math.LN2 + 1e-6)).toBe(true);
  });
});

describe("the wasm decoder", () => {
  test("finds no disagreement at all among equal samples", async () => {
    const { draws, wasm } = await bothDecoders({ comb: true, channels: 8, latent: 2 }, 16, 16, 1);
    const { statistics } = await wasm.decode([draws[0]!, draws[0]!, draws[0]!], { statistics: true });
    expect(Math.max(...statistics!.variance)).toBe(0);
    expect(Math.max(...statistics!.mutualInformation)).toBeLessThan(1e-6);
  });

  test("gives the same sample alone and among others, to the bit", async () => {
    const parts: Parts = { comb: true, channels: 6, latent: 3, fieldSpacings: [4], envelope: true };
    const { draws, wasm } = await bothDecoders(parts, 20, 20, 7);
    const all = await wasm.decode(draws, { samples: true });
    const alone = await wasm.decode([draws[4]!], { samples: true });
    expect(all.samples!.probabilities.slice(4 * 400, 5 * 400)).toEqual(alone.samples!.probabilities);
  });

  test("gives bands of rows as they are in the whole, though a shift reads the rows beside them", async () => {
    const parts: Parts = { comb: false, latent: 3, factor: true, fieldSpacings: [4], shift: 2, presence: 2 };
    const { draws, wasm } = await bothDecoders(parts, 20, 24, 5);
    const whole = (await wasm.decode(draws, ALL)).samples!.probabilities;
    for (const [first, last] of [
      [0, 7],
      [7, 17],
      [17, 24],
    ] as const) {
      const band = (await wasm.decode(draws, ALL, undefined, { first, last })).samples!.probabilities;
      const [pixels, all] = [(last - first) * 20, 24 * 20];
      for (let n = 0; n < 5; n++) {
        expect(band.slice(n * pixels, (n + 1) * pixels)).toEqual(
          whole.slice(n * all + first * 20, n * all + last * 20),
        );
      }
    }
  });

  test("shuts no gate on the next draws", async () => {
    const { draws, wasm } = await bothDecoders({ comb: false, latent: 1, factor: true, presence: 0 }, 8, 8, 1);
    const { z } = draws[0]!;
    const open = (await wasm.decode([{ z, u: 9 }], { samples: true })).samples!.probabilities;
    const shut = (await wasm.decode([{ z, u: -9 }], { samples: true })).samples!.probabilities;
    expect([...shut].every((p) => p === 0)).toBe(true);
    expect((await wasm.decode([{ z, u: 9 }], { samples: true })).samples!.probabilities).toEqual(open);
  });

  test("leaves out what is not wanted", async () => {
    const { draws, wasm } = await bothDecoders({ comb: false, latent: 1, factor: true }, 8, 8, 2);
    expect((await wasm.decode(draws, { samples: true })).statistics).toBeUndefined();
    expect((await wasm.decode(draws, { statistics: true })).samples).toBeUndefined();
  });

  test("holds the same memory after 1,000 moves of z as after the first", async () => {
    const { draws, wasm } = await bothDecoders({ comb: true, channels: 16, latent: 6 }, 64, 64, 1);
    await wasm.decode(draws, ALL);
    const settled = wasm.bytes;
    for (let move = 0; move < 1000; move++) await wasm.decode(draws, { samples: true });
    expect(wasm.bytes).toBe(settled);
  });

  test("decodes the picture that was open when it was asked, though another one is opened meanwhile", async () => {
    const { head, draws, wasm } = await bothDecoders({ comb: false, latent: 1 }, 8, 8, 1);
    const first = wasm.decode(draws, { samples: true });
    const before = (await wasm.decode(draws, { samples: true })).samples!.probabilities;
    wasm.open(madeUpEncoding(head, { comb: false, latent: 1 }, 4, 4, 9));
    const second = wasm.decode(draws, { samples: true });
    expect((await first).samples!.probabilities).toEqual(before);
    expect((await second).samples!.width).toBe(4);
  });

  test("refuses to decode before a picture is opened, and without a z", async () => {
    const head = madeUpHead({ comb: false, latent: 1 });
    const wasm = await WasmDecoder.create(head);
    await expect(wasm.decode([{ z: new Float32Array(1) }], ALL)).rejects.toMatchObject({ tag: "BadArgument" });
    wasm.open(madeUpEncoding(head, { comb: false, latent: 1 }, 4, 4));
    await expect(wasm.decode([], ALL)).rejects.toMatchObject({ tag: "BadArgument" });
  });

  test("stops between two batches when its run is aborted", async () => {
    const { draws, wasm } = await bothDecoders({ comb: true, channels: 16, latent: 2 }, 128, 128, 16);
    const stop = new AbortController();
    const seen: number[] = [];
    const run = wasm.decode(draws, ALL, {
      signal: stop.signal,
      onProgress: (fraction) => {
        seen.push(fraction);
        stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    expect(seen).toEqual([0.25]); // 32 of 128 rows: 2^16 / (16 draws · 128 pixels)
  });

  test("holds pictures up to its budget: the one used longest ago gives up its place, and none moves another", async () => {
    const parts: Parts = { comb: true, channels: 6, latent: 3, factor: true, envelope: true };
    const head = madeUpHead(parts);
    const size = 64 * 64 * (8 + 3 + 1) * 4; // six channels are filled up to eight; three pages of memory
    const wasm = await WasmDecoder.create(head, 3 * size);
    const pictures = [0, 1, 2, 3].map((name) => {
      const encoding = madeUpEncoding(head, parts, 64, 64, 50 + name);
      return { name, encoding, draw: madeUpDraws(head, encoding, 1, name)[0]! };
    });
    const wanted = await new PlainDecoder(head).decodeEach(pictures);
    const ask = async (...names: number[]) => {
      const found = await wasm.decodeEach(names.map((name) => ({ name, draw: pictures[name]!.draw })));
      return found.map((values, i) => values && furthest(values, wanted[names[i]!]!) < 5e-6);
    };
    await wasm.decodeEach(pictures.slice(0, 3));
    expect(await ask(1, 2, 0)).toEqual([true, true, true]);
    const settled = wasm.bytes;
    const [fourth] = await wasm.decodeEach([pictures[3]!]);
    expect(furthest(fourth!, wanted[3]!)).toBeLessThan(5e-6);
    expect(await ask(0, 1, 2, 3)).toEqual([true, null, true, true]);
    expect(wasm.bytes).toBe(settled); // in the place of picture 1
    // one of another size takes all places
    const small = madeUpEncoding(head, parts, 8, 8, 60);
    const [got] = await wasm.decodeEach([{ name: 9, draw: pictures[0]!.draw, encoding: small }]);
    const [want] = await new PlainDecoder(head).decodeEach([{ name: 9, draw: pictures[0]!.draw, encoding: small }]);
    expect(furthest(got!, want!)).toBeLessThan(5e-6);
    expect(await ask(0, 3)).toEqual([null, null]);
  });

  test("gives the memory of what it held back when it is told to forget", async () => {
    const { wasm, encoding, draws } = await bothDecoders({ comb: true, channels: 16, latent: 2 }, 64, 64, 1);
    await wasm.decode(draws, ALL);
    const alone = wasm.bytes;
    const parts = Array.from({ length: 8 }, (_, name) => ({ name, draw: draws[0]!, encoding }));
    await wasm.decodeEach(parts);
    expect(wasm.bytes - alone).toBeGreaterThan(8 * encoding.base.byteLength);
    wasm.forget();
    await wasm.decode(draws, ALL);
    expect(wasm.bytes).toBe(alone);
  });

  test("says so where the memory cannot be had", async () => {
    const { wasm, draws, encoding } = await bothDecoders({ comb: false, latent: 1 }, 1, 1, 1);
    const many = Array.from({ length: 1 }, () => draws[0]!);
    // 2^17 × 2^17 pixels are 64 GiB of base alone: the maps are asked for before they are read
    wasm.open({ ...encoding, width: 2 ** 17, height: 2 ** 17 });
    await expect(wasm.decode(many, ALL)).rejects.toMatchObject({ tag: "OutOfMemory" });
  });
});
