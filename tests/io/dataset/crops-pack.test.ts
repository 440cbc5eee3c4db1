import { describe, expect, it } from "vitest";
import { areaPx } from "../../../src/core/values/slice.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { openFile, openFiles } from "../../../src/io/open/open.ts";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import { pngOf } from "../hostile/seed-files.ts";

const scan = pngOf(
  4,
  6,
  8,
  0,
  Array.from({ length: 6 }, (_, y) => Uint8Array.of(y, 1, 2, 3)),
);
const mask = (count: number) =>
  pngOfMask({ width: 4, height: 6, bits: Uint8Array.from({ length: 24 }, (_, i) => Number(i < count)) });
const crop = (path: string, marked: readonly number[]) => ({
  [`val/images/${path}.png`]: scan,
  ...Object.fromEntries(marked.map((count, l) => [`val/gt/${path}_l${l}.png`, mask(count)])),
});
const files = { ...crop("P2/b", [1, 0, 3, 4]), ...crop("P1/a", [0, 2, 0, 0]) };

describe("a folder of crops as they came with the HPU-Net", () => {
  it("is a pack when it is dropped or zipped: each picture a case, the region in its middle, an empty mask nothing drawn", async () => {
    const dropped = Object.entries(files).map(([name, bytes]) => ({ name: `lidc/${name}`, bytes }));
    for (const opened of [await openFiles(dropped), await openFile({ name: "lidc.zip", bytes: writeZip(files) })]) {
      if (opened.kind !== "pack") throw new Error(opened.kind);
      const { index, open } = opened.pack;
      expect(index.cases.map(({ title, patient, region }) => [title, patient, ...region])).toEqual([
        ["P1 · a", "P1", 2, 3],
        ["P2 · b", "P2", 2, 3],
      ]);
      const { graders, slice } = await open(1);
      expect(graders.map((one) => [one.name, one.mask && areaPx(one.mask)])).toEqual([
        ["Grader 1", 1],
        ["Grader 2", null],
        ["Grader 3", 3],
        ["Grader 4", 4],
      ]);
      expect([slice.width, slice.height, slice.values[4]]).toEqual([4, 6, 1]);
    }
  });

  it("whose pictures are broken says so; one mask a picture, or none, makes no pack", async () => {
    const broken = { ...files, "val/images/P1/a.png": new Uint8Array(9) };
    await expect(openFile({ name: "a.zip", bytes: writeZip(broken) })).rejects.toThrow("P1/a.png: it is no PNG");
    const single = await openFile({ name: "a.zip", bytes: writeZip(crop("P1/a", [2])) });
    expect(single.kind).toBe("image");
  });
});
