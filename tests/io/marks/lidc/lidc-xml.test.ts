import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import type { Slice } from "../../../../src/core/values/slice.ts";
import { lidcBelongs, lidcGradersOn } from "../../../../src/io/marks/lidc/lidc-slice.ts";
import { readLidcXml } from "../../../../src/io/marks/lidc/lidc-xml.ts";
import type { MarkTarget } from "../../../../src/io/marks/mark-plane.ts";
import { summaryOf } from "../../../../src/io/marks/marks.ts";
import { english } from "../../../support/english.ts";
import { missing, sharedFile } from "../../../support/shared.ts";

const SERIES = "1.2.3";

function slice(side: number, z: number | null = null): Slice {
  return {
    width: side,
    height: side,
    values: new Float32Array(side * side),
    unit: "HU",
    spacingMm: null,
    geometry:
      z === null
        ? null
        : { position: [0, 0, z], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], thicknessMm: null },
    padding: null,
    modality: "CT",
    name: "",
  };
}

function target(parts: Partial<MarkTarget>): MarkTarget {
  return { slice: slice(8), sopInstanceUid: "1.1", seriesInstanceUid: SERIES, frame: null, ...parts };
}

type Point = readonly [number, number];
const square = (low: number, high: number): Point[] => {
  const side = Array.from({ length: high - low }, (_, i) => i);
  return [
    ...side.map((i): Point => [low + i, low]),
    ...side.map((i): Point => [high, low + i]),
    ...side.map((i): Point => [high - i, high]),
    ...side.map((i): Point => [low, high - i]),
  ];
};
const roi = (points: readonly Point[], { uid = "1.1", z = "-5.0", inclusion = "TRUE" } = {}) =>
  `<roi><imageZposition>${z} </imageZposition><imageSOP_UID>${uid}</imageSOP_UID><inclusion>${inclusion}</inclusion>` +
  points.map(([x, y]) => `<edgeMap><xCoord>${x}</xCoord><yCoord>${y}</yCoord></edgeMap>`).join("") +
  "</roi>";
const nodule = (rois: string, ratings = "") =>
  `<unblindedReadNodule><noduleID>1</noduleID><characteristics>${ratings}</characteristics>${rois}</unblindedReadNodule>`;
const session = (nodules: string) => `<readingSession>${nodules}</readingSession>`;
const read = (sessions: string) =>
  readLidcXml(
    new TextEncoder().encode(
      `<?xml version="1.0"?><LidcReadMessage xmlns="http://www.nih.gov"><ResponseHeader><SeriesInstanceUid>${SERIES}` +
        `</SeriesInstanceUid></ResponseHeader>${sessions}</LidcReadMessage>`,
    ),
    "read.xml",
  );
const rows = (bits: Uint8Array | undefined) =>
  Array.from({ length: 8 }, (_, y) => [...(bits ?? []).slice(8 * y, 8 * y + 8)].join(""));

