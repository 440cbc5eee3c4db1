import { expect, it } from "vitest";
import { JsonDataset } from "../../../src/io/dicomweb/dicom-json.ts";

const json = new JsonDataset({
  "00100010": { vr: "PN", Value: [{ Ideographic: "山田" }, { Alphabetic: "DOE^JANE " }, null] },
  "00200032": { vr: "DS", Value: ["-1.5", 2, ""] },
  "00080061": { vr: "CS", Value: ["CT", "SEG"] },
  "00080060": { vr: "CS" },
  "0020000D": "no element",
});

it("reads names by their first group of letters, and numbers from text", () => {
  expect(json.texts(0x00100010)).toEqual(["山田", "DOE^JANE"]);
  expect(json.numbers(0x00200032)).toEqual([-1.5, 2, Number.NaN]);
  expect([json.text(0x00080061), json.number(0x00200032)]).toEqual(["CT", -1.5]);
});

it("takes what is missing, empty or no element for nothing", () => {
  for (const tag of [0x00080060, 0x0020000d, 0x00000001]) {
    expect([json.text(tag), json.number(tag), json.items(tag)]).toEqual([null, null, []]);
  }
  expect(new JsonDataset([1]).text(0x00080060)).toBeNull();
});
