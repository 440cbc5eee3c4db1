import { expect, test } from "vitest";
import { checkCrop, checkIndices, checkMasks } from "../../src/model/arguments.ts";
import { modelFiles } from "../support/golden.ts";

const { architecture } = modelFiles("tests/golden/tiny-m-heads").config;
const crop = (size: number, count = size * size) => {
  return { size, origin: [0, 0] as const, values: new Float32Array(count), constant: false };
};

test("a region is square, not empty, and can be halved at each level", () => {
  const step = 2 ** (architecture.channels.length - 1);
  expect(() => checkCrop(crop(4 * step), architecture)).not.toThrow();
  for (const wrong of [crop(0), crop(4 * step + 1), crop(4 * step, 3)]) {
    expect(() => checkCrop(wrong, architecture)).toThrow(`with a side divisible by ${step}`);
  }
});

test("a gate's own encoder that halves more often than the U-Net asks for more", () => {
  const five = [1, 1, 1, 1, 1];
  const head = { ...architecture.head, presence: "gate" as const, presenceNets: [{ channels: five, convs: five }] };
  expect(() => checkCrop(crop(48), { ...architecture, head })).not.toThrow();
  expect(() => checkCrop(crop(40), { ...architecture, head })).toThrow("with a side divisible by 16");
});

test("a mask has the size of its region", () => {
  const mask = (width: number, height: number) => ({ width, height, bits: new Uint8Array(width * height) });
  expect(() => checkMasks([mask(8, 8)], crop(8))).not.toThrow();
  expect(() => checkMasks([mask(8, 8), mask(8, 4)], crop(8))).toThrow("mask of 8×4 pixels");
});

test("a member is counted from 0 to one before their number", () => {
  expect(() => checkIndices([0, 3], 4)).not.toThrow();
  for (const wrong of [-1, 4, 0.5, Number.NaN]) expect(() => checkIndices([wrong], 4)).toThrow(`no member ${wrong}`);
});
