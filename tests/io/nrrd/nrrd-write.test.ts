import { gunzipSync } from "fflate";
import { expect, test } from "vitest";
import type { Mask, Slice } from "../../../src/core/values/slice.ts";
import { openNrrd } from "../../../src/io/nrrd/nrrd.ts";
import { segmentMarks } from "../../../src/io/nrrd/nrrd-segments.ts";
import { writeSegNrrd } from "../../../src/io/nrrd/nrrd-write.ts";
import { turned } from "../../support/ct-dicom.ts";
import { bitsAt } from "../../support/export-case.ts";

const directions = turned([20, -15, 30], true);
const slice: Slice = {
  width: 5,
  height: 3,
  values: new Float32Array(15),
  unit: "HU",
  spacingMm: [0.7, 0.6],
  geometry: { position: [-100.25, 33.3, -512.125], ...directions, thicknessMm: 2.5 },
  padding: null,
  modality: "CT",
  name: "DOE^JANE.dcm",
};
const mask = (...pixels: [number, number][]): Mask => ({ width: 5, height: 3, bits: bitsAt(5, 3, pixels) });
const segments = [
  { label: "Sample 01 (seed 42)", algorithm: "AUTOMATIC", colour: [255, 0, 51], masks: [mask([1, 1], [2, 1], [3, 2])] },
  { label: "Grader 1", algorithm: "MANUAL", colour: [0, 255, 0], masks: [mask([2, 1])] },
  { label: "Grader 2", algorithm: "MANUAL", colour: [0, 0, 255], masks: [mask()] },
] as const;

const headOf = (bytes: Uint8Array) => {
  const text = new TextDecoder("latin1").decode(bytes);
  const end = text.indexOf("\n\n");
  return { lines: text.slice(0, end).split("\n"), data: gunzipSync(bytes.subarray(end + 2)) };
};

test("segments are layers of a list axis before three axes of space, with name, colour and extent", () => {
  const { lines, data } = headOf(writeSegNrrd(segments, slice));
  expect(lines[0]).toBe("NRRD0004");
  for (const line of [
    "type: unsigned char",
    "dimension: 4",
    "space: left-posterior-superior",
    "sizes: 3 5 3 1",
    "kinds: list domain domain domain",
    "encoding: gzip",
    "space origin: (-100.25,33.3,-512.125)",
    "Segment0_Name:=Sample 01 (seed 42)",
    "Segment0_Color:=1.000000 0.000000 0.200000",
    "Segment0_Extent:=1 3 1 2 0 0",
    "Segment1_Layer:=1",
    "Segment1_LabelValue:=1",
    "Segment2_Extent:=0 -1 0 -1 0 -1",
  ]) {
    expect(lines).toContain(line);
  }
  // Pixel (2, 1) is in the first two segments: its three bytes are 1, 1, 0.
  expect([...data.subarray(3 * 7, 3 * 8)]).toEqual([1, 1, 0]);
  expect(data.length).toBe(45);
});

test("our own reader finds the slice's place, the names and the masks", async () => {
  const volume = await openNrrd(writeSegNrrd(segments, slice), "x.seg.nrrd");
  const geometry = volume.geometry(0);
  for (const axis of [0, 1, 2] as const) {
    expect(geometry?.rowDirection[axis]).toBeCloseTo(directions.rowDirection[axis], 12);
    expect(geometry?.columnDirection[axis]).toBeCloseTo(directions.columnDirection[axis], 12);
  }
  expect(volume.header.spacingMm?.map((side) => side.toFixed(9))).toEqual(["0.700000000", "0.600000000"]);
  const marks = segmentMarks(volume, "x.seg.nrrd");
  expect(marks.graders.map(({ name }) => name)).toEqual(["Sample 01 (seed 42)", "Grader 1", "Grader 2"]);
  const bits = marks.graders.map(({ planes }) => planes[0]?.values && [...planes[0].values].map((v) => (v ? 1 : 0)));
  expect(bits).toEqual([[...segments[0].masks[0].bits], [...segments[1].masks[0].bits], null]);
});

test("a slice without a place begins at 0 and says so; the same segments give the same bytes", () => {
  const bytes = writeSegNrrd(segments, { ...slice, geometry: null, spacingMm: null });
  const { lines } = headOf(bytes);
  expect(lines).toContain("# The place of this slice in the patient is not known.");
  expect(lines).toContain("space directions: none (1,0,0) (0,1,0) (0,0,1)");
  expect(bytes).toEqual(writeSegNrrd(segments, { ...slice, geometry: null, spacingMm: null }));
});

test("a name cannot end its line and become a field of its own", () => {
  const evil = [{ ...segments[0], label: "a\nspace origin: (9,9,9)" }];
  const { lines } = headOf(writeSegNrrd(evil, slice));
  expect(lines.filter((line) => line.startsWith("space origin"))).toHaveLength(1);
});

test("masks of several slices follow each other along the normal, and the extent reaches over them", async () => {
  const bytes = writeSegNrrd([{ ...segments[0], masks: [mask(), mask([4, 2]), mask([1, 0])] }], slice);
  const { lines, data } = headOf(bytes);
  expect(lines).toContain("sizes: 1 5 3 3");
  // Columns 1 to 4, rows 0 to 2, slices 1 and 2.
  expect(lines).toContain("Segment0_Extent:=1 4 0 2 1 2");
  // (4, 2) is the last of slice 1's 15 pixels, (1, 0) the second of slice 2's.
  expect([...data.entries()].flatMap(([i, one]) => (one ? [i] : []))).toEqual([29, 31]);
  const volume = await openNrrd(bytes, "x.seg.nrrd");
  const { rowDirection: r, columnDirection: c } = directions;
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
  for (const axis of [0, 1, 2] as const) {
    expect(volume.geometry(2)?.position[axis]).toBeCloseTo(slice.geometry!.position[axis] + 5 * normal[axis]!, 9);
  }
});
