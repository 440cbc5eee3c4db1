import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lesion } from "../../../src/cli/lesion/lesion.ts";
import { openSeriesAt, withMarkFiles } from "../../../src/cli/lesion/marked-series.ts";
import { turned } from "../../support/ct-dicom.ts";
import {
  AXIAL,
  type EllipsoidSeries,
  ellipsoidBits,
  positionOf,
  sopUid,
  writeEllipsoidCt,
  writeEllipsoidLabels,
} from "../../support/ellipsoid.ts";
import { python, pythonJson, temporaryFolder } from "../../support/tools.ts";

const folder = temporaryFolder();

/** Half-axes of the lesion along rows, columns and the normal, mm. */
const HALF = [7.3, 5.1, 6.4] as const;

const PLAIN: EllipsoidSeries = {
  ...AXIAL,
  width: 140,
  height: 132,
  slices: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  spacingMm: [0.6, 0.6],
  stepMm: 1.5,
  centre: [70.4, 66.3, 5.2],
};

const SERIES: readonly (readonly [string, EllipsoidSeries])[] = [
  ["an axial series", PLAIN],
  ["an oblique series", { ...PLAIN, ...turned([20, -15, 30]) }],
  ["pixels that are not square", { ...PLAIN, spacingMm: [0.8, 0.5] }],
  [
    "an oblique series that runs to the left, of pixels that are not square",
    { ...PLAIN, ...turned([-40, 10, 5], true), spacingMm: [0.5, 0.7] },
  ],
  ["a series with a missing slice", { ...PLAIN, slices: PLAIN.slices.filter((n) => n !== 7) }],
];

interface Printed {
  slices: [number, number];
  graders: { name: string; volumeMm3: number; longMm: number; shortMm: number; slices: number }[];
  notes: string[];
  files: string[];
}

/** What was printed, and where it lies. */
interface Followed extends Printed {
  ct: string;
  out: string;
}

/** Follows it from slice 5 with the marks of one grader, who drew all of it. */
async function followed(name: string, series: EllipsoidSeries): Promise<Followed> {
  const at = (file: string) => join(folder, `${name} ${file}`.replaceAll(" ", "-"));
  writeEllipsoidCt(at("ct"), series, HALF);
  writeEllipsoidLabels(at("labels.nrrd"), series, HALF);
  const [model, out] = ["tests/golden/tiny-linear", at("out")];
  const words = ["--at", "70,66", "--slice", "5", "--count", "2", "--marks", at("labels.nrrd"), "--model", model];
  return { ...((await lesion([at("ct"), ...words, "--out", out])) as Printed), ct: at("ct"), out };
}

const printed = new Map<string, Followed>();
beforeAll(async () => {
  for (const [name, series] of SERIES) printed.set(name, await followed(name, series));
});

describe("a lesion of known size", () => {
  it.each(SERIES)("on %s has its volume within 2 %% and its axes within a pixel", (name, series) => {
    const [grader] = printed.get(name)!.graders;
    const voxels = PLAIN.slices.flatMap((n) => [...ellipsoidBits(series, HALF, n)]).reduce((sum, bit) => sum + bit, 0);
    const counted = voxels * series.spacingMm[0] * series.spacingMm[1] * series.stepMm;
    const volume = (4 / 3) * Math.PI * HALF[0] * HALF[1] * HALF[2];
    for (const known of [counted, volume]) expect(Math.abs(grader!.volumeMm3 / known - 1)).toBeLessThan(0.02);
    const pixel = Math.max(...series.spacingMm);
    expect(Math.abs(grader!.longMm - 2 * HALF[0])).toBeLessThan(pixel);
    expect(Math.abs(grader!.shortMm - 2 * HALF[1])).toBeLessThan(pixel);
  });

  it("says that a slice is missing, and that no grid of voxels holds it", () => {
    const { notes, files } = printed.get("a series with a missing slice")!;
    expect(notes).toContain("1 slice is missing within the lesion: its neighbours stand for it");
    expect(notes).toContain("The slices are not evenly spaced: there is no NIfTI and no NRRD of the lesion.");
    expect(files).toEqual(["lesion.csv", "lesion.seg.dcm", "lesion.rtstruct.dcm", "measurements.dcm", "session.json"]);
  });
});

