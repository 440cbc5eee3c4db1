import { expect, test } from "vitest";
import { cieLab } from "../../../../src/io/dicom/seg/cie-lab.ts";

test("the screen's colours come back from CIELab with the white that viewers take", () => {
  // a and b run from −128 to 127 over 65,535 steps: 0 is at 128 / 255.
  expect(cieLab([0, 0, 0])).toEqual([0, 32896, 32896]);
  expect(cieLab([255, 255, 255])[0]).toBe(65535);
});

test("pure red has the CIELab of sRGB's red, (53.24, 80.09, 67.20)", () => {
  const [lightness, a, b] = cieLab([255, 0, 0]);
  expect((lightness / 65535) * 100).toBeCloseTo(53.24, 1);
  expect((a / 65535) * 255 - 128).toBeCloseTo(80.09, 1);
  expect((b / 65535) * 255 - 128).toBeCloseTo(67.2, 1);
});
