import { describe, expect, it } from "vitest";
import { measureLesion } from "../../../../src/core/lesion/measure-lesion.ts";
import type { Mask } from "../../../../src/core/values/slice.ts";
import { openDicom } from "../../../../src/io/dicom/file.ts";
import { readSeg } from "../../../../src/io/dicom/seg/seg-read.ts";
import { exportLesion } from "../../../../src/io/export/lesion/lesion-export.ts";
import { readSession } from "../../../../src/io/session/session.ts";
import { turned } from "../../../support/ct-dicom.ts";
import { AXIAL, sopUid } from "../../../support/ellipsoid.ts";
import { english } from "../../../support/english.ts";
import { lesionExport, SMALL_SERIES } from "../../../support/grown-lesion.ts";

const text = (bytes: Uint8Array | undefined) => new TextDecoder("latin1").decode(bytes);
const axial = { ...SMALL_SERIES, ...AXIAL };

describe("the files of a lesion", () => {
  it("of an even DICOM series are all there are, and the same from the same lesion", async () => {
    const { files, notes } = await exportLesion(await lesionExport(axial));
    expect(Object.keys(files)).toEqual([
      "lesion.csv",
      "samples.nii.gz",
      "graders.nii.gz",
      "lesion.seg.nrrd",
      "lesion.seg.dcm",
      "lesion.rtstruct.dcm",
      "measurements.dcm",
      "session.json",
    ]);
    expect(english(notes)).toEqual([
      "lesion.seg.dcm, lesion.rtstruct.dcm and measurements.dcm carry the patient's tags from the source, as they must.",
    ]);
    expect((await exportLesion(await lesionExport(axial))).files).toEqual(files);
  });

  it("hold each reader's size and its Dice through the slices with each grader", async () => {
    // A voxel is .6 · .7 · 2 = .84 mm³. Sample 1 marks 3 voxels, grader 1 two of them: Dice 2 · 2 / (3 + 2) = .8. Its long
    // axis is 1.2 mm, two pixels of a row, its short one .7. Two who drew nothing agree; nobody agrees with who drew alone.
    const { files } = await exportLesion(await lesionExport(axial));
    expect(text(files["lesion.csv"])).toBe(
      "reader,volume_mm3,long_mm,short_mm,mean_diameter_mm,slices,dice_Grader 1,dice_Grader 2\n" +
        "Grader 1,1.68,0.7,0.6,0.65,2,1,0\n" +
        "Grader 2,0.84,0.7,0.6,0.65,1,0,1\n" +
        "sample-1,2.52,1.2,0.7,0.95,2,0.8,0\n" +
        "sample-2,0,0,0,0,0,0,0\n",
    );
  });

  it("hold the session, and no name out of a file of marks", async () => {
    const input = await lesionExport(axial);
    const { files } = await exportLesion(input);
    expect(readSession(files["session.json"] as Uint8Array, "session.json")).toEqual(input.session);
    for (const [name, bytes] of Object.entries(files)) expect(`${name} ${text(bytes)}`).not.toContain("Jane");
  });

  it.each([
    ["axial", AXIAL],
    ["oblique", turned([20, -15, 30])],
    ["oblique and flipped", turned([-40, 10, 5], true)],
  ])("place each voxel of an %s series on its own slice in a DICOM segmentation", async (_, directions) => {
    const { files } = await exportLesion(await lesionExport({ ...SMALL_SERIES, ...directions }));
    const seg = await readSeg(await openDicom(files["lesion.seg.dcm"] as Uint8Array, "lesion.seg.dcm"));
    const marked = seg.graders.map(({ name, planes }) => [
      name,
      planes.flatMap(({ values, sopInstanceUid, width }) =>
        [...(values?.entries() ?? [])].flatMap(([i, v]) =>
          v ? [`${sopInstanceUid} ${i % width},${Math.floor(i / width)}`] : [],
        ),
      ),
    ]);
    // The region begins at column 5, row 4; numbers along the normal are those of the files.
    expect(marked).toEqual([
      ["Sample 01 (seed 42)", [`${sopUid(1)} 5,4`, `${sopUid(2)} 5,4`, `${sopUid(2)} 6,4`]],
      ["Sample 02 (seed 42)", []],
      ["Grader 1", [`${sopUid(1)} 5,4`, `${sopUid(2)} 6,4`]],
      ["Grader 2", [`${sopUid(3)} 8,6`]],
    ]);
    // 2 + 1 (empty) + 2 + 1: slices that nobody of a segment marks have no frame.
    expect(seg.graders.map(({ planes }) => planes.length)).toEqual([2, 1, 2, 1]);
  });
});

describe("what a lesion's files cannot be is said", () => {
  it("of slices that are unevenly spaced: no NIfTI, no NRRD", async () => {
    const { files, notes } = await exportLesion(await lesionExport({ ...axial, slices: [0, 1, 3, 4, 6] }));
    expect(Object.keys(files)).toEqual([
      "lesion.csv",
      "lesion.seg.dcm",
      "lesion.rtstruct.dcm",
      "measurements.dcm",
      "session.json",
    ]);
    expect(english(notes[0])).toBe("The slices are not evenly spaced: there is no NIfTI and no NRRD of the lesion.");
  });

  it("of a series that is no DICOM, or a simulated nodule: no segmentation, no report", async () => {
    const input = await lesionExport(axial);
    const bare = { ...input, stack: { place: input.stack.place, origin: async () => ({ kind: "none" }) as const } };
    for (const [lesion, why] of [
      [bare, "this slice is no DICOM file"],
      [{ ...input, simulated: true }, "this nodule is simulated"],
    ] as const) {
      const { files, notes } = await exportLesion(lesion);
      expect(Object.keys(files).filter((name) => name.endsWith(".dcm"))).toEqual([]);
      expect(english(notes)).toEqual([
        expect.stringContaining(`There is no DICOM segmentation, no RTSTRUCT and no report of sizes: ${why}`),
      ]);
    }
  });

  it("of slices whose order is not known: neither", async () => {
    const { files, notes } = await exportLesion({ ...(await lesionExport(axial)), spacingMm: null });
    expect(Object.keys(files)).toEqual(["lesion.csv", "session.json"]);
    expect(english(notes)).toEqual([
      "The place of the slices is not known: there is no NIfTI and no NRRD of the lesion.",
      "There is no DICOM segmentation, no RTSTRUCT and no report of sizes: it is not known how its slices follow each other.",
    ]);
  });

  it("of a lesion that nobody drew: no segmentation, and no report without a finding", async () => {
    const input = await lesionExport(axial);
    const { grown } = input.followed;
    const none = { ...grown, samples: [grown.samples[1] as Mask[]], graders: [] };
    const measured = measureLesion(none, input.places, input.spacingMm);
    const { files, notes } = await exportLesion({ ...input, followed: { ...input.followed, grown: none }, measured });
    expect(Object.keys(files)).not.toContain("measurements.dcm");
    expect(english(notes)).toEqual([
      "There is no DICOM segmentation, no RTSTRUCT and no report of sizes: nobody drew anything.",
    ]);
  });

  it("of masks that take more than a file may hold: no segmentation", async () => {
    // 2 frames of 32768 × 32768 bits are 256 MiB, and there are 6.
    const input = { ...(await lesionExport(axial)), slice: { width: 32768, height: 32768 } };
    const { files, notes } = await exportLesion(input);
    expect(Object.keys(files)).not.toContain("lesion.seg.dcm");
    expect(english(notes)).toEqual([expect.stringContaining("take 768 MiB in DICOM, and up to 256 MiB are written")]);
  });
});
