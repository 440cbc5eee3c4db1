import { expect, test } from "vitest";
import {
  checkCompressedSize,
  checkMarkSize,
  checkPictureSize,
  checkVolumeSize,
  inflatedLimit,
  LIMITS,
  mebibytes,
} from "../../../src/io/bytes/limits.ts";

const MIB = 1 << 20;

test("a small file may unpack to 192 MiB, a larger one to 16 times its size, none to more than 2 GiB", () => {
  expect(inflatedLimit(0)).toBe(192 * MIB);
  expect(inflatedLimit(12 * MIB)).toBe(192 * MIB);
  expect(inflatedLimit(13 * MIB)).toBe(208 * MIB);
  expect(inflatedLimit(1000 * MIB)).toBe(2048 * MIB);
  expect(() => checkVolumeSize("a", 192 * MIB, 1)).not.toThrow();
  expect(() => checkVolumeSize("a", 192 * MIB + 1, 1)).toThrow(
    "a: its volume takes 201326593 bytes; save a part of it",
  );
});

test("a picture has whole sides, 2²⁴ pixels at the most, and 20,000 frames", () => {
  expect(() => checkPictureSize("a", 4096, 4096, LIMITS.frames)).not.toThrow();
  expect(() => checkPictureSize("a", 65_535, 1)).not.toThrow();
  expect(() => checkPictureSize("a", 4096, 4097)).toThrow(expect.objectContaining({ tag: "TooLarge" }));
  expect(() => checkPictureSize("a", 65_536, 1)).toThrow(expect.objectContaining({ tag: "TooLarge" }));
  expect(() => checkPictureSize("a", 2, 2, LIMITS.frames + 1)).toThrow("it has 20001 pictures");
  for (const side of [0, -1, 0.5, Number.NaN]) {
    expect(() => checkPictureSize("a", side, 3)).toThrow(expect.objectContaining({ tag: "DamagedFile" }));
  }
});

test("a large picture out of next to no bytes is refused", () => {
  expect(() => checkCompressedSize("a", 1 << 20, 1)).not.toThrow();
  expect(() => checkCompressedSize("a", 1 << 21, 2048)).not.toThrow();
  expect(() => checkCompressedSize("a", 1 << 21, 2047)).toThrow("2047 bytes cannot hold the 2097152 pixels");
});

test("marks take 256 MiB at the most", () => {
  expect(() => checkMarkSize("a", 256 * MIB)).not.toThrow();
  expect(() => checkMarkSize("a", 256 * MIB + 1)).toThrow(expect.objectContaining({ tag: "TooLarge" }));
});

test("sizes are said in whole MiB, rounded up", () => {
  expect([mebibytes(150 * MIB), mebibytes(1)]).toEqual(["150 MiB", "1 MiB"]);
});

test("the limits are those that the README states", () => {
  expect(LIMITS).toEqual({
    fileBytes: 2048 * MIB,
    pixelsPerFrame: 2 ** 24,
    side: 65_535,
    frames: 20_000,
    inflatedBytes: 192 * MIB,
    inflatedRatio: 16,
    zipEntries: 20_000,
    dicomDepth: 24,
    dicomElements: 500_000,
    pixelsPerCompressedByte: 1024,
    headerBytes: 8 * MIB,
    markBytes: 256 * MIB,
  });
});
