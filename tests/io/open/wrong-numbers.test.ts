import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeNpy } from "../../../src/io/numpy/npy-write.ts";
import { openFile } from "../../../src/io/open/open.ts";
import { parsePackIndex } from "../../../src/io/pack/pack.ts";
import { datasetBytes, dicomBytes, metaBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { english } from "../../support/english.ts";
import { niftiBytes, pngChunk, pngHeader, pngOf } from "../hostile/seed-files.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const ct = (...more: Written[]) => dicomBytes(EXPLICIT, tinyCt(undefined, ...more));
const text = (...lines: string[]) => new TextEncoder().encode(lines.join("\n"));

/** What comes of a file: unit, spacing, place of each frame, and all that is said. */
async function opened(bytes: Uint8Array) {
  const found = await openFile({ name: "a", bytes });
  if (found.kind !== "image") throw new Error(found.kind);
  const { stack } = found;
  const slices = [];
  for (let k = 0; k < stack.frames; k++) slices.push(await stack.slice(k));
  const [first] = slices as [(typeof slices)[0]];
  const said = english([...stack.notes, ...(stack.notesOf?.(0) ?? [])]).join(" | ");
  return { unit: first.unit, spacingMm: first.spacingMm, z: slices.map((s) => s.geometry?.position[2]), first, said };
}

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await opened(bytes);
  } catch (error) {
    if (error instanceof GraderspaceError) return `${error.tag}: ${error.message}`;
    throw error;
  }
  return "opened";
}

describe("Hounsfield units", () => {
  it.each([
    ["a decimal comma", [0x00281052, "DS", "-1024,0"]],
    ["an empty intercept", [0x00281052, "DS", ""]],
    ["an empty slope", [0x00281053, "DS", ""]],
    ["a slope of 0", [0x00281053, "DS", "0"]],
    ["an intercept that JavaScript alone takes for a number", [0x00281052, "DS", "0x10"]],
  ] as [string, Written][])("are not guessed from %s", async (_, element) => {
    const { unit, first, said } = await opened(ct(element));
    expect([unit, ...first.values]).toEqual(["stored", 0, 24, 1024, 1064, 2024, 4095]);
    expect(english(said)).toContain("stored values are shown, not HU");
  });

  it("are not guessed for a CT whose intercept is missing", async () => {
    const without = tinyCt().filter(([tag]) => tag !== 0x00281052);
    const { unit, said } = await opened(dicomBytes(EXPLICIT, without));
    expect(unit).toBe("stored");
    expect(english(said)).toContain("stored values are shown, not HU");
  });
});

describe("more numbers than declared", () => {
  it("are said, in each format of numbers; a pad byte is none", async () => {
    expect(english((await opened(ct([0x00280010, "US", [1]]))).said)).toContain("it holds 6 bytes more than");
    const odd: Written = [0x7fe00010, "OB", [1, 2, 3]];
    const three = tinyCt(odd, [0x00280010, "US", [1]], [0x00280100, "US", [8]]);
    expect((await opened(dicomBytes(EXPLICIT, three))).said).not.toContain("bytes more than");
    const npy = writeNpy(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const half = Buffer.from(npy);
    half.write("(1, 3)", half.indexOf("(2, 3)"));
    expect((await opened(half)).said).toContain("it holds 3 bytes more than");
    expect((await opened(writeZip({ "arr_0.npy": half }))).said).toContain("it holds 3 bytes more than");
    const nrrd = text("NRRD0004", "type: uchar", "dimension: 2", "sizes: 2 1", "encoding: raw", "", "abcd");
    expect((await opened(nrrd)).said).toContain("it holds 2 bytes more than");
  });
});

describe("more pixels than declared", () => {
  it("are said of a PNG, whose rows may be too few, and of masks beside a slice", async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, y) => Uint8Array.of(10 * y, 7));
    const half = Buffer.from(pngOf(2, 1, 8, 0, rows(3)));
    // Two rows more, of a filter and two pixels each.
    expect(english((await opened(half)).said)).toContain("it holds 6 bytes more than");
    const mask = pngOf(2, 2, 8, 0, [Uint8Array.of(0, 255), Uint8Array.of(0, 0), Uint8Array.of(255, 255)]);
    const zip = writeZip({ "scan.png": pngOf(2, 2, 8, 0, rows(2)), "grader-1.png": mask });
    expect((await opened(zip)).said).toContain("grader-1.png: it holds 3 bytes more than");
  });

  it("are said of a compressed DICOM, of RLE too", async () => {
    const rle = readFileSync(resolve(import.meta.dirname, "../hostile/seeds/rle.dcm"));
    const start = rle.indexOf(Buffer.from([0xfe, 0xff, 0, 0xe0]), rle.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0])) + 20);
    const frame = rle.subarray(start, rle.indexOf(Buffer.from([0xfe, 0xff, 0xdd, 0xe0])));
    const two = Buffer.concat([rle.subarray(0, start), frame, frame, rle.subarray(start + frame.length)]);
    expect((await opened(rle)).said).not.toContain("compressed pictures");
    expect((await opened(two)).said).toContain("it holds 2 compressed pictures and declares 1");
  });
});

