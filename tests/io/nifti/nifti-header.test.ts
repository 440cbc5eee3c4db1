import { describe, expect, it } from "vitest";
import { NIFTI_HEADER, readNiftiHeader } from "../../../src/io/nifti/nifti-header.ts";

/** NIfTI-2: 3 × 2 × 2 of int16 in micrometres, slope 2, and the sform of 500, 750 and 2,000 of them. */
function second(change: (view: DataView) => void = () => undefined, little = true): Uint8Array {
  const view = new DataView(new ArrayBuffer(NIFTI_HEADER));
  view.setInt32(0, 540, little);
  for (const [i, code] of [0x6e, 0x2b, 0x32, 0].entries()) view.setUint8(4 + i, code);
  view.setInt16(12, 4, little);
  for (const [i, side] of [3, 3, 2, 2, 1, 1, 1, 1].entries()) view.setBigInt64(16 + 8 * i, BigInt(side), little);
  for (const [i, size] of [1, 500, 750, 2000].entries()) view.setFloat64(104 + 8 * i, size, little);
  view.setBigInt64(168, 544n, little);
  view.setFloat64(176, 2, little);
  view.setFloat64(184, -1, little);
  view.setInt32(348, 3, little);
  for (const [i, value] of [500, 0, 0, 10, 0, 750, 0, 20, 0, 0, 2000, 30].entries()) {
    view.setFloat64(400 + 8 * i, value, little);
  }
  view.setInt32(500, 3, little);
  change(view);
  return new Uint8Array(view.buffer);
}

const refusal = (change: (view: DataView) => void) => () => readNiftiHeader(second(change), "a.nii");

describe("a NIfTI-2 header", () => {
  it.each([true, false])("is read with its place in millimetres (little-endian: %s)", (little) => {
    const header = readNiftiHeader(second(undefined, little), "a.nii");
    expect(header).toMatchObject({ littleEndian: little, size: [3, 2, 2, 1], type: "i2", offset: 544 });
    expect([header.slope, header.intercept, header.sformCode, header.qform]).toEqual([2, -1, 3, null]);
    expect(header.pixdimMm).toEqual([0.75, 0.5]);
    expect(header.sform?.map((row) => row.map((part) => Number(part.toFixed(6))))).toEqual([
      [0.5, 0, 0, 0.01],
      [0, 0.75, 0, 0.02],
      [0, 0, 2, 0.03],
      [0, 0, 0, 1],
    ]);
  });

  it("takes all dimensions past the third as one, and those past the rank as 1", () => {
    const deep = readNiftiHeader(
      second((view) => {
        view.setBigInt64(16, 5n, true);
        view.setBigInt64(48, 4n, true);
        view.setBigInt64(56, 3n, true);
        view.setBigInt64(64, 9n, true);
      }),
      "a.nii",
    );
    expect(deep.size).toEqual([3, 2, 2, 12]);
  });

  it("has no place where a column has no length, or a number is none", () => {
    expect(
      readNiftiHeader(
        second((view) => view.setFloat64(400, 0, true)),
        "a",
      ).sform,
    ).toBeNull();
    expect(
      readNiftiHeader(
        second((view) => view.setFloat64(424, Number.NaN, true)),
        "a",
      ).sform,
    ).toBeNull();
    expect(
      readNiftiHeader(
        second((view) => view.setInt32(348, 0, true)),
        "a",
      ).sform,
    ).toBeNull();
  });

  it("has no spacing of its own where pixdim is no length of .001 to 1,000 mm", () => {
    for (const size of [Number.NaN, Number.POSITIVE_INFINITY, 0, 1e38])
      expect(
        readNiftiHeader(
          second((view) => view.setFloat64(112, size, true)),
          "a",
        ).pixdimMm,
      ).toBeNull();
  });

  it("is refused with the reason", () => {
    expect(refusal((view) => view.setInt32(0, 541, true))).toThrow("its header is not one of NIfTI");
    expect(refusal((view) => view.setBigInt64(16, 8n, true))).toThrow("it declares 8 dimensions");
    expect(refusal((view) => view.setInt16(12, 32, true))).toThrow("it holds complex numbers, which are not read");
    expect(refusal((view) => view.setInt16(12, 7, true))).toThrow("items of type 7");
    expect(refusal((view) => view.setUint8(5, 0x69))).toThrow("the header of a pair of files");
    expect(refusal((view) => view.setBigInt64(168, 539n, true))).toThrow("its voxels begin at byte 539");
    expect(refusal((view) => view.setInt16(14, 8, true))).toThrow("8 bits a voxel, and voxels of its type take 16");
    expect(refusal((view) => view.setBigInt64(24, -3n, true))).toThrow("it declares sides of -3 × 2 × 2 voxels");
    expect(() => readNiftiHeader(new Uint8Array(300), "a")).toThrow("too short for a header");
  });
});
