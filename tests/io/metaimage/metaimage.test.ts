import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import { openMetaImage } from "../../../src/io/metaimage/metaimage.ts";
import { openFile, openFiles } from "../../../src/io/open/open.ts";
import { ctDicom } from "../../support/ct-dicom.ts";
import { english } from "../../support/english.ts";

type Header = Readonly<Record<string, string | null>>;

/** A header as ITK writes it, of 3 × 2 × 2 numbers; `null` leaves a key out. */
const SMALL: Header = {
  ObjectType: "Image",
  NDims: "3",
  BinaryData: "True",
  BinaryDataByteOrderMSB: "False",
  CompressedData: "False",
  TransformMatrix: "1 0 0 0 1 0 0 0 1",
  Offset: "10 20 30",
  ElementSpacing: "0.5 0.75 2",
  DimSize: "3 2 2",
  ElementType: "MET_SHORT",
};

function mha(change: Header, data: Uint8Array, end = "\n"): Uint8Array {
  const { ElementDataFile = "LOCAL", ...fields } = { ...SMALL, ...change };
  const lines = Object.entries({ ...fields, ElementDataFile }).filter(([, value]) => value !== null);
  return Buffer.concat([Buffer.from(lines.map(([key, value]) => `${key} = ${value}${end}`).join("")), data]);
}

const twelve = new Uint8Array(Int16Array.from({ length: 12 }, (_, i) => i - 3).buffer);
/** Slice 1: numbers 6 to 11 of those, less 3. */
const second = [3, 4, 5, 6, 7, 8];

const open = (change: Header, data: Uint8Array = twelve) => openMetaImage(mha(change, data), "a.mha");

async function refused(change: Header, data: Uint8Array = twelve): Promise<string> {
  try {
    const stack = await open(change, data);
    await stack.slice(stack.frames - 1);
  } catch (error) {
    if (error instanceof GraderspaceError) return `${error.tag}: ${error.message}`;
    throw error;
  }
  return "read";
}

describe("MetaImage's numbers", () => {
  it("are read raw and packed by zlib, in both byte orders, after lines that end in either way", async () => {
    const swapped = twelve.map((_, i) => twelve[i ^ 1] as number);
    const packed = deflateSync(twelve);
    const files = [
      mha({}, twelve),
      mha({}, twelve, "\r\n"),
      mha({ BinaryData: null }, twelve),
      mha({ BinaryDataByteOrderMSB: "True" }, swapped),
      mha({ BinaryDataByteOrderMSB: null, ElementByteOrderMSB: "True" }, swapped),
      mha({ CompressedData: "True" }, packed),
      mha({ CompressedData: "True", CompressedDataSize: `${packed.length}` }, packed),
    ];
    for (const file of files) {
      const stack = await openMetaImage(file, "a.mha");
      expect(english([stack.frames, stack.notes])).toEqual([2, []]);
      const { values, unit, width, height } = await stack.slice(1);
      expect([unit, width, height, ...values]).toEqual(["stored", 3, 2, ...second]);
    }
  });

  // Each number is written by the platform's own DataView, and read back by the reader's typed arrays.
  it.each([
    ["MET_CHAR", 1, [-128, 127], (view, at, value) => view.setInt8(at, value)],
    ["MET_UCHAR", 1, [0, 255], (view, at, value) => view.setUint8(at, value)],
    ["MET_SHORT", 2, [-32768, 32767], (view, at, value, little) => view.setInt16(at, value, little)],
    ["MET_USHORT", 2, [1, 65535], (view, at, value, little) => view.setUint16(at, value, little)],
    ["MET_INT", 4, [-70000, 70000], (view, at, value, little) => view.setInt32(at, value, little)],
    ["MET_UINT", 4, [1, 2 ** 31], (view, at, value, little) => view.setUint32(at, value, little)],
    ["MET_FLOAT", 4, [-0.5, 1e10], (view, at, value, little) => view.setFloat32(at, value, little)],
    ["MET_DOUBLE", 8, [-0.25, 3.5], (view, at, value, little) => view.setFloat64(at, value, little)],
  ] as [string, number, [number, number], (view: DataView, at: number, value: number, little: boolean) => void][])(
    "of type %s come out as they went in",
    async (ElementType, size, numbers, write) => {
      for (const little of [true, false]) {
        const view = new DataView(new ArrayBuffer(2 * size));
        for (const [i, value] of numbers.entries()) write(view, i * size, value, little);
        const change = { ElementType, DimSize: "2 1 1", BinaryDataByteOrderMSB: little ? "False" : "True" };
        const stack = await open(change, new Uint8Array(view.buffer));
        expect([...(await stack.slice(0)).values]).toEqual(numbers.map(Math.fround));
      }
    },
  );

  it("that are more than declared are said, packed or not", async () => {
    const more = new Uint8Array([...twelve, 1, 2, 3, 4]);
    const packed = { CompressedData: "True" };
    expect(english((await open({}, more)).notes).join()).toContain("it holds 4 bytes more than");
    expect(english((await open(packed, deflateSync(more))).notes).join()).toContain("it holds 4 bytes more than");
    const data = deflateSync(twelve);
    const sized = { ...packed, CompressedDataSize: `${data.length}` };
    expect(english((await open(sized, Buffer.concat([data, Buffer.from("tail")]))).notes).join()).toContain(
      "4 bytes more than",
    );
  });
});