describe("the segmentation of a lesion laid over its series again", () => {
  it.each(SERIES)("is the grader's mask of every slice, on %s", async (name, series) => {
    const { ct, out } = printed.get(name)!;
    const stack = await withMarkFiles(await openSeriesAt(ct), [join(out, "lesion.seg.dcm")], 5);
    for (const [k, n] of series.slices.entries()) {
      const mask = (await stack.graders?.(k))?.find(({ name }) => name === "Grader 1")?.mask;
      const wanted = ellipsoidBits(series, HALF, n);
      expect(mask?.bits ?? new Uint8Array(wanted.length)).toEqual(wanted);
    }
  });
});

const nibabel = python(["nibabel", "numpy"]);
const pydicom = python(["pydicom", "numpy"]);
/** LPS mm of the ellipsoid's centre. */
function centreOf(series: EllipsoidSeries): number[] {
  const [x, y, z] = series.centre;
  const { rowDirection: r, columnDirection: c, spacingMm } = series;
  return positionOf(series, z).map(
    (from, axis) => from + x * spacingMm[1] * (r[axis] as number) + y * spacingMm[0] * (c[axis] as number),
  );
}

describe("another program finds the grader's voxels where the lesion lies", () => {
  it.skipIf(!nibabel).each(SERIES.slice(0, 4))("nibabel, of %s", (name, series) => {
    const program = `import nibabel, numpy, json, sys
image = nibabel.load(sys.argv[1]); data = numpy.asarray(image.dataobj)
found = numpy.argwhere(data > 0)[:, :3]
points = nibabel.affines.apply_affine(image.affine, found) * [-1, -1, 1]
print(json.dumps({'centre': points.mean(0).tolist(), 'volume': float(len(found) * abs(numpy.linalg.det(image.affine[:3, :3])))}))`;
    const { out, graders } = printed.get(name)!;
    const found = pythonJson(nibabel as string, program, join(out, "graders.nii.gz")) as {
      centre: number[];
      volume: number;
    };
    expect(found.volume / graders[0]!.volumeMm3).toBeCloseTo(1, 4);
    for (const [axis, mm] of centreOf(series).entries()) expect(Math.abs(found.centre[axis]! - mm)).toBeLessThan(0.15);
  });

  it.skipIf(!pydicom).each(SERIES)("pydicom, of %s: frame by frame on the pictures it names", (name, series) => {
    const program = `import pydicom, json, sys
d = pydicom.dcmread(sys.argv[1])
number = [s.SegmentNumber for s in d.SegmentSequence if s.SegmentLabel == 'Grader 1'][0]
print(json.dumps([[f.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID,
 [float(v) for v in f.PlanePositionSequence[0].ImagePositionPatient], p.reshape(-1).nonzero()[0].tolist()]
 for f, p in zip(d.PerFrameFunctionalGroupsSequence, d.pixel_array) if f.SegmentIdentificationSequence[0].ReferencedSegmentNumber == number]))`;
    const file = join(printed.get(name)!.out, "lesion.seg.dcm");
    const found = pythonJson(pydicom as string, program, file) as [string, number[], number[]][];
    const marked = series.slices.map((n) => [n, [...ellipsoidBits(series, HALF, n).entries()]] as const);
    const wanted = marked
      .map(([n, bits]) => [sopUid(n), positionOf(series, n), bits.flatMap(([i, bit]) => (bit ? [i] : []))] as const)
      .filter(([, , pixels]) => pixels.length > 0);
    const shown = (frames: readonly (readonly [string, readonly number[], number[]])[]) =>
      frames.map(([uid, position, pixels]) => [uid, position.map((mm) => mm.toFixed(4)), pixels]);
    expect(shown(found)).toEqual(shown(wanted));
  });
});
