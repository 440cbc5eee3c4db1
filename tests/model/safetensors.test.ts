import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halfToSingle, readSafetensors, verifyHash } from "../../src/model/safetensors.ts";

/** A file of one tensor `w`, its entry as given, and of others. */
function file(entry: object, numbers: Uint8Array, others: object = {}): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ w: entry, ...others, __metadata__: { format: "pt" } }));
  const bytes = new Uint8Array(8 + header.length + numbers.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(numbers, 8 + header.length);
  return bytes;
}

const tagOf = (bytes: Uint8Array): string => {
  try {
    readSafetensors(bytes, "w.safetensors");
    return "none";
  } catch (error) {
    return (error as { tag: string }).tag;
  }
};

// 0x3c00 = 1, 0xc000 = −2, little-endian.
const twoHalves = new Uint8Array([0x00, 0x3c, 0x00, 0xc0]);
const good = file({ dtype: "F16", shape: [1, 2], data_offsets: [0, 4] }, twoHalves);

describe("readSafetensors", () => {
  it("reads halves into singles, with their shape", () => {
    const tensor = readSafetensors(good, "w.safetensors").get("w");
    expect(tensor).toEqual({ shape: [1, 2], dtype: "f16", values: new Float32Array([1, -2]) });
  });

  it("reads bytes with a scale for each channel: 1 · ½, −127 · ½ and 2 · 3, 100 · 3", () => {
    const numbers = new Uint8Array([1, 129, 2, 100, ...new Uint8Array(new Float32Array([0.5, 3]).buffer)]);
    const entry = { dtype: "I8", shape: [2, 2], data_offsets: [0, 4] };
    const scale = { dtype: "F32", shape: [2], data_offsets: [4, 12] };
    const found = readSafetensors(file(entry, numbers, { "w.scale": scale }), "w.safetensors");
    expect([...found]).toEqual([["w", { shape: [2, 2], dtype: "i8", values: new Float32Array([0.5, -63.5, 6, 300]) }]]);
    expect(tagOf(file(entry, numbers.subarray(0, 4)))).toBe("DamagedFile"); // no scales
    const one = { dtype: "F32", shape: [1], data_offsets: [4, 8] };
    expect(tagOf(file(entry, numbers.subarray(0, 8), { "w.scale": one }))).toBe("DamagedFile"); // two channels, one scale
  });

  it("refuses numbers that belong to no tensor, and two tensors in one place", () => {
    const one = (behind: number) =>
      file({ dtype: "F16", shape: [2], data_offsets: [0, 4] }, new Uint8Array(4 + behind));
    expect([tagOf(one(0)), tagOf(one(2))]).toEqual(["none", "DamagedFile"]);
    const header = (offsets: number[]) =>
      new TextEncoder().encode(
        JSON.stringify({
          a: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
          b: { dtype: "F16", shape: [2], data_offsets: offsets },
        }),
      );
    const two = (...offsets: number[]) => {
      const text = header(offsets);
      const size = new Uint8Array(8);
      size[0] = text.length;
      return tagOf(Uint8Array.from([...size, ...text, ...new Uint8Array(8)]));
    };
    expect([two(4, 8), two(2, 6), two(0, 4)]).toEqual(["none", "DamagedFile", "DamagedFile"]);
  });

  it("takes tensors without a number wherever their place is given, in any order", () => {
    const at = (shape: number[], ...offsets: number[]) => ({ dtype: "F16", shape, data_offsets: offsets });
    const entries = { a: at([2], 0, 4), b: at([0], 0, 0), c: at([0], 8, 8), d: at([2], 4, 8) };
    const text = new TextEncoder().encode(JSON.stringify(entries));
    const bytes = new Uint8Array(8 + text.length + 8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    expect([...readSafetensors(bytes, "w").values()].map(({ values }) => values.length)).toEqual([2, 0, 0, 2]);
  });

  it("reads singles wherever the header happens to end", () => {
    const bytes = file(
      { dtype: "F32", shape: [1], data_offsets: [0, 4] },
      new Uint8Array(new Float32Array([0.1]).buffer),
    );
    expect(readSafetensors(bytes, "f").get("w")?.values).toEqual(new Float32Array([0.1]));
  });

  it("takes the metadata for no tensor", () => {
    expect([...readSafetensors(good, "f").keys()]).toEqual(["w"]);
  });

  it("names a wrong type of number", () => {
    expect(tagOf(file({ dtype: "I64", shape: [1], data_offsets: [0, 8] }, new Uint8Array(8)))).toBe("ModelWrongDtype");
  });

  it("names a shape that its bytes do not fill", () => {
    expect(tagOf(file({ dtype: "F16", shape: [3], data_offsets: [0, 4] }, twoHalves))).toBe("ModelWrongShape");
  });

  it("says after how many bytes a cut file ends", () => {
    expect(() => readSafetensors(good.subarray(0, good.length - 1), "w.safetensors")).toThrow(
      `w.safetensors: it ends after ${good.length - 1} of ${good.length} bytes; download the model again.`,
    );
    for (const few of [0, 7]) {
      const ends = `w.safetensors: it ends after ${few} of 8 bytes; download the model again.`;
      expect(() => readSafetensors(good.subarray(0, few), "w.safetensors")).toThrow(ends);
    }
  });

  it("refuses a number that is not finite", () => {
    // 0x7c00 is infinity.
    const infinite = file({ dtype: "F16", shape: [1], data_offsets: [0, 2] }, new Uint8Array([0x00, 0x7c]));
    expect(tagOf(infinite)).toBe("DamagedFile");
  });

  it("refuses a file of another kind", () => {
    expect(tagOf(new TextEncoder().encode("\x89PNG\r\n\x1a\n and so on"))).toBe("DamagedFile");
  });

  it("answers every cut with an error of the closed set", () => {
    for (let length = 0; length < good.length; length++) expect(tagOf(good.subarray(0, length))).toBe("ModelTruncated");
  });

  it("answers any flipped byte with a value or a tagged error", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = good.slice();
        bytes[at] = (bytes[at] as number) ^ flip;
        expect(tagOf(bytes)).toBeDefined();
      }),
    );
  });
});

describe("halfToSingle", () => {
  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x0001, 2 ** -24], // the smallest subnormal
    [0x0400, 2 ** -14], // the smallest normal
    [0x3555, 1365 / 4096], // about a third: (1 + 341/1024)·2⁻²
    [0x7bff, 65504], // the largest
    [0xfc00, Number.NEGATIVE_INFINITY],
  ])("reads %i as IEEE 754 says", (half, value) => {
    expect(halfToSingle(half)).toBe(value);
  });
});

describe("verifyHash", () => {
  // sha256 of the three letters, FIPS 180-2 appendix B.1
  const abc = new TextEncoder().encode("abc");
  const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  it("passes a file whose hash is the config's", async () => {
    await verifyHash(abc, { file: "w", sha256, bytes: 3 });
  });

  it("names a file whose bytes were changed", async () => {
    const changed = verifyHash(new TextEncoder().encode("abd"), { file: "w", sha256, bytes: 3 });
    // sha256 of "abd" begins a52d159f
    const message = "w: its sha256 begins a52d159f, config.json says ba7816bf; download the model again.";
    await expect(changed).rejects.toMatchObject({ tag: "ModelHashDiffers", message });
  });

  it("calls a short file truncated, before its hash", async () => {
    const short = verifyHash(abc.subarray(0, 2), { file: "w", sha256, bytes: 3 });
    await expect(short).rejects.toMatchObject({ tag: "ModelTruncated", message: expect.stringContaining("2 of 3") });
  });
});