describe("MetaImage's place", () => {
  it("is each voxel's of offset + Σ index · spacing · row of the matrix, in LPS", async () => {
    // A turn by 30° about z, then the slices run downwards; the rows of the text are the axes.
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const axes = [
      [c, s, 0],
      [-s, c, 0],
      [0, 0, -1],
    ];
    const stack = await open({ TransformMatrix: axes.flat().join(" ") });
    const { geometry, spacingMm } = await stack.slice(1);
    if (!geometry || !spacingMm) throw new Error("no place");
    expect(spacingMm.map((mm) => mm.toFixed(9))).toEqual(["0.750000000", "0.500000000"]);
    expect(geometry.thicknessMm).toBe(2);
    const [spacing, offset, voxel] = [
      [0.5, 0.75, 2],
      [10, 20, 30],
      [2, 1, 1],
    ] as const;
    for (const r of [0, 1, 2] as const) {
      const expected = [0, 1, 2].reduce(
        (sum, axis) => sum + (voxel[axis] as number) * (spacing[axis] as number) * (axes[axis]?.[r] as number),
        offset[r],
      );
      const along = voxel[0] * spacingMm[1] * geometry.rowDirection[r];
      const down = voxel[1] * spacingMm[0] * geometry.columnDirection[r];
      expect(geometry.position[r] + along + down).toBeCloseTo(expected, 9);
    }
    expect(stack.label(1)).toBe("2 of 2 · z 28.0 mm");
  });

  it("goes by the other names of its keys too, and an absent matrix is the identity", async () => {
    for (const key of ["Position", "Origin"]) {
      const stack = await open({ Offset: null, TransformMatrix: null, [key]: "1 2 3" });
      expect((await stack.slice(1)).geometry).toEqual({
        position: [1, 2, 5],
        rowDirection: [1, 0, 0],
        columnDirection: [0, 1, 0],
        thicknessMm: 2,
      });
    }
    const turned = await open({ TransformMatrix: null, Orientation: "0 1 0 1 0 0 0 0 1" });
    expect((await turned.slice(0)).geometry?.rowDirection).toEqual([0, 1, 0]);
  });

  it("that is not known is not guessed, and said; the spacing stays", async () => {
    const said = async (change: Header, data = twelve) => {
      const stack = await open(change, data);
      const { geometry, spacingMm } = await stack.slice(0);
      return [geometry, spacingMm, english(stack.notes).join(" | ")];
    };
    const spacing = [0.75, 0.5];
    const nowhere = "a.mha: it does not say where it lies in the patient";
    expect(english(await said({ Offset: null }))).toEqual([null, spacing, nowhere]);
    const flat = { NDims: "2", DimSize: "3 4", Offset: "1 2", ElementSpacing: "0.5 0.75", TransformMatrix: "1 0 0 1" };
    expect(await said(flat)).toEqual([null, spacing, nowhere]);
    const unspaced = "a.mha: without a spacing its place in the patient is not used";
    expect(await said({ ElementSpacing: null })).toEqual([null, null, unspaced]);
    const noLength = "a.mha: its spacing is no length of .001 to 1,000 mm and is left out";
    expect(await said({ ElementSpacing: "0 0.75 2" })).toEqual([null, null, `${noLength} | ${unspaced}`]);
    const zero = await said({ TransformMatrix: "0 0 0 0 0 0 0 0 0" });
    expect(zero).toEqual([null, spacing, expect.stringContaining("TransformMatrix or Offset gives none")]);
    // Step x (0.5, 0, 0); step y 0.75 · (0.6, 0.8, 0).
    const sheared = await said({ TransformMatrix: "1 0 0 0.6 0.8 0 0 0 1" });
    expect(sheared[0]).toBeNull();
    expect(sheared[2]).toContain("its axes are sheared");
  });

  it("lays graders' labels over a slice, whatever order their rows have", async () => {
    const place = { spacingMm: [0.7, 0.6], position: [-10, 20, 30], thicknessMm: 2 } as const;
    const directions = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
    const bytes = ctDicom({ width: 3, height: 2, values: [0, 1, 2, 3, 4, 5], ...place, ...directions });
    // The rows from the last to the first: offset one row further, the second axis turned round.
    const change = {
      DimSize: "3 2 1",
      ElementType: "MET_UCHAR",
      ElementSpacing: "0.6 0.7 2",
      Offset: "-10 20.7 30",
      TransformMatrix: "1 0 0 0 -1 0 0 0 1",
    };
    const labels = { name: "labels.mha", bytes: mha(change, Uint8Array.of(0, 0, 1, 1, 0, 2)) };
    const opened = await openFiles([{ name: "ct.dcm", bytes }, labels]);
    if (opened.kind !== "image") throw new Error(opened.kind);
    const graders = (await opened.stack.graders?.(0)) ?? [];
    expect(graders.map(({ name, mask }) => [name, [...(mask?.bits ?? [])]])).toEqual([
      ["Grader 1", [1, 0, 0, 0, 0, 1]],
      ["Grader 2", [0, 0, 1, 0, 0, 0]],
    ]);
    expect(english(opened.stack.notes)).toEqual(["ct.dcm is the slice; labels.mha: what a grader drew"]);
  });
});

