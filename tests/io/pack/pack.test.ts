import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { SourceFile } from "../../../src/io/bytes/source-file.ts";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { readNpyHeader } from "../../../src/io/numpy/npy.ts";
import { PACK_INDEX, parsePackIndex, readPack } from "../../../src/io/pack/pack.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { openPicture } from "../../support/open-picture.ts";
import { ballInAir, disc, tinyCases, tinyPack } from "../../support/tiny-pack.ts";

/** As a zip's entries or a folder's files come. */
function filesOf(contents: Readonly<Record<string, Uint8Array>>): SourceFile[] {
  return Object.entries(contents).map(([name, bytes]) => ({ name, size: bytes.length, read: async () => bytes }));
}

function withIndex(json: unknown): SourceFile[] {
  const pack = writePack("t", "", tinyCases());
  return filesOf({ ...pack, [PACK_INDEX]: new TextEncoder().encode(JSON.stringify(json)) });
}

const index = (change: object = {}) => ({
  version: 1,
  title: "t",
  attribution: "a",
  cases: [
    {
      id: "one",
      title: "One",
      slice: "001/slice.npy",
      spacingMm: [0.5, 0.7],
      unit: "HU",
      region: [80, 80],
      graders: [{ name: "Grader 1", mask: null }],
      simulated: true,
      ...change,
    },
  ],
});

async function refusal(run: () => unknown): Promise<GraderspaceError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof GraderspaceError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a case pack", () => {
  it("comes out of its zip as it went in: pictures, masks, nothing-drawn, ratings", async () => {
    const pack = await readPack(openZip(tinyPack(), "tiny.zip"), "tiny.zip", openPicture);
    expect(pack.index.title).toBe("Tiny pack");
    expect(pack.index.attribution).toBe("Made of balls by nobody in particular");
    for (const [k, before] of tinyCases().entries()) {
      const after = await pack.open(k);
      expect(after.graders).toEqual(before.graders);
      expect(after.region).toEqual(before.region);
      expect(after.slice.values).toEqual(before.slice.values);
      expect([after.slice.unit, after.slice.spacingMm, after.simulated]).toEqual(["HU", [0.7, 0.7], false]);
    }
  });

  it("keeps a nodule under 3 mm as a point, which is not nothing", async () => {
    const [one] = tinyCases();
    const graders = [{ name: "Grader 1", mask: null, points: [[81, 79]] as const }];
    const pack = await readPack(filesOf(writePack("t", "", [{ ...one!, graders }])), "p", openPicture);
    expect((await pack.open(0)).graders).toEqual(graders);
  });

  it("is the same bytes from the same cases", () => {
    expect(tinyPack()).toEqual(tinyPack());
  });

  it("writes a slice in the smallest type that holds it exactly", () => {
    const side = 4;
    const slice = ballInAir(side, 2, 2, 1);
    const typeOf = (values: number[]) => {
      const one = { ...tinyCases()[0]!, graders: [], slice: { ...slice, values: Float32Array.from(values) } };
      return readNpyHeader(writePack("t", "", [one])["001/slice.npy"] as Uint8Array, "slice.npy").type;
    };
    expect(typeOf(Array(16).fill(255))).toBe("u1");
    expect(typeOf([...Array(15).fill(0), -1024])).toBe("i2");
    expect(typeOf([...Array(15).fill(0), 0.5])).toBe("f4");
  });

  it("never writes the name of the file that a slice came from", () => {
    const [one] = tinyCases();
    const named = { ...one!, slice: { ...one!.slice, name: "DOE^JANE" } };
    const bytes = Object.values(writePack("t", "", [named])).map((each) => new TextDecoder("latin1").decode(each));
    expect(bytes.join()).not.toContain("DOE");
  });

  it("may say whose slice each is", async () => {
    const [a, b] = tinyCases();
    const files = filesOf(writePack("t", "", [{ ...a!, patient: "7" }, b!]));
    const pack = await readPack(files, "t.zip", openPicture);
    expect(pack.index.cases.map(({ patient }) => patient)).toEqual(["7", undefined]);
    expect((await pack.open(0)).patient).toBe("7");
  });

  it("may lie in a folder", async () => {
    const files = filesOf(writePack("t", "", tinyCases())).map((file) => ({ ...file, name: `cases/${file.name}` }));
    const pack = await readPack(files, "cases", openPicture);
    expect((await pack.open(1)).graders[2]?.mask).toEqual(disc(160, 70, 84, 7));
  });

  it("takes unit and spacing from pack.json, which an npy cannot hold", async () => {
    const pack = await readPack(withIndex(index({ unit: "stored", spacingMm: [0.5, 0.7] })), "p", openPicture);
    const { slice } = await pack.open(0);
    expect([slice.unit, slice.spacingMm]).toEqual(["stored", [0.5, 0.7]]);
  });

  it("takes a mask without a pixel for a grader who drew nothing", async () => {
    const [one] = tinyCases();
    const empty = { name: "Grader 1", mask: { width: 160, height: 160, bits: new Uint8Array(160 * 160) } };
    const pack = await readPack(filesOf(writePack("t", "", [{ ...one!, graders: [empty] }])), "p", openPicture);
    expect((await pack.open(0)).graders).toEqual([{ name: "Grader 1", mask: null }]);
  });
});

