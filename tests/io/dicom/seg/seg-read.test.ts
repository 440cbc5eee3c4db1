import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import type { Grader, Mask, Slice } from "../../../../src/core/values/slice.ts";
import { openDicom } from "../../../../src/io/dicom/file.ts";
import { isSeg, readSeg } from "../../../../src/io/dicom/seg/seg-read.ts";
import { type Segment, writeBinarySeg, writeFractionalSeg } from "../../../../src/io/dicom/seg/seg-write.ts";
import { dicomSourceOf } from "../../../../src/io/dicom/source.ts";
import { item, writeDicomFile } from "../../../../src/io/dicom/write.ts";
import type { MarkTarget } from "../../../../src/io/marks/mark-plane.ts";
import { gradersOn, summaryOf } from "../../../../src/io/marks/marks.ts";
import { type CtSlice, ctDicom } from "../../../support/ct-dicom.ts";
import { english } from "../../../support/english.ts";
import { python, tool } from "../../../support/tools.ts";

const pydicom = python(["pydicom"]);
const gdcmconv = tool("gdcmconv");
const folder = mkdtempSync(join(tmpdir(), "seg-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CT: CtSlice = {
  width: 11,
  height: 7,
  values: new Float32Array(77),
  spacingMm: [0.7, 0.6],
  position: [10, 20, 30],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  thicknessMm: 2.5,
};
const AUTHOR = { version: "0.1.0", model: "m", created: null };
const one: Segment = { label: "Grader 1", algorithm: "MANUAL", colour: [230, 159, 0] };
const two: Segment = { label: "Grader 2", algorithm: "MANUAL", colour: [86, 180, 233] };

function target(parts: Partial<Slice> = {}, ids: Partial<MarkTarget> = {}): MarkTarget {
  const { width, height, spacingMm, position, rowDirection, columnDirection, thicknessMm } = CT;
  const slice: Slice = {
    width,
    height,
    values: new Float32Array(0),
    unit: "HU",
    spacingMm,
    geometry: { position, rowDirection, columnDirection, thicknessMm },
    padding: null,
    modality: "CT",
    name: "",
    ...parts,
  };
  return { slice, sopInstanceUid: "1.2.3.4.5.1", seriesInstanceUid: "1.2.3.4.5", frame: null, ...ids };
}

/** A block of 4×3 pixels from (3, 2) on, and its overlap from (5, 3) on. */
const block = (x0: number, y0: number): Mask => ({
  width: 11,
  height: 7,
  bits: Uint8Array.from({ length: 77 }, (_, i) => {
    const [x, y] = [i % 11, Math.floor(i / 11)];
    return x >= x0 && x < x0 + 4 && y >= y0 && y < y0 + 3 ? 1 : 0;
  }),
});

async function place() {
  const { dataset } = await openDicom(ctDicom(CT), "ct.dcm");
  const { position, rowDirection, columnDirection, thicknessMm, spacingMm } = CT;
  const geometry = { position, rowDirection, columnDirection, thicknessMm };
  const slices = [{ source: dicomSourceOf(dataset, 0, 1, "ct.dcm"), geometry }];
  return { slices, spacingMm, width: 11, height: 7, origin: [0, 0] as const };
}

async function binary(): Promise<Uint8Array> {
  const empty = { width: 11, height: 7, bits: new Uint8Array(77) };
  const third: Segment = { ...one, label: "Grader 3" };
  const segments = [
    { ...one, masks: [block(3, 2)] },
    { ...two, masks: [block(5, 3)] },
    { ...third, masks: [empty] },
  ];
  return writeBinarySeg(segments, await place(), AUTHOR).bytes;
}

const opened = async (bytes: Uint8Array) => readSeg(await openDicom(bytes, "seg.dcm"));
const bitsOf = (graders: readonly Grader[]) => graders.map(({ mask }) => (mask ? [...mask.bits] : null));

test("overlapping segments are graders, with the pixels that were written; an empty one drew nothing", async () => {
  const marks = await opened(await binary());
  const graders = gradersOn(marks, target());
  expect(graders.map(({ name }) => name)).toEqual(["Grader 1", "Grader 2", "Grader 3"]);
  expect(bitsOf(graders)).toEqual([[...block(3, 2).bits], [...block(5, 3).bits], null]);
  expect(summaryOf([marks])).toEqual({
    kind: "marks",
    format: "dicom-seg",
    graders: [
      { name: "Grader 1", marks: 1, contours: 1 },
      { name: "Grader 2", marks: 1, contours: 1 },
      { name: "Grader 3", marks: 0, contours: 0 },
    ],
    slices: 1,
  });
});

test("two segments of one number are refused, and more bits than declared are said", async () => {
  const seg = Buffer.from(await binary());
  // SegmentNumber (0062,0004) of the second segment.
  const number = Buffer.from([0x62, 0, 4, 0, 0x55, 0x53, 2, 0, 2, 0]);
  const twice = Buffer.from(seg);
  twice[twice.indexOf(number) + 8] = 1;
  await expect(opened(twice)).rejects.toThrow("two segments have the number 1");
  // Rows (0028,0010) 7, declared as 6: the marks of each frame but the first would lie elsewhere.
  const rows = Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53, 2, 0, 7, 0]);
  seg[seg.indexOf(rows) + 8] = 6;
  expect(english((await opened(seg)).notes)).toEqual([expect.stringContaining("bytes more than the size it declares")]);
});