describe("values that are not finite", () => {
  it("are said when the file is opened", async () => {
    const wild = await opened(ct([0x00281053, "DS", "1e308"]));
    expect(wild.said).toContain("5 of its 6 values are no finite numbers");
    const npy = writeNpy(Float32Array.of(1, Number.NaN, 3, Number.POSITIVE_INFINITY), [2, 2]);
    expect((await opened(npy)).said).toContain("2 of its 4 values are no finite numbers");
  });
});

describe("a DICOM file", () => {
  it("is read without preamble, with its meta header in implicit VR", async () => {
    const meta = datasetBytes([[0x00020010, "UI", EXPLICIT]], { explicit: false });
    const start = datasetBytes([[0x00020000, "UL", [meta.length]]], { explicit: false });
    const { unit, z } = await opened(Buffer.concat([start, meta, datasetBytes(tinyCt())]));
    expect([unit, ...z]).toEqual(["HU", -75.7]);
  });

  it("is read past an element whose kind is blank or unknown", async () => {
    for (const vr of ["  ", "\0\0", "Zq"]) {
      const odd = Buffer.from(datasetBytes([[0x00280120, "US", [9]]]));
      odd.write(vr, 4, "latin1");
      const [before, after] = [
        tinyCt().filter(([tag]) => tag < 0x00280120),
        tinyCt().filter(([tag]) => tag > 0x00280120),
      ];
      const bytes = Buffer.concat([metaBytes(EXPLICIT), datasetBytes(before), odd, datasetBytes(after)]);
      expect((await opened(bytes)).unit).toBe("HU");
    }
  });

  it("places later frames by Grid Frame Offset Vector, else nowhere", async () => {
    const frames: Written[] = [
      [0x00280008, "IS", "3"],
      [0x00280010, "US", [1]],
      [0x00280011, "US", [2]],
    ];
    const at = async (...more: Written[]) => (await opened(ct(...frames, ...more))).z.map((z) => z?.toFixed(1));
    expect(await at([0x3004000c, "DS", "0\\5\\10"])).toEqual(["-75.7", "-70.7", "-65.7"]);
    expect(await at([0x3004000c, "DS", "-75.7\\-70.7\\-60.7"])).toEqual(["-75.7", "-70.7", "-60.7"]);
    expect(await at([0x3004000c, "DS", "0\\5"])).toEqual(["-75.7", undefined, undefined]);
    expect(await at()).toEqual(["-75.7", undefined, undefined]);
  });

  it("says what it declares and cannot be: bits stored, a place, a number of frames", async () => {
    expect((await opened(ct([0x00280101, "US", [17]]))).said).toContain("17 bits stored of 16, so all 16 are taken");
    const nowhere = await opened(ct([0x00200037, "DS", "1\\0\\0\\1\\0\\0"]));
    expect(english([nowhere.z, nowhere.said])).toEqual([
      [undefined],
      expect.stringContaining("a place in the patient"),
    ]);
    expect((await opened(ct([0x00200032, "DS", "1\\2\\x"]))).said).toContain("a place in the patient");
    expect(await refusal(ct([0x00280008, "IS", "two"]))).toMatch(/^DamagedFile/);
  });

  it("may hold anything in its preamble, a web page too", async () => {
    const bytes = Buffer.from(ct());
    bytes.write("<html>");
    expect((await opened(bytes)).unit).toBe("HU");
  });

  it("that is no picture is called by its name", async () => {
    const name = async (uid: string) => {
      const file = dicomBytes(EXPLICIT, [
        [0x00080016, "UI", uid],
        [0x00280010, "US", [2]],
      ]);
      return refusal(file);
    };
    expect(await name("1.2.840.10008.5.1.4.1.1.4.2")).toContain("it is spectroscopy");
    expect(await name("1.2.840.10008.1.3.10")).toContain("a directory of DICOM files (DICOMDIR)");
  });
});