describe("a pack that is wrong is refused with its name", () => {
  it.each<[string, unknown]>([
    ["its version is not 1", { ...index(), version: 2 }],
    ["it has no case", { ...index(), cases: [] }],
    ["its list of cases is {}, not a list", { ...index(), cases: {} }],
    ['its case 1\'s region[0] is "a", not a whole number', index({ region: ["a", 1] })],
    ['its case 1\'s unit is "mm", not "HU" or "stored"', index({ unit: "mm" })],
    ["its case 1's slice is no path inside the pack", index({ slice: "../secret.npy" })],
    ["its case 1's slice is no path inside the pack", index({ slice: "https://elsewhere/x.npy" })],
    ["its case 1's slice is no path inside the pack", index({ slice: "/etc/x.npy" })],
    [
      "its case 1's graders[0].mask is no path inside the pack",
      index({ graders: [{ name: "g", mask: "a/../../b.png" }] }),
    ],
    ["its case 1's spacingMm[0] is 0, not between 0.001 and 1000", index({ spacingMm: [0, 0] })],
    [
      'its case 1\'s graders[0].ratings.malignancy is "x", not a number',
      index({ graders: [{ name: "g", mask: null, ratings: { malignancy: "x" } }] }),
    ],
  ])("%s", async (problem, json) => {
    const error = await refusal(() => readPack(withIndex(json), "wrong.zip", openPicture));
    expect(error.tag).toBe("DamagedFile");
    expect(error.message).toContain(`wrong.zip: pack.json: ${problem}`);
  });

  it("has no pack.json", async () => {
    const error = await refusal(() => readPack(filesOf({ "a.npy": new Uint8Array(3) }), "x.zip", openPicture));
    expect(error.message).toBe("x.zip: it has no pack.json; make the pack again or correct it.");
  });

  it("has a pack.json that is no JSON", async () => {
    const broken = new TextEncoder().encode('{"version": 1,');
    const error = await refusal(() => readPack(filesOf({ [PACK_INDEX]: broken }), "x.zip", openPicture));
    expect(error.message).toContain("its pack.json is no JSON object");
  });

  it("names a file that is not in it", async () => {
    const pack = await readPack(withIndex(index({ slice: "009/slice.npy" })), "x.zip", openPicture);
    expect((await refusal(() => pack.open(0))).message).toContain("names 009/slice.npy, which is not in it");
  });

  it("has a mask of another size than its slice", async () => {
    const [one] = tinyCases();
    const grader = { name: "Grader 1", mask: disc(100, 50, 50, 5) };
    const pack = await readPack(filesOf(writePack("t", "", [{ ...one!, graders: [grader] }])), "x.zip", openPicture);
    const error = await refusal(() => pack.open(0));
    expect(error.tag).toBe("GeometryMismatch");
    expect(error.message).toContain("100 × 100 pixels, and its slice 160 × 160");
  });

  it("has a region outside its slice", async () => {
    const pack = await readPack(withIndex(index({ region: [160, 10] })), "x.zip", openPicture);
    expect((await refusal(() => pack.open(0))).message).toContain("the region of case one lies outside its slice");
  });

  it("is asked for a case that it does not have", async () => {
    const pack = await readPack(openZip(tinyPack(), "t.zip"), "t.zip", openPicture);
    expect((await refusal(() => pack.open(2))).message).toBe("t.zip: it has no case 3; open one from 1 to 2.");
  });

  it("is no object at all", async () => {
    expect((await refusal(() => parsePackIndex(null, "x"))).tag).toBe("DamagedFile");
  });
});
