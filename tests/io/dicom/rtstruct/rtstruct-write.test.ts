import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Mask } from "../../../../src/core/values/slice.ts";
import { openDicom } from "../../../../src/io/dicom/file.ts";
import { writeRtStruct } from "../../../../src/io/dicom/rtstruct/rtstruct-write.ts";
import type { SegPlace } from "../../../../src/io/dicom/seg/seg-write.ts";
import { dicomSourceOf } from "../../../../src/io/dicom/source.ts";
import { openFiles } from "../../../../src/io/open/open.ts";
import { type CtSlice, ctDicom, turned } from "../../../support/ct-dicom.ts";
import { python, pythonJson, runTool, temporaryFolder, tool } from "../../../support/tools.ts";

const dciodvfy = tool("dciodvfy");
const plastimatch = tool("plastimatch");
const pydicom = python(["pydicom", "numpy", "nibabel"]);
const folder = temporaryFolder();

const [WIDTH, HEIGHT] = [24, 20];
const AUTHOR = { version: "0.2.0", model: "tiny", created: null };
type Directions = Pick<CtSlice, "rowDirection" | "columnDirection">;
const AXIAL: Directions = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] };

/** Three slices 2 mm apart along their normal; pixels of 0.5 × 0.8 mm. */
function slicesOf({ rowDirection: r, columnDirection: c }: Directions): CtSlice[] {
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
  return [0, 1, 2].map((k) => ({
    width: WIDTH,
    height: HEIGHT,
    values: Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 7) % 300),
    spacingMm: [0.8, 0.5],
    position: [0, 1, 2].map((axis) => [-3.25, 5, -40][axis]! + 2 * k * normal[axis]!) as [number, number, number],
    thicknessMm: 2,
    rowDirection: r,
    columnDirection: c,
    sopInstanceUid: `1.2.3.4.5.${k}`,
  }));
}

const maskOf = (marked: (x: number, y: number) => boolean): Mask => ({
  width: WIDTH,
  height: HEIGHT,
  bits: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => Number(marked(i % WIDTH, Math.floor(i / WIDTH)))),
});
const NONE = maskOf(() => false);
const ball = (x0: number, y0: number, r: number) => (x: number, y: number) => Math.hypot(x - x0, y - y0) < r;
const [far, near] = [ball(11, 9, 7.5), ball(12, 9, 3.2)];
/** A disc, a ring with an island in it, two parts and the picture's corner; a reader who drew nothing. */
const SEGMENTS = [
  { label: "Sample 01 (seed 0)", masks: [maskOf(far), maskOf((x, y) => far(x, y) && !near(x, y)), NONE] },
  { label: "Grader 1", masks: [NONE, maskOf((x, y) => far(x, y) && (!near(x, y) || ball(12, 9, 1.2)(x, y))), NONE] },
  {
    label: "Grader 2",
    masks: [NONE, maskOf((x, y) => ball(4, 4, 3)(x, y) || ball(17, 14, 4)(x, y)), maskOf((x, y) => x < 3 && y < 2)],
  },
  { label: "You", masks: [NONE, NONE, NONE] },
].map((one, k) => ({
  ...one,
  algorithm: k === 0 ? ("AUTOMATIC" as const) : ("MANUAL" as const),
  colour: [255, 40 * k, 7.6] as const,
}));

async function placeOf(directions: Directions): Promise<SegPlace> {
  const slices = slicesOf(directions).map(async (slice) => {
    const { dataset } = await openDicom(ctDicom(slice), "ct.dcm");
    const { position, rowDirection, columnDirection, thicknessMm } = slice;
    const geometry = { position, rowDirection, columnDirection, thicknessMm };
    return { source: dicomSourceOf(dataset, 0, 1, "ct.dcm"), geometry };
  });
  return { slices: await Promise.all(slices), spacingMm: [0.8, 0.5], width: WIDTH, height: HEIGHT, origin: [0, 0] };
}

