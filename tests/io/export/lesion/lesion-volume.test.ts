import { expect, it } from "vitest";
import { type LesionPlace, lesionVolume } from "../../../../src/io/export/lesion/lesion-volume.ts";
import { bitsAt } from "../../../support/export-case.ts";

const PLACE: LesionPlace = {
  geometry: { position: [-100, 30, -500], rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], thicknessMm: 5 },
  spacingMm: [0.7, 0.6],
  origin: [10, 20],
  places: [7, 9, 11],
  aloneMm: 1.5,
};
const SIZE = { width: 4, height: 2 };
const stack = [0, 1, 2].map((x) => ({ ...SIZE, bits: bitsAt(4, 2, [[x, 0]]) }));

it("begins at the region's first pixel, its slices their distance apart, whatever their thickness", () => {
  const { first, ordered } = lesionVolume(PLACE, SIZE)!;
  // 10 columns of .6 mm and 20 rows of .7 mm from the slice's corner
  expect(first.geometry).toMatchObject({ position: [-94, 44, -500], thicknessMm: 2 });
  expect(ordered(stack)).toEqual(stack);
});

it("of a series against the normal begins at its last slice", () => {
  const { first, ordered } = lesionVolume({ ...PLACE, places: [11, 9, 7] }, SIZE)!;
  expect(first.geometry?.position).toEqual([-94, 44, -504]);
  expect(ordered(stack)).toEqual([...stack].reverse());
});

it("is none where a distance differs by more than a twentieth: 2 and 2.2 mm are not one grid's", () => {
  expect(lesionVolume({ ...PLACE, places: [7, 9, 11.05] }, SIZE)).not.toBeNull();
  expect(lesionVolume({ ...PLACE, places: [7, 9, 11.2, 13.2] }, SIZE)).toBeNull();
});

it("of one slice is as deep as its neighbours are away, for so its volume is measured, whatever its thickness", () => {
  expect(lesionVolume({ ...PLACE, places: [7] }, SIZE)?.first.geometry?.thicknessMm).toBe(1.5);
});
