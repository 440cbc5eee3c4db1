import { expect, test } from "vitest";
import type { MarkPlane, PixelMarks } from "../../../src/io/marks/mark-plane.ts";
import { gradersOn, summaryOf } from "../../../src/io/marks/marks.ts";
import { markTarget, withMarks } from "../../../src/io/marks/marks-target.ts";
import { plainStack, storedSlice } from "../../../src/io/stack/stack.ts";

const plane = (values: number[] | null, sopInstanceUid: string | null = null): MarkPlane => ({
  width: 2,
  height: 1,
  geometry: null,
  spacingMm: null,
  sopInstanceUid,
  frame: null,
  values: values && Uint8Array.from(values),
});
const marks = (name: string, ...planes: MarkPlane[]): PixelMarks => ({
  format: "png",
  file: "m",
  seriesInstanceUid: null,
  graders: [{ name, planes }],
});
const slice = storedSlice({ width: 2, height: 1 }, new Float32Array(2), "a");
const stack = plainStack({ name: "a", format: "png", frames: 1, slice: async () => slice });

test("a summary counts each grader's marked pictures, and the pictures that anyone marked", () => {
  const two = marks("Grader 1", plane([255, 0], "1"), plane(null, "2"));
  expect(summaryOf(two)).toEqual({
    kind: "marks",
    format: "png",
    graders: [{ name: "Grader 1", marks: 1, contours: 1 }],
    slices: 1,
  });
});

test("a slice that is no DICOM is named by its frame alone, and only where there are several", async () => {
  expect(await markTarget(stack, 0)).toMatchObject({ sopInstanceUid: null, seriesInstanceUid: null, frame: null });
  expect((await markTarget({ ...stack, frames: 3 }, 2)).frame).toBe(2);
});

test("files of marks laid over a stack are its graders, counted on where their names are the same", async () => {
  const drawn = marks("Grader 1", plane([0, 255]));
  expect(gradersOn(drawn, await markTarget(stack, 0))[0]?.mask?.bits).toEqual(Uint8Array.of(0, 1));
  const names = async (...all: PixelMarks[]) =>
    ((await withMarks(stack, all).graders?.(0)) ?? []).map(({ name }) => name);
  expect(await names(drawn)).toEqual(["Grader 1"]);
  expect(await names(drawn, drawn)).toEqual(["Grader 1", "Grader 2"]);
  expect(await names(marks("Reader A", plane(null)), drawn)).toEqual(["Reader A", "Grader 1"]);
});
