import { expect, test } from "vitest";
import { affineOf, movedForms, quaternionOf } from "../../../src/io/geometry/affine.ts";
import { sliceGeometry } from "../../../src/io/geometry/affine-geometry.ts";
import { cross, dot, minus, times } from "../../../src/io/geometry/vector.ts";

test("vectors are added, scaled and multiplied in millimetres", () => {
  expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
  expect(minus([1, 2, 3], [3, 2, 1])).toEqual([-2, 0, 2]);
  expect(times(2, [1, 2, 3])).toEqual([2, 4, 6]);
  expect(cross([1, 0, 0], [0, 1, 0])).toEqual([0, 0, 1]);
});

test("a slice's affine has its columns along row, column and normal, with x and y turned to RAS", () => {
  const geometry = {
    position: [10, 20, 30],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    thicknessMm: 2,
  } as const;
  expect(affineOf(geometry, [0.7, 0.6])).toEqual([
    [-0.6, -0, -0, -10],
    [-0, -0.7, -0, -20],
    [0, 0, 2, 30],
    [0, 0, 0, 1],
  ]);
  expect(affineOf({ ...geometry, thicknessMm: null }, [1, 1])[2]).toEqual([0, 0, 1, 30]);
});

test("forms moved to slice k begin k steps of the third axis further; a form that is no use has no code", () => {
  const sform = [
    [1, 0, 0.5, 10],
    [0, 1, 0, 20],
    [0, 0, 2, 30],
    [0, 0, 0, 1],
  ] as const;
  const moved = movedForms({ qform: null, qformCode: 1, sform, sformCode: 4 }, 3);
  expect(moved).toMatchObject({ qform: null, qformCode: 0, sformCode: 4 });
  expect(moved.sform?.map((row) => row[3])).toEqual([11.5, 20, 36, 1]);
});

test("a quarter turn about z is the quaternion (0, 0, √½), and a third axis turned round is said by qfac", () => {
  const turned = quaternionOf([
    [0, -0.6, 0, 0],
    [0.7, 0, 0, 0],
    [0, 0, -2, 0],
    [0, 0, 0, 1],
  ]);
  expect(turned).toMatchObject({ qfac: -1, steps: [0.7, 0.6, 2] });
  for (const [i, part] of [0, 0, Math.SQRT1_2].entries()) expect(turned?.imaginary[i]).toBeCloseTo(part, 12);
});

test("slice k of a volume lies k normals further, in unit directions", () => {
  expect(sliceGeometry([1, 2, 3], [0.5, 0, 0], [0, 0.75, 0], [0, 0, 2], 2)).toEqual({
    position: [1, 2, 7],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    thicknessMm: 2,
  });
});

test("axes without length or no right angles have no place", () => {
  expect(sliceGeometry([0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1], 0)).toBeNull();
  expect(sliceGeometry([0, 0, 0], [1, 0, 0], [0.01, 1, 0], [0, 0, 1], 0)).toBeNull();
  expect(sliceGeometry([0, 0, Number.NaN], [1, 0, 0], [0, 1, 0], [0, 0, 1], 0)).toBeNull();
});
