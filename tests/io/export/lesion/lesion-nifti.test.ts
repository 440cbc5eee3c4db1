import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lesionNifti } from "../../../../src/io/export/lesion/lesion-nifti.ts";
import { type LesionPlace, type LesionVolume, lesionVolume } from "../../../../src/io/export/lesion/lesion-volume.ts";
import { temporaryFolder } from "../../../support/cases.ts";
import { turned } from "../../../support/ct-dicom.ts";
import { python, pythonJson } from "../../../support/tools.ts";

const folder = temporaryFolder();
afterAll(() => folder.end());

const { rowDirection, columnDirection } = turned([20, -15, 30]);
const PLACE: LesionPlace = {
  geometry: { position: [-100, 30, -500], rowDirection, columnDirection, thicknessMm: 5 },
  spacingMm: [0.7, 0.6],
  origin: [10, 20],
  places: [7, 9, 11],
  aloneMm: 2,
};
/** Slice s of a reader marks its first s + 1 pixels of 4 × 2. */
const stack = [0, 1, 2].map((s) => ({
  width: 4,
  height: 2,
  bits: Uint8Array.from({ length: 8 }, (_, i) => (i <= s ? 1 : 0)),
}));
const grown = { samples: [stack, stack], graders: [] };
const volumeOf = (place: LesionPlace) => lesionVolume(place, { width: 4, height: 2 }) as LesionVolume;

/** Where voxel (i, j) of slice s lies, LPS mm. */
function placeOf(s: number, i: number, j: number, step: number): number[] {
  const [r, c] = [rowDirection, columnDirection];
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
  return [0, 1, 2].map(
    (axis) =>
      (PLACE.geometry.position[axis] as number) +
      (10 + i) * 0.6 * (r[axis] as number) +
      (20 + j) * 0.7 * (c[axis] as number) +
      step * s * (normal[axis] as number),
  );
}

const nibabel = python(["nibabel", "numpy"]);

describe("a lesion's volumes as NIfTI", () => {
  it("have no file of graders where there are none", () => {
    expect(Object.keys(lesionNifti(grown, volumeOf(PLACE)))).toEqual(["samples.nii.gz"]);
  });

  it.skipIf(!nibabel).each([
    ["ascending", [7, 9, 11], 2],
    ["descending", [11, 9, 7], -2],
  ] as const)("of an oblique, %s series open in nibabel with each voxel in its place", (name, places, step) => {
    const file = join(folder.path, `${name}.nii.gz`);
    writeFileSync(file, lesionNifti(grown, volumeOf({ ...PLACE, places }))["samples.nii.gz"] as Uint8Array);
    const program = `
import sys, json, nibabel, numpy as np
image = nibabel.load(sys.argv[1]); data = np.asarray(image.dataobj)
found = np.argwhere(data[..., 1] == 1)
points = nibabel.affines.apply_affine(image.affine, found) * [-1, -1, 1]
print(json.dumps({"shape": data.shape, "points": points.tolist(), "zooms": [float(z) for z in image.header.get_zooms()[:3]]}))`;
    const found = pythonJson(nibabel as string, program, file) as {
      shape: number[];
      points: number[][];
      zooms: number[];
    };
    expect(found.shape).toEqual([4, 2, 3, 2]);
    expect(found.zooms.map((zoom) => zoom.toFixed(5))).toEqual(["0.60000", "0.70000", "2.00000"]);
    const wanted = [0, 1, 2].flatMap((s) => Array.from({ length: s + 1 }, (_, i) => placeOf(s, i, 0, step)));
    const sorted = (points: number[][]) => points.map((point) => point.map((mm) => mm.toFixed(2)).join()).sort();
    expect(sorted(found.points)).toEqual(sorted(wanted));
  });
});
