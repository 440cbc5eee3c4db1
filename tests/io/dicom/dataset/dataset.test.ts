import { describe, expect, it } from "vitest";
import { readDataset, readMeta } from "../../../../src/io/dicom/dataset/read-dataset.ts";
import { type Coding, datasetBytes, metaBytes, type Written } from "../../../support/dicom-bytes.ts";

const ELEMENTS: Written[] = [
  [0x00080005, "CS", "ISO_IR 192"],
  [0x0008103e, "LO", "größe "],
  [0x00081115, "SQ", { items: [[[0x0020000e, "UI", "1.2"]], [[0x0020000e, "UI", "1.3"]]] }],
  [0x00180050, "DS", "2.5"],
  [0x00280010, "US", [512]],
  [0x00280030, "DS", "0.7\\abc"],
  [0x00280106, "SS", [-5]],
];
const read = (elements: Written[], coding: Coding) =>
  readDataset(
    datasetBytes(elements, coding),
    0,
    { explicit: coding.explicit ?? true, bigEndian: coding.bigEndian ?? false },
    "a",
  );

describe.each([{ explicit: true }, { explicit: false }, { bigEndian: true }])("a data set written as %j", (coding) => {
  const dataset = read(ELEMENTS, coding);

  it("gives texts in its character set, decimals, integers of either sign, and what is missing as null", () => {
    expect(dataset.text(0x0008103e)).toBe("größe");
    expect([dataset.decimal(0x00180050), dataset.integer(0x00280010)]).toEqual([2.5, 512]);
    expect(dataset.decimals(0x00280030)).toEqual([0.7, Number.NaN]);
    expect(dataset.integer(0x00280106, true)).toBe(-5);
    expect([dataset.text(0x00100010), dataset.decimal(0x00100010), dataset.raw(0x00100010)]).toEqual([
      null,
      null,
      null,
    ]);
    expect([dataset.has(0x00180050), dataset.has(0x00100010)]).toEqual([true, false]);
  });

  it("gives the items of a sequence, whether its syntax names it one or not", () => {
    expect(dataset.items(0x00081115).map((item) => item.text(0x0020000e))).toEqual(["1.2", "1.3"]);
    expect(dataset.items(0x00080005)).toEqual([]);
  });
});

it("what is cut short ends a data set without an error", () => {
  const bytes = datasetBytes(ELEMENTS);
  const cut = readDataset(bytes.subarray(0, bytes.length - 30), 0, { explicit: true, bigEndian: false }, "a");
  expect([cut.text(0x0008103e), cut.text(0x00280106)]).toEqual(["größe", null]);
});

it("sequences of undefined length are walked to their delimiters", () => {
  const open = read(
    [
      [0x00081115, "SQ", { items: [[[0x0020000e, "UI", "1.2"]]], undefinedLength: true }],
      [0x00280010, "US", [7]],
    ],
    {},
  );
  expect([open.items(0x00081115)[0]?.text(0x0020000e), open.integer(0x00280010)]).toEqual(["1.2", 7]);
});

it("bytes that are no element are refused by their place", () => {
  const bytes = Uint8Array.from([...datasetBytes([[0x00280010, "US", [7]]]), 0x30, 0, 0, 0, 1, 2, 0, 0]);
  expect(() => readDataset(bytes, 0, { explicit: true, bigEndian: false }, "a")).toThrow(
    "a: its element (0030,0000) at byte 10",
  );
});

it("the meta header ends where group 2 does", () => {
  const bytes = Buffer.concat([metaBytes("1.2.840.10008.1.2.1"), datasetBytes(ELEMENTS)]);
  const { meta, end } = readMeta(bytes, 132);
  expect([meta.text(0x00020010), end]).toEqual(["1.2.840.10008.1.2.1", bytes.length - datasetBytes(ELEMENTS).length]);
});
