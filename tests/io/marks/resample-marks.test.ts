import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Geometry, Slice } from "../../../src/core/values/slice.ts";
import type { MarkPlane, MarkTarget, PixelMarks } from "../../../src/io/marks/mark-plane.ts";
import { planeGradersOn, planesBelong } from "../../../src/io/marks/resample-marks.ts";
import { placeWithout } from "../../../src/io/stack/stack.ts";
import { turned } from "../../support/ct-dicom.ts";

const AXIAL: Geometry = {
  position: [0, 0, 0],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  thicknessMm: 1,
};

function sliceAt(
  width: number,
  height: number,
  geometry: Geometry | null,
  spacing: [number, number] | null,
): MarkTarget {
  const slice: Slice = {
    width,
    height,
    values: new Float32Array(0),
    unit: "HU",
    spacingMm: spacing,
    geometry,
    padding: null,
    modality: null,
    name: "",
  };
  return { slice, sopInstanceUid: null, seriesInstanceUid: null, frame: null };
}

/** A volume of labels [depth, height, width], 1 mm cubes, its first voxel's centre at 0. */
function volume(labels: string[][]): PixelMarks {
  const planes = labels.map((rows, z): MarkPlane => {
    const values = Uint8Array.from(rows.join(""), (letter) => (letter === "#" ? 255 : 0));
    return {
      width: (rows[0] as string).length,
      height: rows.length,
      geometry: { ...AXIAL, position: [0, 0, z] },
      spacingMm: [1, 1],
      sopInstanceUid: null,
      frame: null,
      values: values.includes(255) ? values : null,
    };
  });
  return { format: "nifti", file: "labels.nii.gz", seriesInstanceUid: null, graders: [{ name: "Grader 1", planes }] };
}

const picture = (marks: PixelMarks, target: MarkTarget) => {
  const mask = planeGradersOn(marks, target)[0]?.mask;
  if (!mask) return null;
  return Array.from({ length: mask.height }, (_, y) =>
    [...mask.bits.subarray(y * mask.width, (y + 1) * mask.width)].map((bit) => (bit ? "#" : ".")).join(""),
  );
};

const CUBE = volume([
  ["....", "....", "....", "...."],
  ["....", ".##.", ".#..", "...."],
  ["....", ".##.", "....", "...."],
  ["....", "....", "....", "...."],
]);

describe("a volume of labels on a slice", () => {
  test("of its own grid is the volume's plane", () => {
    expect(picture(CUBE, sliceAt(4, 4, { ...AXIAL, position: [0, 0, 1] }, [1, 1]))).toEqual([
      "....",
      ".##.",
      ".#..",
      "....",
    ]);
  });

  test("whose rows run the other way is turned with them", () => {
    const flipped: Geometry = { ...AXIAL, position: [3, 0, 1], rowDirection: [-1, 0, 0] };
    expect(picture(CUBE, sliceAt(4, 4, flipped, [1, 1]))).toEqual(["....", ".##.", "..#.", "...."]);
  });

  test("cut across its planes shows every plane as a row", () => {
    // Sagittal at x = 1: columns run along y, rows along z.
    const sagittal: Geometry = { ...AXIAL, position: [1, 0, 0], rowDirection: [0, 1, 0], columnDirection: [0, 0, 1] };
    expect(picture(CUBE, sliceAt(4, 4, sagittal, [1, 1]))).toEqual(["....", ".##.", ".#..", "...."]);
  });

  test("of half the pixel size has four pixels for one", () => {
    const fine: Geometry = { ...AXIAL, position: [-0.25, -0.25, 2] };
    expect(picture(CUBE, sliceAt(8, 8, fine, [0.5, 0.5]))?.filter((row) => row.includes("#"))).toEqual([
      "..####..",
      "..####..",
    ]);
  });

  test("between two planes takes the nearer one", () => {
    expect(picture(CUBE, sliceAt(4, 4, { ...AXIAL, position: [0, 0, 1.6] }, [1, 1]))).toEqual([
      "....",
      ".##.",
      "....",
      "....",
    ]);
  });

  test("reaches half the distance of two planes beyond the last, and no further", () => {
    const last = volume([
      ["..", ".."],
      ["##", ".."],
    ]);
    const above = (z: number) => sliceAt(2, 2, { ...AXIAL, position: [0, 0, z] }, [1, 1]);
    expect(picture(last, above(1.4))).toEqual(["##", ".."]);
    expect(picture(last, above(1.6))).toBeNull();
  });

  test("in a plane where nothing is drawn has a null mask", () => {
    expect(picture(CUBE, sliceAt(4, 4, { ...AXIAL, position: [0, 0, 3] }, [1, 1]))).toBeNull();
  });

  test("outside it belongs to no slice here, which is said; one slice that it reaches will do", () => {
    const at = (...zs: number[]) => {
      const { slice } = sliceAt(4, 4, { ...AXIAL, position: [0, 0, 0] }, [1, 1]);
      const places = zs.map((z) => placeWithout(null, { ...AXIAL, position: [0, 0, z] }));
      return planesBelong(CUBE, { slice, places, shown: 0 });
    };
    expect(at(90)).toMatchObject({
      refusal: { message: expect.stringContaining("labels.nii.gz: it lies in another") },
    });
    expect(at(90, 2)).toEqual({});
    expect(picture(CUBE, sliceAt(4, 4, { ...AXIAL, position: [0, 0, 90] }, [1, 1]))).toBeNull();
  });

  test("without a place takes a single picture of the same size, and no other", () => {
    const single = volume([["##..", "...."]]);
    expect(picture(single, sliceAt(4, 2, null, null))).toEqual(["##..", "...."]);
    const on = (marks: PixelMarks, width: number, height: number, frames = 1) =>
      planesBelong(marks, {
        slice: sliceAt(width, height, null, null).slice,
        places: Array.from({ length: frames }, (_, frame) => placeWithout(frames > 1 ? frame : null)),
        shown: 0,
      });
    expect(on(single, 4, 2)).toEqual({ alone: true });
    expect(on(single, 5, 2).refusal?.message).toContain("it is 4 × 2 pixels, the slice 5 × 2");
    expect(on(CUBE, 4, 4).refusal?.message).toContain("it holds 4 pictures");
    expect(on(CUBE, 4, 4, 4)).toEqual({});
  });
});

test("on any turned plane, marks on the slice's own grid come back as they were", () => {
  const angle = fc.double({ min: -90, max: 90, noNaN: true });
  const place = fc.double({ min: -500, max: 500, noNaN: true });
  void fc.assert(
    fc.property(
      fc.tuple(angle, angle, angle),
      fc.tuple(place, place, place),
      fc.boolean(),
      fc.array(fc.boolean(), { minLength: 35, maxLength: 35 }),
      (angles, position, flip, drawn) => {
        const geometry: Geometry = { position, ...turned(angles, flip), thicknessMm: 2 };
        const values = Uint8Array.from(drawn, (on) => (on ? 255 : 0));
        const common = { width: 7, height: 5, spacingMm: [0.7, 0.6], sopInstanceUid: null, frame: null } as const;
        const marks: PixelMarks = {
          format: "nrrd",
          file: "x",
          seriesInstanceUid: null,
          graders: [{ name: "Grader 1", planes: [{ ...common, geometry, values }] }],
        };
        const mask = planeGradersOn(marks, sliceAt(7, 5, geometry, [0.7, 0.6]))[0]?.mask;
        expect([...(mask?.bits ?? new Uint8Array(35))]).toEqual(drawn.map(Number));
      },
    ),
    { numRuns: 200 },
  );
});
