import { expect, test } from "vitest";
import { GRADER_COLOURS } from "../../../src/core/colour/colour.ts";
import { graderInRegion, masksInSlice, sampleNumber, sliceMask } from "../../../src/io/export/input.ts";
import { graderSegments, readersInPage, segmentsOf } from "../../../src/io/export/segments.ts";
import { smallExport } from "../../support/export-case.ts";

const map = Float32Array.from({ length: 12 }, (_, i) => (i === 5 ? 0.9 : 0));

test("every mask is a segment: samples by number and seed, prior mean, z by hand, graders", () => {
  const input = smallExport({ priorMean: map, byHand: map, numbers: [3, 14] });
  expect(segmentsOf(input).map(({ label, algorithm }) => [label, algorithm])).toEqual([
    ["Sample 03 (seed 42)", "AUTOMATIC"],
    ["Sample 14 (seed 42)", "AUTOMATIC"],
    ["Prior mean", "AUTOMATIC"],
    ["z set by hand", "AUTOMATIC"],
    ["Grader 1", "MANUAL"],
    ["Grader 2", "MANUAL"],
  ]);
});

test("what no seed chose is not said to be of one", () => {
  const { session } = smallExport();
  const members = smallExport({ session: { ...session, choice: { ...session.choice, kind: "member" } } });
  expect(segmentsOf(members)[0]?.label).toBe("Member 01");
});

test("a grader's name out of a file does not leave, our own names do, and You has a colour of its own", () => {
  const graders = [
    { name: "Jane Doe", mask: null },
    { name: "You", mask: null },
  ];
  const segments = graderSegments(smallExport({ graders }));
  expect(segments.map(({ label }) => label)).toEqual(["Grader 1", "You"]);
  expect(segments[1]?.colour).toEqual(GRADER_COLOURS[4]);
  expect(segments[0]?.masks[0]?.bits).toEqual(new Uint8Array(35));
});

test("a reader in the page leaves with name and colour, and gives a file with a plain name", () => {
  const mask = { width: 7, height: 5, bits: new Uint8Array(35) };
  const graders = [
    { name: "Jane Doe", mask },
    { name: "You", mask, colour: [240, 228, 66] as const },
    { name: "Dr. Åsa/Berg ", mask, colour: [255, 106, 61] as const },
    { name: "???", mask, colour: [170, 153, 255] as const },
  ];
  const input = smallExport({ graders });
  const segments = graderSegments(input);
  expect(segments.map(({ label }) => label)).toEqual(["Grader 1", "You", "Dr. Åsa/Berg ", "???"]);
  expect(segments[2]?.colour).toEqual([255, 106, 61]);
  expect(readersInPage(input).map(({ file }) => file)).toEqual(["reader-1-You", "reader-2-Dr-Åsa-Berg", "reader-3"]);
});

test("a region's pixel (x, y) lies at (2 + x, 1 + y) of the slice, and back", () => {
  const input = smallExport({ priorMean: map });
  // Pixel 5 of 4 × 3 is (1, 1): column 3 of row 2 in a slice of 7 columns.
  expect(sliceMask(input, map).bits.indexOf(1)).toBe(2 * 7 + 3);
  expect([...masksInSlice(input)[0]!.bits].flatMap((bit, i) => (bit ? [i] : []))).toEqual([9, 10]);
  // Grader 1 drew (2, 1) and (0, 0): the first alone lies in the region, as its first pixel.
  expect([...graderInRegion(input, input.graders[0]!).bits].flatMap((bit, i) => (bit ? [i] : []))).toEqual([0]);
  expect([sampleNumber(input, 1), sampleNumber({ ...input, numbers: [3, 14] }, 1)]).toEqual([2, 14]);
});
