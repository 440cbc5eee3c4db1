import { expect, test } from "vitest";
import { openDicom } from "../../../src/io/dicom/file.ts";
import { code, decimalString, item, writeDicomFile } from "../../../src/io/dicom/write.ts";

const program = { uid: "1.2.3", version: "TEST" };

test("what is written reads back: texts, numbers, sequences, in the order of their tags", async () => {
  const bytes = writeDicomFile(
    item(
      [0x00280010, "US", [2]],
      [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"],
      [0x00080018, "UI", "1.2.3.4"],
      [0x00081115, "SQ", [code("27925004", "SCT", "Nodule")]],
      [0x00209157, "UL", [1, 70_000]],
      [0x00201041, "DS", null],
    ),
    program,
  );
  const { dataset, syntax, notes } = await openDicom(bytes, "a.dcm");
  expect([syntax, notes]).toEqual(["1.2.840.10008.1.2.1", []]);
  expect([...dataset.elements.keys()]).toEqual([0x00080016, 0x00080018, 0x00081115, 0x00209157, 0x00280010]);
  expect(dataset.text(0x00080018)).toBe("1.2.3.4");
  expect(dataset.integer(0x00280010)).toBe(2);
  expect(dataset.longs(0x00209157)).toEqual([1, 70_000]);
  expect(dataset.items(0x00081115)[0]?.text(0x00080104)).toBe("Nodule");
});

test("letters lose their accents, what else is beyond ASCII becomes question marks, and odd lengths are filled up", async () => {
  const bytes = writeDicomFile(
    item([0x00080016, "UI", "1"], [0x00080018, "UI", "2"], [0x0008103e, "LO", "größe"]),
    program,
  );
  expect(bytes.length % 2).toBe(0);
  expect((await openDicom(bytes, "a.dcm")).dataset.text(0x0008103e)).toBe("gro?e");
});

test("a decimal string has 16 characters at the most, with as many digits as fit", () => {
  expect(decimalString(0.7)).toBe("0.7");
  expect(decimalString(1 / 3)).toBe("0.33333333333333");
  expect(decimalString(-512.123456)).toBe("-512.123456");
  expect(decimalString(-1 / 3e7).length).toBeLessThanOrEqual(16);
});
