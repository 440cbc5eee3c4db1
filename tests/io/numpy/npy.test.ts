import { describe, expect, it } from "vitest";
import type { GraderspaceError } from "../../../src/core/errors.ts";
import { openNpyImage } from "../../../src/io/numpy/npz-image.ts";
import { python, runTool } from "../../support/tools.ts";

function npy(descr: string, shape: string, items: Uint8Array, fortran = "False", version = 1): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`;
  const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from("NUMPY"),
    Buffer.from([version, 0, ...length]),
    Buffer.from(header),
    items,
  ]);
}

const bytes = (numbers: ArrayLike<number> & { buffer: ArrayBufferLike }) => new Uint8Array(numbers.buffer);
const values = async (file: Uint8Array, frame = 0) => [...(await openNpyImage(file, "a.npy").slice(frame)).values];

async function refusal(file: Uint8Array): Promise<string> {
  try {
    await openNpyImage(file, "a.npy").slice(0);
    return "read";
  } catch (error) {
    return `${(error as GraderspaceError).tag}: ${(error as Error).message}`;
  }
}

describe("npy", () => {
  it("reads a picture, and several of them", async () => {
    expect(await values(npy("<i2", "2, 3", bytes(Int16Array.of(-1, 0, 1, 2, 3, 400))))).toEqual([-1, 0, 1, 2, 3, 400]);
    const two = npy("|u1", "2, 1, 3", Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(openNpyImage(two, "a.npy").frames).toBe(2);
    expect(await values(two, 1)).toEqual([4, 5, 6]);
  });

  it("drops sides of 1 before and after", async () => {
    expect(openNpyImage(npy("|u1", "1, 2, 3, 1", new Uint8Array(6)), "a.npy")).toMatchObject({
      frames: 1,
      format: "npy",
    });
  });

  it("reads Fortran order: the first index runs fastest", async () => {
    // [[1, 2, 3], [4, 5, 6]] is stored 1 4 2 5 3 6.
    expect(await values(npy("|u1", "2, 3", Uint8Array.of(1, 4, 2, 5, 3, 6), "True"))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("reads header format 2, truth values and text-like shapes of old numpy", async () => {
    expect(await values(npy("|b1", "1L, 2L", Uint8Array.of(1, 0), "False", 2))).toEqual([1, 0]);
  });

  it("refuses text, objects, colour and what is cut short, each with the reason", async () => {
    expect(await refusal(npy("<U5", "2, 2", new Uint8Array(80)))).toContain("UnsupportedPixels");
    expect(await refusal(npy("|O", "2, 2", new Uint8Array(80)))).toContain("neither numbers nor text");
    expect(await refusal(npy("|u1", "64, 64, 3", new Uint8Array(64 * 64 * 3)))).toContain("colour picture");
    expect(await refusal(npy("|u1", "2, 3", new Uint8Array(5)))).toContain("TruncatedFile");
    expect(await refusal(npy("|u1", "70000, 70000", new Uint8Array(5)))).toContain("TooLarge");
    expect(await refusal(npy("|u1", "0, 3", new Uint8Array(5)))).toContain("DamagedFile");
  });
});

const numpy = python(["numpy"]);

describe.skipIf(!numpy)("against numpy", () => {
  it("every type in both byte orders and both layouts", async () => {
    const program = `
import sys, json, base64, io, numpy
out = []
for kind in ["b1","u1","i1","u2","i2","u4","i4","u8","i8","f2","f4","f8"]:
    for order in "<>":
        for fortran in (False, True):
            a = (numpy.arange(24).reshape(2, 3, 4) - 5).astype(order + kind)
            a = numpy.asfortranarray(a) if fortran else a
            f = io.BytesIO(); numpy.save(f, a)
            out.append([base64.b64encode(f.getvalue()).decode(), a[1].astype("f4").ravel().tolist(), str(a.dtype)])
print(json.dumps(out))`;
    const files = JSON.parse(runTool(numpy as string, ["-c", program]).toString()) as [string, number[], string][];
    expect(files.length).toBe(48);
    for (const [file, expected, type] of files) {
      expect(await values(Buffer.from(file, "base64"), 1), type).toEqual(expected);
    }
  });
});