describe("one LIDC read on one slice", () => {
  test("a contour's own pixels are outside the nodule", () => {
    const on = lidcGradersOn(read(session(nodule(roi(square(1, 4))))), target({}));
    expect(rows(on.graders[0]?.mask?.bits)).toEqual([
      "00000000",
      "00000000",
      "00110000",
      "00110000",
      "00000000",
      "00000000",
      "00000000",
      "00000000",
    ]);
  });

  test("an exclusion removes its interior only: its contour pixels stay lesion", () => {
    // Inclusion 0…7 → pixels 1…6; exclusion 2…5 → interior 3…4 leaves.
    const rois = roi(square(2, 5), { inclusion: "FALSE" }) + roi(square(0, 7));
    expect(rows(lidcGradersOn(read(session(nodule(rois))), target({})).graders[0]?.mask?.bits)).toEqual([
      "00000000",
      "01111110",
      "01111110",
      "01100110",
      "01100110",
      "01111110",
      "01111110",
      "00000000",
    ]);
  });

  test("an exclusion of one nodule leaves another nodule whole", () => {
    const both = nodule(roi(square(0, 7))) + nodule(roi(square(1, 6)) + roi(square(2, 5), { inclusion: "FALSE" }));
    const mask = lidcGradersOn(read(session(both)), target({})).graders[0]?.mask;
    expect(mask?.bits.reduce((a, b) => a + b)).toBe(36);
  });

  test("a single point is a mark without a mask", () => {
    const on = lidcGradersOn(read(session(nodule(roi([[3, 5]])))), target({}));
    expect(on.graders).toEqual([{ name: "Grader 1", mask: null, points: [[3, 5]] }]);
    expect(on.points).toEqual([{ grader: 0, x: 3, y: 5 }]);
  });

  test("every session is a grader, one who drew nothing here included", () => {
    const four = session(nodule(roi(square(1, 4)))) + session("") + session(nodule(roi(square(1, 4), { uid: "9" })));
    const on = lidcGradersOn(read(four), target({}));
    expect(on.graders.map(({ name, mask }) => [name, mask !== null])).toEqual([
      ["Grader 1", true],
      ["Grader 2", false],
      ["Grader 3", false],
    ]);
  });

  test("a slice whose SOP UID is unknown to the read is matched by z", () => {
    const marks = read(session(nodule(roi(square(1, 4), { z: "-5.0" }))));
    const on = lidcGradersOn(marks, target({ slice: slice(8, -5), sopInstanceUid: "7.7", seriesInstanceUid: "7" }));
    expect([on.matchedBy, on.graders[0]?.mask !== null]).toEqual(["z", true]);
  });

  test("another slice of the series has no marks, nor has a slice of another series, which the read is no part of", () => {
    const marks = read(session(nodule(roi(square(1, 4)))));
    expect(lidcGradersOn(marks, target({ sopInstanceUid: "1.2" }))).toMatchObject({ matchedBy: "none" });
    const elsewhere = target({ seriesInstanceUid: "4", sopInstanceUid: "4.1" });
    expect(lidcGradersOn(marks, elsewhere).graders).toEqual([{ name: "Grader 1", mask: null }]);
    const on = (seriesInstanceUid: string, ...zs: (number | null)[]) =>
      lidcBelongs(marks, {
        slice: slice(8),
        places: zs.map((z) => ({
          geometry: slice(8, z).geometry,
          sopInstanceUid: "4.1",
          seriesInstanceUid,
          frame: null,
        })),
        shown: 0,
      });
    expect(on("4", 7, 9)).toMatchObject({ refusal: { message: expect.stringContaining("read.xml: it is a read of") } });
    expect(english(on("4", 7, -5))).toMatchObject({ note: expect.stringContaining("it names another series") });
    expect(on(SERIES, 7)).toEqual({});
  });

  test("ratings are those of the grader's largest nodule on the slice; a value out of range is left out", () => {
    const ratings = (malignancy: number) => `<malignancy>${malignancy}</malignancy><texture>9</texture><rank>3</rank>`;
    const two = nodule(roi(square(0, 2)), ratings(1)) + nodule(roi(square(2, 7)), ratings(4));
    expect(lidcGradersOn(read(session(two)), target({})).graders[0]?.ratings).toEqual({ malignancy: 4 });
  });

  test("ratings outside their scale are said; 5 is none of internalStructure's, 6 one of calcification's", () => {
    const ratings = "<internalStructure>5</internalStructure><calcification>6</calcification><margin>0</margin>";
    const found = read(session(nodule(roi(square(2, 7)), ratings)));
    expect(found.sessions[0]?.nodules[0]?.ratings).toEqual({ calcification: 6 });
    expect(english(found.notes)).toEqual([
      "read.xml: ratings outside their scale are left out (internalStructure 5, margin 0)",
    ]);
  });

  test("text that is no number is no coordinate, no z and no rating; an inclusion is TRUE or FALSE", () => {
    const drawn = square(1, 4);
    const first = (x: string) => read(session(nodule(roi(drawn).replace("<xCoord>1<", `<xCoord>${x}<`))));
    expect(first("+1.0").sessions[0]?.nodules[0]?.contours[0]?.points[0]).toBe(1);
    for (const x of ["1px", "0x1", "one", ""]) expect(() => first(x), x).toThrow("which is no number");
    const far = read(session(nodule(roi(drawn, { z: "-5.0mm" }))));
    expect(english([far.sessions[0]?.nodules[0]?.contours[0]?.z, ...far.notes])).toEqual([
      null,
      "read.xml: a z position of its marks is no number and is left out",
    ]);
    const rated = read(session(nodule(roi(drawn), "<malignancy>0x3</malignancy>")));
    expect(english(rated.notes)).toEqual(["read.xml: ratings outside their scale are left out (malignancy 0x3)"]);
    expect(() => read(session(nodule(roi(drawn, { inclusion: "MAYBE" }))))).toThrow("neither TRUE nor FALSE");
  });

  test("UTF-16 is read, by its mark or without one", () => {
    const xml = `<?xml version="1.0" encoding="UTF-16"?><LidcReadMessage>${session("")}</LidcReadMessage>`;
    for (const text of [`\ufeff${xml}`, xml]) {
      const little = Buffer.from(text, "utf16le");
      for (const bytes of [little, Buffer.from(little).swap16()])
        expect(readLidcXml(bytes, "x.xml").sessions.length).toBe(1);
    }
  });

  test("inspect counts nodules and contours per grader, and slices", () => {
    const marks = read(session(nodule(roi(square(1, 4)) + roi(square(1, 4), { uid: "1.2" }))) + session(""));
    expect(summaryOf([marks])).toEqual({
      kind: "marks",
      format: "lidc-xml",
      graders: [
        { name: "Grader 1", marks: 1, contours: 2 },
        { name: "Grader 2", marks: 0, contours: 0 },
      ],
      slices: 2,
    });
  });
});

