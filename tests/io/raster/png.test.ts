import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../../src/io/raster/png.ts";
import { drawnIn, maskPicture, type Raster, rasterSlice } from "../../../src/io/raster/raster.ts";
import { python, runTool, temporaryFolder } from "../../support/tools.ts";
import { pngOf } from "../hostile/seed-files.ts";

const rows = (...lines: number[][]) => lines.map((line) => Uint8Array.from(line));
const grey = (file: Uint8Array) => [...rasterSlice(decodePng(file, "a.png"), "a.png").values];

describe("PNG", () => {
  it("keeps all 16 bits", () => {
    // 0x0102 = 258, 0xffff = 65535
    expect(grey(pngOf(2, 1, 16, 0, rows([1, 2, 255, 255])))).toEqual([258, 65_535]);
  });

  it("reads 8, 4, 2 and 1 bit per pixel", () => {
    expect(grey(pngOf(3, 1, 8, 0, rows([0, 128, 255])))).toEqual([0, 128, 255]);
    expect(grey(pngOf(3, 1, 4, 0, rows([0x1f, 0x20])))).toEqual([1, 15, 2]);
    expect(grey(pngOf(5, 1, 2, 0, rows([0b00011011, 0b11000000])))).toEqual([0, 1, 2, 3, 3]);
    expect(grey(pngOf(9, 1, 1, 0, rows([0b10000001, 0b10000000])))).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 1]);
  });

  it("takes equal colours for grey, and refuses others", () => {
    expect(grey(pngOf(2, 1, 8, 2, rows([7, 7, 7, 9, 9, 9])))).toEqual([7, 9]);
    expect(() => grey(pngOf(1, 1, 8, 2, rows([7, 8, 7])))).toThrow(/a colour picture/);
  });

  it("looks a palette up for a picture, and takes its index for a mask", () => {
    const palette = Uint8Array.of(10, 10, 10, 200, 200, 200);
    const file = decodePng(pngOf(3, 1, 8, 3, rows([0, 1, 0]), palette), "a.png");
    expect([...rasterSlice(file, "a.png").values]).toEqual([10, 200, 10]);
    expect([...drawnIn(file).bits]).toEqual([0, 1, 0]);
  });

  it("takes any value but 0 for drawn, unless it is transparent", () => {
    expect([...drawnIn(decodePng(pngOf(3, 1, 8, 0, rows([0, 1, 255])), "m")).bits]).toEqual([0, 1, 1]);
    // Grey and alpha.
    expect([...drawnIn(decodePng(pngOf(2, 1, 8, 4, rows([255, 0, 255, 255])), "m")).bits]).toEqual([0, 1]);
  });

  it("tells a mask from a picture by its two values", () => {
    const isMask = (raster: Raster) => maskPicture({ name: "m", format: "png", raster }) !== null;
    expect(isMask(decodePng(pngOf(3, 1, 8, 0, rows([0, 255, 0])), "m"))).toBe(true);
    expect(isMask(decodePng(pngOf(3, 1, 8, 0, rows([0, 255, 9])), "m"))).toBe(false);
    expect(isMask(decodePng(pngOf(2, 1, 8, 0, rows([3, 3])), "m"))).toBe(false);
  });

  it("never takes dots per inch for millimetres", async () => {
    expect(rasterSlice(decodePng(pngOf(1, 1, 8, 0, rows([1])), "a.png"), "a.png").spacingMm).toBeNull();
  });

  it("refuses what is cut, altered or too large, with the reason", () => {
    const sound = pngOf(3, 2, 8, 0, rows([1, 2, 3], [4, 5, 6]));
    expect(() => decodePng(sound.subarray(0, sound.length - 30), "a.png")).toThrow(/a.png: it is cut short/);
    const altered = Uint8Array.from(sound);
    altered[Buffer.from(sound).indexOf("IDAT") + 8]! ^= 16;
    expect(() => decodePng(altered, "a.png")).toThrow(/broken|checksum/);
    expect(() => decodePng(pngOf(3, 3, 8, 0, rows([1, 2, 3])), "a.png")).toThrow(/cut short/);
    expect(() => decodePng(pngOf(100_000, 1, 8, 0, rows([1])), "a.png")).toThrow(/up to/);
  });
});

const pillow = python(["PIL", "numpy"]);
const folder = temporaryFolder();

describe.skipIf(!pillow)("against Pillow", () => {
  it("filtered and interlaced pictures of each kind", () => {
    const program = `
import sys, json, numpy
from PIL import Image
rng = numpy.random.default_rng(2)
out = []
base = (numpy.add.outer(numpy.arange(33) * 5, numpy.arange(37) * 2) + rng.integers(0, 9, (33, 37))) % 256
for name, image in {
    "grey": Image.fromarray(base.astype("u1")), "wide": Image.fromarray((base * 200).astype("u2")),
    "bits": Image.fromarray(base > 100), "rgb": Image.fromarray(numpy.stack([base] * 3, -1).astype("u1")),
    "alpha": Image.fromarray(numpy.stack([base, base * 0 + 255], -1).astype("u1"), "LA"),
}.items():
    path = f"{sys.argv[1]}/{name}.png"
    image.save(path)
    a = numpy.asarray(Image.open(path)).astype("i8")
    out.append([path, (a[..., 0] if a.ndim == 3 else a).ravel().tolist()])
print(json.dumps(out))`;
    const files = JSON.parse(runTool(pillow as string, ["-c", program, folder]).toString()) as [string, number[]][];
    expect(files.length).toBe(5);
    for (const [path, expected] of files) {
      expect(grey(new Uint8Array(readFileSync(join(path)))), path).toEqual(expected);
    }
  });
});