/** What our own reader lays over the slices: by grader and slice, the bits. */
async function readBack(bytes: Uint8Array, directions: Directions) {
  const files = slicesOf(directions).map((slice, k) => ({ name: `${k}.dcm`, bytes: ctDicom(slice) }));
  const opened = await openFiles([...files, { name: "rs.dcm", bytes }]);
  if (opened.kind !== "image") throw new Error(opened.kind);
  const onSlices = await Promise.all([0, 1, 2].map((k) => opened.stack.graders?.(k)));
  return SEGMENTS.map((_, g) => onSlices.map((graders) => [...(graders?.[g]?.mask ?? NONE).bits]));
}
const WRITTEN = SEGMENTS.map(({ masks }) => masks.map(({ bits }) => [...bits]));

describe("a structure set that we write", () => {
  it.each([
    ["axial", AXIAL],
    ["oblique", turned([20, -15, 30])],
    ["oblique and flipped", turned([-40, 10, 5], true)],
  ])(
    "of %s slices marks the pixels that were marked, holes and islands too, for our own reader",
    async (_, directions) => {
      expect(await readBack(writeRtStruct(SEGMENTS, await placeOf(directions), AUTHOR), directions)).toEqual(WRITTEN);
    },
  );

  it("says its points in tenths of micrometres at the pixels' outer edges, of a mask of the region at the region's place", async () => {
    const place = await placeOf(AXIAL);
    const pixel = { width: 1, height: 1, bits: Uint8Array.of(1) };
    const [one] = SEGMENTS;
    const bytes = writeRtStruct(
      [{ ...one!, masks: [pixel] }],
      { ...place, slices: place.slices.slice(0, 1), origin: [2, 3] },
      AUTHOR,
    );
    const { dataset } = await openDicom(bytes, "rs.dcm");
    const [contour] = dataset.items(0x30060039)[0]!.items(0x30060040);
    // Pixel (2, 3) reaches from 1.5 to 2.5 columns of 0.5 mm after −3.25 and from 2.5 to 3.5 rows of 0.8 mm after 5.
    expect(contour?.texts(0x30060050)).toEqual("-2.5 7 -40 -2 7 -40 -2 7.8 -40 -2.5 7.8 -40".split(" "));
    expect(contour?.text(0x30060042)).toBe("CLOSED_PLANAR");
  });

  it("is the same object for the same marks, and another one where a pixel differs", async () => {
    const place = await placeOf(AXIAL);
    const uid = async (segments: typeof SEGMENTS) =>
      (await openDicom(writeRtStruct(segments, place, AUTHOR), "rs.dcm")).dataset.text(0x00080018);
    const other = SEGMENTS.map((one, k) =>
      k === 3 ? { ...one, masks: [NONE, NONE, maskOf((x, y) => x + y === 0)] } : one,
    );
    expect(await uid(SEGMENTS)).toBe(await uid(SEGMENTS));
    expect(await uid(other)).not.toBe(await uid(SEGMENTS));
  });

  it("may hold a contour of more than 64 KiB", async () => {
    const wide = {
      width: 3001,
      height: 2,
      bits: Uint8Array.from({ length: 6002 }, (_, i) => Number(i < 3001 || i % 2 === 1)),
    };
    const place = { ...(await placeOf(AXIAL)), width: 3001, height: 2 };
    const slices = place.slices.slice(0, 1);
    const bytes = writeRtStruct([{ ...SEGMENTS[0]!, masks: [wide] }], { ...place, slices }, AUTHOR);
    const { dataset } = await openDicom(bytes, "rs.dcm");
    const contour = dataset.items(0x30060039)[0]!.items(0x30060040)[0]!;
    expect(contour.raw(0x30060050)!.length).toBeGreaterThan(65_536);
  });
});