describe("a MetaImage", () => {
  it("is a stack for the page, of two or three axes", async () => {
    const flat = { NDims: "2", DimSize: "3 2", Offset: "1 2", ElementSpacing: "0.5 0.75", TransformMatrix: "1 0 0 1" };
    const opened = await openFile({ name: "a", bytes: mha(flat, twelve.subarray(0, 12)) });
    if (opened.kind !== "image") throw new Error(opened.kind);
    expect([opened.stack.format, opened.stack.frames]).toEqual(["metaimage", 1]);
    expect([...(await opened.stack.slice(0)).values]).toEqual([-3, -2, -1, 0, 1, 2]);
  });

  it("of four axes is a volume after the other, each at its place", async () => {
    const four = {
      NDims: "4",
      DimSize: "3 1 2 2",
      ElementSpacing: "0.5 0.75 2 1",
      Offset: "10 20 30 0",
      TransformMatrix: "1 0 0 0 0 1 0 0 0 0 -1 0 0 0 0 1",
    };
    const stack = await open(four);
    expect([stack.frames, stack.channels, stack.start]).toEqual([4, 2, 0]);
    const slices = await Promise.all([0, 1, 2, 3].map((k) => stack.slice(k)));
    expect(slices.map(({ geometry }) => geometry?.position[2])).toEqual([30, 28, 30, 28]);
    expect(slices.map(({ values }) => values[0])).toEqual([-3, 0, 3, 6]);
    expect(await refused({ ...four, DimSize: "3 2 20000 2" })).toContain("TooLarge");
    expect(await refused({ ...four, DimSize: "3 2 -2 -2" })).toContain("DamagedFile");
  });

  it("of four axes is a grader a volume where its numbers are labels", async () => {
    const four = {
      NDims: "4",
      DimSize: "3 1 1 2",
      ElementSpacing: "1 1 1 1",
      Offset: "0 0 0 0",
      ElementType: "MET_UCHAR",
    };
    const opened = await openFile({
      name: "a.mha",
      bytes: mha({ ...four, TransformMatrix: null }, Uint8Array.of(1, 0, 0, 0, 1, 1)),
    });
    const marks = opened.kind === "image" ? await opened.asMarks?.() : undefined;
    const graders = marks?.flatMap((each) => ("graders" in each ? each.graders : []));
    expect(graders?.map(({ name, planes }) => [name, planes.map(({ values }) => values && [...values])])).toEqual([
      ["Grader 1", [[255, 0, 0]]],
      ["Grader 2", [[0, 255, 255]]],
    ]);
  });

  it("whose numbers lie in another file is refused with that file's name", async () => {
    expect(await refused({ ElementDataFile: "scan.zraw" })).toBe(
      "UnsupportedPixels: a.mha: its numbers lie in another file (scan.zraw); drop both files together.",
    );
  });

  it.each([
    [{ NDims: "5", DimSize: "3 2 2 1 1" }, "UnsupportedPixels: a.mha: it has 5 axes"],
    [{ ElementType: "MET_LONG_LONG" }, 'UnsupportedPixels: a.mha: its items are of type "MET_LONG_LONG"'],
    [{ ElementNumberOfChannels: "3" }, "UnsupportedPixels: a.mha: each of its pixels holds several numbers (3)"],
    [{ BinaryData: "False" }, "UnsupportedPixels: a.mha: its numbers are written as text"],
    [{ HeaderSize: "-1" }, "UnsupportedPixels: a.mha: its HeaderSize is -1"],
    [{ NDims: null }, "DamagedFile: a.mha: its header has no NDims"],
    [{ DimSize: null }, "DamagedFile: a.mha: its header has no DimSize"],
    [{ ElementType: null }, "DamagedFile: a.mha: its header has no ElementType"],
    [{ ElementDataFile: null }, "DamagedFile: a.mha: its header has no ElementDataFile"],
    [{ DimSize: "3 2" }, "DamagedFile: a.mha: its DimSize holds 2 numbers, not 3"],
    [{ DimSize: "3 -2 2" }, "DamagedFile: a.mha: it declares 2 pictures of 3 × -2 pixels"],
    [{ DimSize: "3 0 2" }, "DamagedFile: a.mha: it declares 2 pictures of 3 × 0 pixels"],
    [{ DimSize: "3 2.5 2" }, "DamagedFile: a.mha: it declares 2 pictures of 3 × 2.5 pixels"],
    [{ DimSize: "3 two 2" }, 'DamagedFile: a.mha: its DimSize holds "two", which is no number'],
    [{ Offset: "1 2 nan" }, 'DamagedFile: a.mha: its Offset holds "nan", which is no number'],
    [{ TransformMatrix: "1 0 0 1" }, "DamagedFile: a.mha: its TransformMatrix holds 4 numbers, not 9"],
    [{ CompressedData: "maybe" }, 'DamagedFile: a.mha: its CompressedData is "maybe", neither True nor False'],
    [{ CompressedDataSize: "-5" }, "DamagedFile: a.mha: its CompressedDataSize is -5"],
    [{ CompressedData: "True" }, "DamagedFile: a.mha: its compressed data is broken or cut short"],
    [{ DimSize: "99999 99999 2" }, "TooLarge: a.mha: its pictures are 99999 × 99999 pixels"],
    [{ DimSize: "1e99 1 1" }, "TooLarge: a.mha"],
    [{ DimSize: "3 2 20001" }, "TooLarge: a.mha: it has 20001 pictures"],
    [{ DimSize: "4096 4096 20000" }, "TooLarge: a.mha: its volume takes 671088640000 bytes"],
    [{ DimSize: "3 2 3" }, "TruncatedFile: a.mha: it ends before slice 3 of 3 is complete"],
  ] as [Header, string][])("with %o is refused with what is wrong", async (change, sentence) => {
    expect(await refused(change)).toContain(sentence);
  });

  it("that is a byte short has all slices but the last", async () => {
    expect(await refused({}, twelve.subarray(0, 23))).toContain("it ends before slice 2 of 2 is complete");
    const packed = deflateSync(twelve.subarray(0, 23));
    expect(await refused({ CompressedData: "True" }, packed)).toContain("it ends before slice 2 of 2 is complete");
    expect([...(await (await open({}, twelve.subarray(0, 23))).slice(0)).values]).toEqual([-3, -2, -1, 0, 1, 2]);
  });
});
