import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openSeriesAt, withMarkFiles } from "../../../src/cli/lesion/marked-series.ts";
import { areaPx } from "../../../src/core/values/slice.ts";
import { pngOfMask } from "../../../src/io/raster/png-write.ts";
import { AXIAL, ellipsoidBits, sopUid, writeEllipsoidCt, writeEllipsoidLabels } from "../../support/ellipsoid.ts";
import { english } from "../../support/english.ts";
import { temporaryFolder } from "../../support/tools.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

const SERIES = {
  ...AXIAL,
  width: 40,
  height: 36,
  slices: [0, 1, 2, 3, 4],
  spacingMm: [0.7, 0.6],
  stepMm: 2,
  centre: [20, 18, 2],
} as const;
const [WIDE, NARROW] = [[6, 6, 5] as const, [3, 3, 1] as const];

/** One reader's contour of one picture, the 40 pixels around a square of 9 × 9; the other reader saw nothing. */
function lidcXml(seriesUid: string, imageUid: string, z: number): string {
  const side = Array.from({ length: 10 }, (_, i) => i);
  const edge = [
    ...side.map((i) => [5 + i, 5]),
    ...side.map((i) => [15, 5 + i]),
    ...side.map((i) => [15 - i, 15]),
    ...side.map((i) => [5, 15 - i]),
  ].map(([x, y]) => `<edgeMap><xCoord>${x}</xCoord><yCoord>${y}</yCoord></edgeMap>`);
  const place = `<imageZposition>${z}</imageZposition><imageSOP_UID>${imageUid}</imageSOP_UID>`;
  const roi = `<roi>${place}<inclusion>TRUE</inclusion>${edge.join("")}</roi>`;
  const nodule = `<unblindedReadNodule><noduleID>1</noduleID>${roi}</unblindedReadNodule>`;
  const header = `<ResponseHeader><SeriesInstanceUid>${seriesUid}</SeriesInstanceUid></ResponseHeader>`;
  const sessions = `<readingSession>${nodule}</readingSession><readingSession></readingSession>`;
  return `<?xml version="1.0"?><LidcReadMessage xmlns="http://www.nih.gov">${header}${sessions}</LidcReadMessage>`;
}

beforeAll(() => {
  writeEllipsoidCt(at("ct"), SERIES, WIDE);
  writeEllipsoidLabels(at("wide.nrrd"), SERIES, WIDE);
  writeEllipsoidLabels(at("narrow.nrrd"), SERIES, NARROW);
  writeEllipsoidLabels(at("elsewhere.nrrd"), { ...SERIES, slices: [400, 401], centre: [20, 18, 400] }, WIDE);
  const bits = ellipsoidBits(SERIES, NARROW, 2);
  writeFileSync(at("plain.png"), pngOfMask({ width: 40, height: 36, bits }));
  writeFileSync(at("read.xml"), lidcXml("1.2.3.4.5", sopUid(2), -508.125));
  writeFileSync(at("other.xml"), lidcXml("1.2.3.9", "9.9", 77));
});

/** "name pixels" of each grader on each slice. */
async function drawn(...files: string[]): Promise<string[]> {
  const stack = await withMarkFiles(await openSeriesAt(at("ct")), files.map(at), 2);
  return Promise.all(
    SERIES.slices.map(async (k) => {
      const graders = (await stack.graders?.(k)) ?? [];
      return graders.map(({ name, mask }) => `${name} ${mask ? areaPx(mask) : 0}`).join(", ");
    }),
  );
}
const area = (half: typeof WIDE | typeof NARROW, n: number) =>
  ellipsoidBits(SERIES, half, n).reduce((a, b) => a + b, 0);

describe("marks over a series", () => {
  it("of two label maps are two graders on all slices, one with nothing where its map has nothing", async () => {
    const wide = SERIES.slices.map((n) => area(WIDE, n));
    const narrow = area(NARROW, 2);
    expect(narrow).toBeGreaterThan(0);
    expect(await drawn("wide.nrrd", "narrow.nrrd")).toEqual(
      wide.map((pixels, n) => `Grader 1 ${pixels}, Grader 2 ${n === 2 ? narrow : 0}`),
    );
  });

  it("of a picture without a place lie on the slice pointed at, and its number is its own on all slices", async () => {
    const found = await drawn("plain.png", "wide.nrrd");
    expect(found[2]).toBe(`Grader 1 ${area(NARROW, 2)}, Grader 2 ${area(WIDE, 2)}`);
    expect(found[1]).toBe(`Grader 2 ${area(WIDE, 1)}`);
    const { notes } = await withMarkFiles(await openSeriesAt(at("ct")), [at("plain.png")], 2);
    expect(english(notes.at(-1))).toMatch(/^plain.png says nothing of its place: it is laid over 3 of 5 .* alone$/);
  });

  it("of an LIDC read lie on the slice whose UID they name", async () => {
    expect(await drawn("read.xml")).toEqual([0, 0, 81, 0, 0].map((px) => `Grader 1 ${px}, Grader 2 0`));
  });

  it("of nothing change nothing", async () => {
    const stack = await openSeriesAt(at("ct"));
    expect(await withMarkFiles(stack, [], 2)).toBe(stack);
  });
});

describe("a file is refused with a sentence", () => {
  it.each([
    ["elsewhere.nrrd", "elsewhere.nrrd: it lies in another place, by the positions both name; open the marks together"],
    ["other.xml", "other.xml: it is a read of another series, and none of its marks lies here"],
    ["ct/102.dcm", "102.dcm: it holds no marks but a picture; give masks, label maps, DICOM SEG or LIDC's XML"],
    ["none.nrrd", "there is no such file"],
  ])("as marks: %s", async (file, sentence) => {
    await expect(drawn("wide.nrrd", file)).rejects.toThrow(sentence);
  });

  it("as a series: what holds marks", async () => {
    await expect(openSeriesAt(at("read.xml"))).rejects.toThrow("read.xml: it holds no series but a marks");
  });
});