describe("other programs", () => {
  const path = join(folder, "rs.dcm");
  beforeAll(async () => {
    mkdirSync(join(folder, "ct"));
    for (const [k, slice] of slicesOf(AXIAL).entries()) writeFileSync(join(folder, `ct/${k}.dcm`), ctDicom(slice));
    writeFileSync(path, writeRtStruct(SEGMENTS, await placeOf(AXIAL), AUTHOR));
  });

  it.skipIf(!dciodvfy)("dciodvfy finds no error", () => {
    const { stdout, stderr } = spawnSync(dciodvfy as string, [path], { encoding: "utf8" });
    expect(`${stdout}${stderr}`).toContain("RTStructureSet");
    expect(`${stdout}${stderr}`.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
  });

  it.skipIf(!pydicom)("pydicom finds patient, study, pictures, names, colours and points", () => {
    const program = `import pydicom, json, sys
d = pydicom.dcmread(sys.argv[1])
f = d.ReferencedFrameOfReferenceSequence[0]; s = f.RTReferencedStudySequence[0]; r = s.RTReferencedSeriesSequence[0]
print(json.dumps({'patient': str(d.PatientName), 'study': [d.StudyInstanceUID, s.ReferencedSOPInstanceUID], 'series': r.SeriesInstanceUID,
 'pictures': [i.ReferencedSOPInstanceUID for i in r.ContourImageSequence], 'frame': [f.FrameOfReferenceUID, d.StructureSetROISequence[0].ReferencedFrameOfReferenceUID],
 'rois': [[int(x.ROINumber), x.ROIName, x.ROIGenerationAlgorithm] for x in d.StructureSetROISequence],
 'colours': [[int(v) for v in x.ROIDisplayColor] for x in d.ROIContourSequence],
 'contours': [[(c.ContourImageSequence[0].ReferencedSOPInstanceUID, c.NumberOfContourPoints * 3 == len(c.ContourData)) for c in x.get('ContourSequence', [])] for x in d.ROIContourSequence]}))`;
    const sop = (k: number) => `1.2.3.4.5.${k}`;
    expect(pythonJson(pydicom as string, program, path)).toEqual({
      patient: "DOE^JANE",
      study: ["1.2.3.4", "1.2.3.4"],
      series: "1.2.3.4.5",
      pictures: [0, 1, 2].map(sop),
      frame: ["1.2.3.4.99", "1.2.3.4.99"],
      rois: SEGMENTS.map(({ label, algorithm }, k) => [k + 1, label, algorithm]),
      colours: [0, 1, 2, 3].map((k) => [255, 40 * k, 8]),
      contours: [
        [
          [sop(0), true],
          [sop(1), true],
        ],
        [
          [sop(1), true],
          [sop(1), true],
        ], // the ring with its hole, and the island in it
        [
          [sop(1), true],
          [sop(1), true],
          [sop(2), true],
        ],
        [],
      ],
    });
  });

  it.skipIf(!plastimatch || !pydicom)("plastimatch marks the same pixels, holes included", () => {
    const out = join(folder, "out");
    const words = [
      "--input",
      path,
      "--referenced-ct",
      join(folder, "ct"),
      "--output-prefix",
      out,
      "--prefix-format",
      "nii",
    ];
    runTool(plastimatch as string, ["convert", ...words]);
    const program = `import sys, json, glob, nibabel as n
print(json.dumps({f.split('/')[-1]: n.load(f).get_fdata().ravel(order='F').astype(int).tolist() for f in glob.glob(sys.argv[1] + '/*.nii')}))`;
    const theirs = pythonJson(pydicom as string, program, out) as Record<string, number[]>;
    const names = Object.keys(theirs).sort();
    expect(names).toEqual(["Grader 1.nii", "Grader 2.nii", "Sample 01 (seed 0).nii"]);
    expect(theirs["Sample 01 (seed 0).nii"]).toEqual(WRITTEN[0]?.flat());
    expect(theirs["Grader 1.nii"]).toEqual(WRITTEN[1]?.flat());
    expect(theirs["Grader 2.nii"]).toEqual(WRITTEN[2]?.flat());
  });
});