test("a fractional segment is lesion from one half on", async () => {
  const values = Float32Array.from({ length: 77 }, (_, i) => (i === 5 ? 0.51 : i === 6 ? 0.49 : i === 7 ? 1 : 0));
  const seg = writeFractionalSeg(one, values, await place(), AUTHOR).bytes;
  const [grader] = gradersOn(await opened(seg), target());
  expect([...(grader?.mask?.bits.entries() ?? [])].flatMap(([i, bit]) => (bit ? [i] : []))).toEqual([5, 7]);
});

test("a label map's numbers are its segments", async () => {
  const pixels = Uint8Array.from({ length: 77 }, (_, i) => (i === 3 ? 1 : i === 4 ? 2 : 0));
  const dataset = item(
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.7"],
    [0x00080018, "UI", "1.2.9"],
    [0x00280008, "IS", "1"],
    [0x00280010, "US", [7]],
    [0x00280011, "US", [11]],
    [0x00280100, "US", [8]],
    [0x00620001, "CS", "LABELMAP"],
    [0x00620002, "SQ", [1, 2, 3].map((k) => item([0x00620004, "US", [k]], [0x00620005, "LO", `Label ${k}`]))],
    [0x7fe00010, "OB", pixels],
  );
  const marks = await opened(writeDicomFile(dataset, { uid: "1.2", version: "T" }));
  const unplaced = target({ geometry: null }, { sopInstanceUid: null, seriesInstanceUid: null });
  const marked = gradersOn(marks, unplaced).map(({ name, mask }) => [name, mask?.bits.indexOf(1) ?? null]);
  expect(marked).toEqual([
    ["Label 1", 3],
    ["Label 2", 4],
    ["Label 3", null],
  ]);
});

test.skipIf(!gdcmconv)("fractions packed by GDCM as JPEG-LS are read the same", async () => {
  const values = Float32Array.from({ length: 77 }, (_, i) => (i % 5) / 4);
  const plain = join(folder, "plain.dcm");
  const packed = join(folder, "jpegls.dcm");
  writeFileSync(plain, writeFractionalSeg(one, values, await place(), AUTHOR).bytes);
  execFileSync(gdcmconv as string, ["--jpegls", plain, packed]);
  const read = async (file: string) => bitsOf(gradersOn(await opened(new Uint8Array(readFileSync(file))), target()));
  expect(await read(packed)).toEqual(await read(plain));
  expect((await read(plain))[0]?.slice(0, 5)).toEqual([0, 0, 1, 1, 1]);
});

