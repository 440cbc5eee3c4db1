import { describe, expect, it } from "vitest";
import { openDicom } from "../../../src/io/dicom/file.ts";
import { dicomSourceOf } from "../../../src/io/dicom/source.ts";
import { dicomBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";

async function sourceOf(frame: number, frames: number, ...more: Written[]) {
  const study: Written = [0x0020000d, "UI", "1.2.9"];
  const { dataset } = await openDicom(dicomBytes("1.2.840.10008.1.2.1", tinyCt(undefined, study, ...more)), "ct.dcm");
  return dicomSourceOf(dataset, frame, frames, "ct.dcm");
}

const enhanced: Written = [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2.1"];

describe("what a DICOM object takes over from its source", () => {
  it("is a frame's number where the file has several, or is of a class that may: there it must be named", async () => {
    expect((await sourceOf(1, 3)).frame).toBe(1);
    expect((await sourceOf(0, 1, enhanced)).frame).toBe(0);
    expect((await sourceOf(0, 1)).frame).toBeNull();
  });

  it("is the patient as it stands there, and never more than 1,024 bytes of a field", async () => {
    const named = await sourceOf(0, 1, [0x00100010, "PN", "DOE^JANE"], [0x00100020, "LO", "7".repeat(1026)]);
    expect([...named.copied.keys()]).toEqual([0x00100010]);
    expect(new TextDecoder().decode(named.copied.get(0x00100010)?.value)).toBe("DOE^JANE");
  });

  it("is the picture's date before the study's", async () => {
    const dates = await sourceOf(0, 1, [0x00080020, "DA", "20200101"], [0x00080022, "DA", "20200203"]);
    expect([dates.date, dates.time]).toEqual(["20200203", null]);
  });

  it("is refused without a study", async () => {
    const { dataset } = await openDicom(dicomBytes("1.2.840.10008.1.2.1", tinyCt()), "ct.dcm");
    expect(() => dicomSourceOf(dataset, 0, 1, "ct.dcm")).toThrow("it has no Study Instance UID");
  });
});
