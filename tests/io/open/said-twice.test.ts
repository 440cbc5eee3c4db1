import { describe, expect, it } from "vitest";
import { openFile } from "../../../src/io/open/open.ts";
import { dicomBytes, tinyCt } from "../../support/dicom-bytes.ts";
import { english } from "../../support/english.ts";
import { tarEntry } from "../../support/tar-bytes.ts";
import { pngChunk, pngHeader } from "../hostile/seed-files.ts";
import { zipBytes } from "../hostile/structured/documents/zip-seed.ts";

const text = (...lines: string[]) => Buffer.from(lines.join("\n"));

async function comesOf(bytes: Uint8Array): Promise<string> {
  try {
    const opened = await openFile({ name: "a", bytes });
    if (opened.kind !== "image") return opened.kind;
    const { values } = await opened.stack.slice(0);
    return [[...values].join(" "), ...english(opened.stack.notes)].join(" | ");
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a file that says one thing twice", () => {
  it("DICOM: the last one counts, as in most readers, and it is said; where both are the same nothing is", async () => {
    const slope = (value: string) => [0x00281053, "DS", value] as const;
    const twice = (value: string) => {
      const elements = tinyCt();
      const at = elements.findIndex(([tag]) => tag === 0x00281053);
      return dicomBytes("1.2.840.10008.1.2.1", elements.toSpliced(at + 1, 0, slope(value)));
    };
    // 24 · 2 − 1024 = −976
    expect(english(await comesOf(twice("2")))).toMatch(/^-1024 -976 .*holds \(0028,1053\) twice.*the last one counts/);
    expect(await comesOf(twice("1"))).toBe("-1024 -1000 0 40 1000 3071");
  });

  it("NRRD: refused, as teem does", async () => {
    const header = ["NRRD0004", "type: uchar", "dimension: 2", "sizes: 2 1", "sizes: 1 2", "encoding: raw"];
    expect(await comesOf(text(...header, "", "ab"))).toContain('its header has the field "sizes" twice');
  });

  it("MetaImage: a key twice, or under two names with two values", async () => {
    const mha = (...more: string[]) =>
      text(
        ...["ObjectType = Image", "NDims = 3", "DimSize = 2 1 1", "ElementSpacing = 1 1 1", "Offset = 1 2 3", ...more],
        ...["ElementType = MET_UCHAR", "ElementDataFile = LOCAL", "ab"],
      );
    expect(await comesOf(mha("Offset = 1 2 3"))).toContain("has Offset twice");
    expect(await comesOf(mha("Position = 1 2 4"))).toContain("its Offset and its Position differ");
    expect(await comesOf(mha("Position = 1 2 3"))).toBe("97 98");
    expect(await comesOf(mha("BinaryDataByteOrderMSB = True", "ElementByteOrderMSB = False"))).toContain("differ");
  });

  it("npy: each key once", async () => {
    const npy = (dictionary: string) =>
      Buffer.concat([
        Buffer.from("\x93NUMPY\x01\0", "latin1"),
        Buffer.from([dictionary.length, 0]),
        text(dictionary, ""),
      ]);
    const sound = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1)";
    expect(await comesOf(npy(`${sound}}`))).toBe("10");
    expect(await comesOf(npy(`${sound}, 'shape': (1, 2)}`))).toContain("its header has shape twice");
    expect(await comesOf(npy("{'descr': '|u1', 'shape': (1, 1)}"))).toContain("its header has no fortran_order");
  });

  it("PNG: two palettes", async () => {
    const palette = pngChunk("PLTE", Uint8Array.of(1, 1, 1));
    const png = Buffer.concat([pngHeader(1, 1, 8, 3), palette, palette, pngChunk("IDAT", new Uint8Array(4))]);
    expect(await comesOf(png)).toContain("its palette is broken");
  });

  it("tar: two entries of one name", async () => {
    const data = Buffer.from("x");
    expect(await comesOf(Buffer.concat([tarEntry("a", data), tarEntry("./a", data)]))).toContain("two entries named a");
  });

  it("zip: one name in the directory and another before the data", async () => {
    const data = Buffer.from("x");
    const zip = zipBytes([{ name: "a.npy", data, localName: "b.npy" }]);
    expect(await comesOf(zip)).toContain("it goes by another name");
    expect(
      await comesOf(
        zipBytes(
          [
            { name: "a", data },
            { name: "b", data },
          ],
          { count: 1 },
        ),
      ),
    ).toContain("its directory holds more entries than the 1 it declares");
  });
});