test("another slice of the marked series has no marks, however near it lies", async () => {
  const near = target(
    { geometry: { ...(target().slice.geometry as NonNullable<Slice["geometry"]>), position: [10, 20, 30.5] } },
    { sopInstanceUid: "1.2.3.4.5.2" },
  );
  expect(bitsOf(gradersOn(await opened(await binary()), near))).toEqual([null, null, null]);
});

test("on a finer grid of the same place the marks are laid over by position", async () => {
  // Twice as many pixels of half the size, centres at a quarter: the block of 4×3 becomes 8×6.
  const fine = target(
    {
      width: 22,
      height: 14,
      spacingMm: [0.35, 0.3],
      geometry: {
        ...(target().slice.geometry as NonNullable<Slice["geometry"]>),
        position: [10 - 0.15, 20 - 0.175, 30],
      },
    },
    { sopInstanceUid: "9", seriesInstanceUid: "9" },
  );
  const [grader] = gradersOn(await opened(await binary()), fine);
  const marked = [...(grader?.mask?.bits.entries() ?? [])].flatMap(([i, bit]) =>
    bit ? [[i % 22, Math.floor(i / 22)]] : [],
  );
  expect(marked.length).toBe(48);
  expect([marked[0], marked.at(-1)]).toEqual([
    [6, 4],
    [13, 9],
  ]);
});

test("on a slice of another place, or of another size without a place, nothing is marked", async () => {
  const marks = await opened(await binary());
  const geometry = { ...(target().slice.geometry as NonNullable<Slice["geometry"]>), position: [500, 0, 0] as const };
  const elsewhere = gradersOn(marks, target({ geometry }, { sopInstanceUid: "9", seriesInstanceUid: "9" }));
  expect(bitsOf(elsewhere)).toEqual([null, null, null]);
  const small = { width: 5, height: 5, geometry: null, spacingMm: null };
  const unplaced = gradersOn(marks, target(small, { sopInstanceUid: null, seriesInstanceUid: null }));
  expect(bitsOf(unplaced)).toEqual([null, null, null]);
});

test("pixel data that ends early is refused", async () => {
  const bytes = await binary();
  await expect(opened(bytes.subarray(0, bytes.length - 12))).rejects.toThrow("seg.dcm: its pixel data ends after");
});

test("a CT is no segmentation", async () => {
  expect(isSeg((await openDicom(ctDicom(CT), "ct.dcm")).dataset)).toBe(false);
  expect(isSeg((await openDicom(await binary(), "seg.dcm")).dataset)).toBe(true);
});

test("a file with any bytes changed ends in marks or a tagged error", async () => {
  const bytes = await binary();
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const damaged = bytes.slice();
      for (const [at, value] of changes) damaged[at] = value;
      try {
        gradersOn(await opened(damaged), target());
      } catch (error) {
        if (!(error instanceof GraderspaceError)) throw error;
      }
    }),
    { numRuns: 300, seed: 7 },
  );
});

describe.skipIf(!pydicom)("pydicom", () => {
  test.each([
    ["implicit little endian", "d.is_implicit_VR, d.is_little_endian = True, True", "ImplicitVRLittleEndian"],
    ["deflated", "pass", "DeflatedExplicitVRLittleEndian"],
  ])("writes the same segmentation as %s, and we read the same marks", async (_, how, syntax) => {
    const from = join(folder, "from.dcm");
    const to = join(folder, `${syntax}.dcm`);
    writeFileSync(from, await binary());
    const program = `import pydicom, sys
d = pydicom.dcmread(sys.argv[1]); d.PixelData
${how}
d.file_meta.TransferSyntaxUID = pydicom.uid.${syntax}
d.save_as(sys.argv[2])`;
    execFileSync(pydicom as string, ["-c", program, from, to]);
    const graders = gradersOn(await opened(new Uint8Array(readFileSync(to))), target());
    expect(bitsOf(graders)).toEqual([[...block(3, 2).bits], [...block(5, 3).bits], null]);
  });
});
