import { afterAll, describe, expect, test, vi } from "vitest";
import type { Decoded } from "../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { WebGpuDecoder } from "../../src/gpu/decode.ts";
import { type Device, openDevice } from "../../src/gpu/device.ts";
import { dawn } from "../support/dawn.ts";
import { headCases, madeUpDraws, madeUpEncoding, madeUpHead, type Parts } from "../support/encodings.ts";

const ALL = { samples: true, statistics: true } as const;
const gpu = await dawn();
const devices: Device[] = [];

async function device(limits?: Partial<Record<keyof GPUSupportedLimits, number>>): Promise<Device> {
  const adapter = (await gpu?.requestAdapter()) as GPUAdapter;
  const opened = await openDevice(adapter);
  devices.push(opened);
  if (!limits) return opened;
  const limited = new Proxy(opened.gpu.limits, {
    get: (real, name) => limits[name as never] ?? Reflect.get(real, name, real),
  });
  const gpuWith = new Proxy(opened.gpu, {
    get: (real, name) => {
      if (name === "limits") return limited;
      const value = Reflect.get(real, name, real);
      return typeof value === "function" ? value.bind(real) : value;
    },
  });
  return { ...opened, gpu: gpuWith };
}

afterAll(() => {
  for (const { gpu } of devices) gpu.destroy();
});

async function scene(parts: Parts, width: number, height: number, count: number, on?: Device) {
  const head = madeUpHead(parts);
  const encoding = madeUpEncoding(head, parts, width, height);
  const draws = madeUpDraws(head, encoding, count);
  const plain = new PlainDecoder(head);
  const decoder = new WebGpuDecoder(head, on ?? (await device()));
  plain.open(encoding);
  decoder.open(encoding);
  return { head, encoding, draws, plain, decoder };
}

function furthest(got: Decoded, want: Decoded): number {
  const maps = (d: Decoded) => [
    d.samples!.probabilities,
    d.statistics!.mean,
    d.statistics!.variance,
    d.statistics!.entropy,
    d.statistics!.mutualInformation,
  ];
  const wanted = maps(want);
  let worst = 0;
  maps(got).forEach((map, k) => {
    expect(map.length).toBe(wanted[k]?.length);
    map.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - (wanted[k]?.[i] as number)));
    });
  });
  return worst;
}

const cases = headCases({
  "a comb of 16 channels": [32, 16, 5],
  "a shift and a gate behind all the other parts": [61, 33, 9],
  "every part but a shift and a gate": [61, 33, 9],
});

describe.skipIf(gpu === null)("the WGSL decode gives what its plain twin gives, within 1e-4,", () => {
  test.each(cases)("for %s", async (_, parts, width, height, count) => {
    const { draws, plain, decoder } = await scene(parts, width, height, count);
    expect(furthest(await decoder.decode(draws, ALL), await plain.decode(draws, ALL))).toBeLessThan(1e-4);
  });

  test("in batches where a tiny limit allows no more than a few rows at once", async () => {
    const parts: Parts = { comb: false, latent: 2, fieldSpacings: [4], envelope: true };
    const on = await device({ maxStorageBufferBindingSize: 70_000 }); // three planes of 64×64 are 49,152 bytes
    const { draws, plain, decoder } = await scene(parts, 64, 64, 2, on);
    const seen: number[] = [];
    const got = await decoder.decode(draws, ALL, { onProgress: (fraction) => seen.push(fraction) });
    expect(furthest(got, await plain.decode(draws, ALL))).toBeLessThan(1e-4);
    expect(seen).toEqual([2916 / 4096, 1]); // floor(70,000 / (4 · (2 samples + 4 statistics))) pixels, then the rest
  });

  test("and the same statistics whether the samples come along or not", async () => {
    const { draws, decoder } = await scene({ comb: false, latent: 3, factor: true }, 19, 11, 5);
    const { statistics } = await decoder.decode(draws, ALL);
    expect(await decoder.decode(draws, { statistics: true })).toEqual({ statistics });
  });

  test("for some draws with fields and some without", async () => {
    const { draws, plain, decoder } = await scene({ comb: false, latent: 1, fieldSpacings: [4] }, 12, 12, 2);
    const mixed = [draws[0]!, { z: draws[1]!.z }];
    expect(furthest(await decoder.decode(mixed, ALL), await plain.decode(mixed, ALL))).toBeLessThan(1e-4);
    const none = [{ z: draws[0]!.z }];
    expect(furthest(await decoder.decode(none, ALL), await plain.decode(none, ALL))).toBeLessThan(1e-4);
  });
});

