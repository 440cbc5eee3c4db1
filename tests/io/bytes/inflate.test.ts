import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inflateAll, inflateHead, inflateInto, inflateUpTo } from "../../../src/io/bytes/inflate.ts";

const plain = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);
const PACKED = [
  ["gzip", new Uint8Array(gzipSync(plain))],
  ["deflate", new Uint8Array(deflateSync(plain))],
  ["deflate-raw", new Uint8Array(deflateRawSync(plain))],
] as const;

afterEach(() => vi.unstubAllGlobals());

describe.each(["the platform's inflater", "our own"])("by %s", (which) => {
  const choose = () => which === "our own" && vi.stubGlobal("DecompressionStream", undefined);

  it.each(PACKED)("%s comes back whole", async (compression, bytes) => {
    choose();
    expect(await inflateAll(bytes, compression, plain.length, "a")).toEqual(plain);
    expect(await inflateAll(bytes, compression, plain.length, "a", plain.length)).toEqual(plain);
  });

  it.each(PACKED)("%s gives its first bytes and no more, and how many there are", async (compression, bytes) => {
    choose();
    const first = await inflateUpTo(bytes, compression, 70_001, "a");
    expect(first).toEqual({ bytes: plain.subarray(0, 70_001), length: plain.length });
    expect((await inflateUpTo(bytes, compression, 300_000, "a")).bytes).toEqual(plain);
  });

  it("the checksum behind a zlib stream counts", async () => {
    choose();
    const wrong = Buffer.from(deflateSync(plain));
    wrong[wrong.length - 2] = (wrong[wrong.length - 2] as number) ^ 1;
    await expect(inflateAll(wrong, "deflate", plain.length, "a")).rejects.toMatchObject({ tag: "DamagedFile" });
  });

  it("gzip's checksum and length count, of every member and however little is wanted", async () => {
    choose();
    const [member] = PACKED.flatMap(([kind, bytes]) => (kind === "gzip" ? [Buffer.from(bytes)] : [])) as [Buffer];
    const two = Buffer.concat([member, member]);
    expect((await inflateAll(two, "gzip", 1e6, "a")).length).toBe(2 * plain.length);
    for (const at of [member.length - 8, member.length - 1, two.length - 5]) {
      const wrong = Buffer.from(two);
      wrong[at] = (wrong[at] as number) ^ 1;
      await expect(inflateUpTo(wrong, "gzip", 10, "a")).rejects.toMatchObject({ tag: "DamagedFile" });
    }
  });

  it.each(PACKED)(
    "%s past its limit, unlike its declared size, broken or cut is refused",
    async (compression, bytes) => {
      choose();
      await expect(inflateAll(bytes, compression, plain.length - 1, "a")).rejects.toMatchObject({ tag: "TooLarge" });
      await expect(inflateAll(bytes, compression, 1e6, "a", plain.length + 1)).rejects.toThrow(
        "200001 bytes it declares",
      );
      await expect(inflateAll(bytes, compression, 1e6, "a", plain.length - 1)).rejects.toThrow(
        "199999 bytes it declares",
      );
      // fflate takes the end of a cut gzip for the end of a member.
      if (which === "our own" && compression === "gzip") return;
      const cut = bytes.subarray(0, bytes.length - 30);
      await expect(inflateAll(cut, compression, 1e6, "a")).rejects.toThrow("broken or cut short");
    },
  );

  it("a sink that has enough is given no more", async () => {
    choose();
    let calls = 0;
    await inflateInto(PACKED[0][1], "gzip", () => ++calls < 1, "a");
    expect(calls).toBe(1);
  });
});

it("gzip of several members in a row is one stream", async () => {
  const two = Uint8Array.from([...gzipSync(Uint8Array.of(1, 2)), ...gzipSync(Uint8Array.of(3))]);
  expect([...(await inflateAll(two, "gzip", 10, "a"))]).toEqual([1, 2, 3]);
});

it.each(PACKED)("the head of %s is had from a stream that breaks later", (compression, bytes) => {
  expect(inflateHead(bytes.subarray(0, 3000), compression, 100)).toEqual(plain.subarray(0, 100));
  expect(inflateHead(Uint8Array.of(1, 2, 3), compression, 100)).toHaveLength(0);
});