describe("what is no LIDC read", () => {
  const opened = (text: string) => () => readLidcXml(new TextEncoder().encode(text), "x.xml");
  test.each([
    ["other XML", "<svg/>", "no LIDC read"],
    ["an X-ray read", "<IdriReadMessage/>", "chest X-ray"],
    ["XML that ends early", "<LidcReadMessage><readingSession>", "no complete XML"],
    ["a read without sessions", "<LidcReadMessage/>", "without a reading session"],
    ["text", "hello", "no"],
    [
      "a billion laughs",
      '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><LidcReadMessage>&b;</LidcReadMessage>',
      "document type",
    ],
    ["tags nested too deep", "<a>".repeat(1000) + "</a>".repeat(1000), "no complete XML"],
  ])("%s is refused with a sentence", (_, text, part) => {
    expect(opened(text)).toThrow(GraderspaceError);
    expect(opened(text)).toThrow(part);
  });

  test("entities stay as they are written", () => {
    const marks = read(session(nodule(roi([[1, 1]], { uid: "&lt;b&gt;" }))));
    expect(marks.sessions[0]?.nodules[0]?.contours[0]?.sopInstanceUid).toBeNull();
  });

  test("contours that jump over the picture again and again are refused before they cost time", () => {
    const wild = Array.from({ length: 3000 }, (_, i): Point => [i % 2, i % 2 ? 16000 : 0]);
    expect(() => read(session(nodule(roi(wild))))).toThrow("outside any CT slice");
    expect(() => read(session(nodule(roi([[1e9, 1]]))))).toThrow("outside any CT slice");
  });
});

const folder = sharedFile("lidc/xml");
describe.skipIf(missing("lidc/xml", "the LIDC reads are not compared with the masks of crops.npz"))("the reads", () => {
  test("the 18 reads give the masks of crops.npz; the X-ray read is refused", { tags: ["ci"] }, () => {
    const masks = npyBody(sharedFile("lidc/crops.npz") as string, "masks.npy");
    const cases = csvRows(sharedFile("lidc/cases.csv") as string);
    let [filled, same, worst, reads] = [0, 0, 0, 0];
    for (const name of readdirSync(folder as string)) {
      const bytes = readFileSync(join(folder as string, name));
      if (name === "185-068.xml") {
        expect(() => readLidcXml(bytes, name)).toThrow("185-068.xml: it is an IDRI read of a chest X-ray, not of a CT");
        continue;
      }
      const marks = readLidcXml(bytes, name);
      reads++;
      for (const row of cases.filter((each) => each["series_uid"] === marks.seriesInstanceUid)) {
        const place = target({
          slice: slice(512, Number(row["z"])),
          sopInstanceUid: row["sop_uid"] as string,
          seriesInstanceUid: marks.seriesInstanceUid,
        });
        const { graders } = lidcGradersOn(marks, place);
        for (let slot = 0; slot < 4; slot++) {
          const packed = masks.subarray(
            (Number(row["row"]) * 4 + slot) * 2048,
            (Number(row["row"]) * 4 + slot + 1) * 2048,
          );
          const bits = graders[slot]?.mask?.bits;
          const off = difference(packed, bits, Number(row["crop_x0"]), Number(row["crop_y0"]));
          worst = Math.max(worst, off);
          if (!packed.some((byte) => byte !== 0)) continue;
          filled++;
          if (off === 0) same++;
        }
      }
    }
    console.log(`LIDC reads: ${same} of ${filled} non-empty slots identical, worst ${worst} px`);
    expect([reads, filled]).toEqual([18, 921]);
    expect(same / filled).toBeGreaterThanOrEqual(0.98);
    expect(worst).toBeLessThanOrEqual(5);
  });
});

/** Pixels in which a packed 128×128 mask and a 512×512 mask's crop differ. */
function difference(packed: Uint8Array, bits: Uint8Array | undefined, x0: number, y0: number): number {
  let count = 0;
  for (let y = 0; y < 128; y++) {
    for (let x = 0; x < 128; x++) {
      const wanted = ((packed[y * 16 + (x >> 3)] as number) >> (7 - (x & 7))) & 1;
      if (wanted !== (bits?.[(y0 + y) * 512 + x0 + x] ?? 0)) count++;
    }
  }
  return count;
}

function npyBody(file: string, entry: string): Uint8Array {
  const npy = unzipSync(readFileSync(file), { filter: ({ name }) => name === entry })[entry] as Uint8Array;
  return npy.subarray(10 + (npy[8] as number) + 256 * (npy[9] as number));
}

function csvRows(file: string): Record<string, string>[] {
  const [header = "", ...lines] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] as string, cell])));
}
