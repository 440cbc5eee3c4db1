import { describe, expect, it } from "vitest";
import { lesionsOf } from "../../../src/core/lesion/cohort/lesion-slices.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import type { OpenedCase } from "../../../src/io/pack/pack.ts";
import { PACK_INDEX, parsePackIndex, readPack } from "../../../src/io/pack/pack.ts";
import { packLesionRows } from "../../../src/io/pack/pack-lesion-rows.ts";
import { packLesions, whyNoLesions } from "../../../src/io/pack/pack-lesions.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { ballLesions } from "../../support/ball-lesions.ts";
import { openPicture } from "../../support/open-picture.ts";
import { disc, tinyCases } from "../../support/tiny-pack.ts";

function packOf(cases: readonly OpenedCase[]) {
  const files = Object.entries(writePack("t", "", cases));
  return readPack(
    files.map(([name, bytes]) => ({ name, size: bytes.length, read: async () => bytes })),
    "t.zip",
    openPicture,
  );
}

describe("cases that are slices of lesions", () => {
  it("keep lesion and place through a pack, and are told by patient, series and nodule", async () => {
    const pack = await packOf(ballLesions());
    expect((await pack.open(1)).lesion).toEqual({ series: "1", nodule: "0", zMm: 98 });
    const { lesions, leftOut, sameZ } = lesionsOf(packLesionRows(pack));
    expect(lesions.map(({ series, rows, draw }) => [series, rows.length, draw])).toEqual([
      ["1", 5, 7],
      ["2", 4, 12],
      ["3", 3, 16],
      ["4", 5, 20],
    ]);
    expect([leftOut.one_slice, sameZ]).toEqual([1, 1]);
  });

  it("without a patient count as a patient by their series; without a lesion they are none", async () => {
    const [one, two] = ballLesions() as [OpenedCase, OpenedCase];
    const { patient: _nobody, ...anonymous } = one;
    const { lesion: _none, ...slice } = two;
    const pack = await packOf([anonymous, slice]);
    expect(packLesionRows(pack)).toMatchObject([{ row: 0, patient: "1", draw: 7, zMm: 96 }]);
    expect(whyNoLesions(pack)).toBeNull();
    expect(whyNoLesions(await packOf(tinyCases()))?.remedy).toContain("npm run cases -- crops.npz --lesions");
  });

  it("are read within their region, a slot per reader's name; who is not listed or marked a point has no reading", async () => {
    const [one] = tinyCases() as [OpenedCase];
    const lesion = { series: "s", nodule: "0", zMm: 0 };
    const mask = disc(160, 3, 80, 5); // left of the region, which begins at column 16
    const first = { ...one, lesion, graders: [{ name: "A", mask }, one.graders[1]!] };
    const second = { ...one, id: "b", lesion, graders: [{ name: "A", mask: null, points: [[80, 80]] as const }] };
    const source = packLesions(await packOf([first, second]));
    expect((await source.graders(0)).map((found) => found && areaPx(found))).toEqual([
      0,
      areaPx(one.graders[1]!.mask!),
    ]);
    expect(await source.graders(1)).toEqual([null, null]);
    expect((await source.crop(0)).origin).toEqual([16, 16]);
  });
});

describe("a lesion in pack.json that is wrong", () => {
  const refusal = (lesion: unknown) => {
    const index = JSON.parse(new TextDecoder().decode(writePack("t", "", tinyCases())[PACK_INDEX])) as {
      cases: object[];
    };
    index.cases[1] = { ...index.cases[1], lesion };
    return () => parsePackIndex(index, "t.zip");
  };

  it.each([
    [{ series: "s", nodule: "0" }, "its case 2's lesion.zMm is missing"],
    [{ series: "s", nodule: 3, zMm: 0 }, "its case 2's lesion.nodule is 3, not a short text"],
    [{ series: "x".repeat(301), nodule: "0", zMm: 0 }, "its case 2's lesion.series is"],
    ["s", 'its case 2\'s lesion is "s", not an object'],
  ])("%j is refused by name", (lesion, sentence) => {
    expect(refusal(lesion)).toThrow(sentence);
  });
});
