import { expect, test } from "vitest";
import { hasPreamble, lettersAt, looksLikeBareDicom } from "../../../src/io/dicom/signature.ts";
import { datasetBytes, dicomBytes, tinyCt } from "../../support/dicom-bytes.ts";

test("a preamble of 128 bytes and DICM, and nothing else, is a preamble", () => {
  const bytes = dicomBytes("1.2.840.10008.1.2.1", tinyCt());
  expect(hasPreamble(bytes)).toBe(true);
  expect(hasPreamble(bytes.subarray(1))).toBe(false);
});

test.each([{ explicit: true }, { explicit: false }, { bigEndian: true }])(
  "a bare data set written as %j is one",
  (coding) => {
    expect(looksLikeBareDicom(datasetBytes(tinyCt(), coding))).toBe(true);
  },
);

test("a short file, text, and an implicit element longer than any first one is no data set", () => {
  expect(looksLikeBareDicom(Uint8Array.of(8, 0, 5, 0, 0x43, 0x53))).toBe(false);
  expect(looksLikeBareDicom(new Uint8Array(64))).toBe(false);
  expect(looksLikeBareDicom(Uint8Array.from([8, 0, 5, 0, 0, 4, 0, 0, ...new Array(40).fill(0)]))).toBe(false);
});

test("a VR is two capital letters", () => {
  const letters = (text: string) => lettersAt(Buffer.from(text), 0);
  expect([letters("OW"), letters("ow"), letters("1W")]).toEqual([true, false, false]);
});