describe("what cannot be", () => {
  const nrrd = (...lines: string[]) =>
    text("NRRD0004", "type: uchar", "dimension: 2", "sizes: 2 1", ...lines, "", "10 20");

  it("is refused with what is wrong", async () => {
    expect(await refusal(nrrd("encoding: ascii", "byte skip: foo"))).toContain(
      'DamagedFile: a: its byte skip is "foo"',
    );
    expect(
      await refusal(text("NRRD0004", "type: uchar", "dimension: 2", "sizes: 2 1", "encoding: ascii", "", "1 x")),
    ).toContain('DamagedFile: a: its numbers hold "x"');
    expect(await refusal(nrrd("encoding: raw", "endian: middle"))).toContain("its byte order");
    expect(await refusal(nrrd("encoding: raw", "space directions: (1,0,z) (0,1,0)"))).toContain('holds "z"');
    const greyAlpha1 = pngOf(2, 1, 8, 4, [Uint8Array.of(1, 255, 2, 255)]);
    expect(await refusal(greyAlpha1)).toBe("opened");
    expect(await refusal(pngOf(2, 1, 1, 4, [Uint8Array.of(1)]))).toContain("1 bits a sample");
    expect(await refusal(new Uint8Array(0))).toContain("it is empty: 0 bytes");
    expect(await refusal(text("<!DOCTYPE html><html><body>Log in</body></html>"))).toContain("it is a web page");
    expect(
      await refusal(text("NRRD0004", "type: uchar", "dimension: 2", "sizes: 2 1", "data file: x.raw", "")),
    ).toContain("its numbers lie in another file (x.raw); drop both files together");
  });

  it("is a PNG of which a reader must not guess", async () => {
    const pixels = (...bytes: number[]) => pngChunk("IDAT", deflateSync(Uint8Array.from(bytes)));
    const end = pngChunk("IEND", new Uint8Array(0));
    const palette = pngChunk("PLTE", Uint8Array.of(9, 9, 9, 8, 8, 8));
    const of = (...chunks: Uint8Array[]) => refusal(Buffer.concat([pngHeader(1, 1, 8, 3), ...chunks, end]));
    expect(await of(palette, pixels(0, 1))).toBe("opened");
    expect(await of(pixels(0, 1))).toContain("of a palette, and it has none");
    expect(await of(palette, pixels(0, 2))).toContain("a pixel has colour 2, and its palette ends at 1");
    expect(await of(palette, pngChunk("CgBI", new Uint8Array(4)), pixels(0, 1))).toContain("a chunk CgBI");
    const packed = deflateSync(Uint8Array.of(0, 1));
    packed[packed.length - 1] = (packed[packed.length - 1] as number) ^ 1;
    expect(await of(palette, pngChunk("IDAT", packed))).toContain("the checksum of its pixels is wrong");
  });

  it("is an npy of a version that there is not, a shape that is none, a NIfTI that begins between two bytes", async () => {
    const npy = Buffer.from(writeNpy(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]));
    const later = Buffer.from(npy);
    later[6] = 4;
    expect(await refusal(later)).toContain("npy version 4");
    npy.write("(2,-3)", npy.indexOf("(2, 3)"));
    expect(await refusal(npy)).toContain("its shape is no list of whole numbers");
    const nifti = Buffer.from(niftiBytes(true));
    nifti.writeFloatLE(352.5, 108);
    expect(await refusal(nifti)).toContain("its voxels begin at byte 352.5");
  });

  it("is an NRRD's origin without three numbers; a byte order that is not said is taken as little-endian", async () => {
    const volume = (...lines: string[]) =>
      opened(
        text(
          ...["NRRD0004", "type: short", "dimension: 3", "sizes: 1 1 1", "encoding: raw", "space: LPS", ...lines],
          ...["space directions: (1,0,0) (0,1,0) (0,0,2)", "", "a\0"],
        ),
      );
    expect(english((await volume("endian: little", "space origin: (1,2)")).said)).toContain(
      "its space origin is no place",
    );
    const plain = await volume("space origin: (1,2,3)");
    expect([plain.first.values[0], plain.said]).toEqual([97, expect.stringContaining("byte order")]);
  });

  it("is a pack with two cases of one id", () => {
    const one = { id: "a", title: "t", slice: "s.npy", spacingMm: null, unit: "HU", region: [1, 1], graders: [] };
    const json = { version: 1, title: "t", attribution: "", cases: [one, one] };
    expect(() => parsePackIndex(json, "p.zip")).toThrow('two of its cases have the id "a"');
  });
});

describe("a place that is not used", () => {
  it("is said with its reason, and the spacing stays", async () => {
    const nrrd = (space: string, directions: string, origin: string) =>
      opened(
        text(
          ...["NRRD0004", "type: uchar", "dimension: 3", "sizes: 2 1 1", "encoding: raw", `space: ${space}`],
          ...[`space directions: ${directions}`, `space origin: ${origin}`, "", "ab"],
        ),
      );
    const timed = await nrrd("left-posterior-superior-time", "(0.7,0,0,0) (0,0.9,0,0) (0,0,2,0)", "(0,0,0,0)");
    expect(english([timed.spacingMm, timed.z, timed.said])).toEqual([
      [0.9, 0.7],
      [undefined],
      expect.stringContaining("time axis"),
    ]);
    const sheared = await nrrd("LPS", "(0.7,0,0) (0.4,0.9,0) (0,0,2)", "(0,0,0)");
    expect([sheared.spacingMm?.map((mm) => mm.toFixed(3)), sheared.z]).toEqual([["0.985", "0.700"], [undefined]]);
    expect(sheared.said).toContain("its axes are sheared");
  });
});