describe.skipIf(gpu === null)("the WGSL decoder", () => {
  test("finds no disagreement at all among equal samples", async () => {
    const { draws, decoder } = await scene({ comb: true, channels: 8, latent: 2 }, 16, 16, 1);
    const { statistics } = await decoder.decode([draws[0]!, draws[0]!], { statistics: true });
    expect(Math.max(...statistics!.variance)).toBe(0);
    expect(Math.max(...statistics!.mutualInformation)).toBeLessThan(1e-5);
  });

  test("holds the same buffers after 1,000 moves of z as after the first", { tags: ["ci"] }, async () => {
    const { draws, decoder } = await scene({ comb: false, latent: 2, factor: true }, 8, 8, 1);
    await decoder.decode(draws, ALL);
    const settled = decoder.bytes;
    for (let move = 0; move < 1000; move++) await decoder.decode(draws, { samples: true });
    expect(decoder.bytes).toBe(settled);
  });

  test("fetches all that a move wants in one way back, of one picture and of many", async () => {
    const { encoding, draws, decoder } = await scene({ comb: true, channels: 4, latent: 2, factor: true }, 16, 16, 3);
    const ways = vi.spyOn(GPUBuffer.prototype, "mapAsync");
    await decoder.decode(draws, ALL);
    expect(ways).toHaveBeenCalledTimes(1); // three samples and four statistics
    await decoder.decodeEach(draws.map((draw, name) => ({ name, draw, encoding })));
    expect(ways).toHaveBeenCalledTimes(2);
    ways.mockRestore();
  });

  test("decodes the picture that was open when it was asked", async () => {
    const { head, draws, decoder } = await scene({ comb: false, latent: 1 }, 8, 8, 1);
    const first = decoder.decode(draws, { samples: true });
    decoder.open(madeUpEncoding(head, { comb: false, latent: 1 }, 4, 4, 9));
    expect((await first).samples!.width).toBe(8);
    expect((await decoder.decode(draws, { samples: true })).samples!.width).toBe(4);
  });

  test("holds pictures up to its budget, the one used longest ago goes first, and gives back what it forgets", async () => {
    const parts: Parts = { comb: true, channels: 6, latent: 3, factor: true, envelope: true };
    const head = madeUpHead(parts);
    const size = 16 * 16 * (8 + 3 + 1) * 4; // six channels are filled up to eight
    const decoder = new WebGpuDecoder(head, await device(), 2 * size);
    const pictures = [0, 1, 2].map((name) => {
      const encoding = madeUpEncoding(head, parts, 16, 16, 50 + name);
      return { name, encoding, draw: madeUpDraws(head, encoding, 1, name)[0]! };
    });
    const wanted = await new PlainDecoder(head).decodeEach(pictures);
    // the third takes the first one's place while the first one's work is still under way
    const got = await decoder.decodeEach(pictures);
    const off = got.flatMap((values, k) => Array.from(values!, (value, i) => Math.abs(value - wanted[k]![i]!)));
    expect(off).toHaveLength(3 * 256);
    expect(Math.max(...off)).toBeLessThan(1e-4);
    const names = pictures.map(({ name, draw }) => ({ name, draw }));
    expect((await decoder.decodeEach(names)).map((values) => values !== null)).toEqual([false, true, true]);
    const settled = decoder.bytes;
    decoder.forget();
    expect(await decoder.decodeEach(names)).toEqual([null, null, null]);
    expect(decoder.bytes).toBe(settled - 2 * size);
  });

  test("says DeviceLost when its device is destroyed, also to work under way", async () => {
    const on = await device();
    const { draws, decoder } = await scene({ comb: true, channels: 16, latent: 2 }, 64, 64, 8, on);
    const running = decoder.decode(draws, ALL);
    on.gpu.destroy();
    await expect(running).rejects.toMatchObject({ tag: "DeviceLost" });
    await expect(decoder.decode(draws, ALL)).rejects.toMatchObject({ tag: "DeviceLost" });
  });

  test("says OutOfMemory where the picture does not fit into a buffer", async () => {
    const on = await device({ maxStorageBufferBindingSize: 70_000, maxBufferSize: 70_000 });
    const { draws, decoder } = await scene({ comb: false, latent: 2, factor: true }, 128, 64, 1, on); // 98,304 bytes
    await expect(decoder.decode(draws, ALL)).rejects.toMatchObject({ tag: "OutOfMemory" });
  });

  test("refuses to decode before a picture is opened, and a head that is too wide", async () => {
    const head = madeUpHead({ comb: false, latent: 1 });
    const decoder = new WebGpuDecoder(head, await device());
    await expect(decoder.decode([{ z: new Float32Array(1) }], ALL)).rejects.toMatchObject({ tag: "BadArgument" });
    const wide = madeUpHead({ comb: true, channels: 68, latent: 1 });
    const on = await device();
    expect(() => new WebGpuDecoder(wide, on)).toThrow(/68 channels/);
  });
});
