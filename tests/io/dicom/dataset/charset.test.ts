import { expect, test } from "vitest";
import { charset } from "../../../../src/io/dicom/dataset/charset.ts";

test.each([
  ["ISO_IR 192", "utf-8"],
  ["ISO_IR 100", "windows-1252"],
  ["ISO_IR 144", "iso-8859-5"],
  ["ISO 2022 IR 87", "iso-2022-jp"],
  ["GB18030", "gb18030"],
  ["", "windows-1252"],
])("%s is read as %s, which a TextDecoder knows", (term, label) => {
  expect(charset(term)).toBe(label);
  expect(() => new TextDecoder(label)).not.toThrow();
});
