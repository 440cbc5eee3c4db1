import { expect, test } from "vitest";
import type { MarkPlane, PixelMarks } from "../../../src/io/marks/mark-plane.ts";
import { summaryOf } from "../../../src/io/marks/marks.ts";
import { withMarks } from "../../../src/io/marks/marks-target.ts";
import { plainStack, storedSlice } from "../../../src/io/stack/stack.ts";
import { english } from "../../support/english.ts";

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
  expect(summaryOf([two])).toEqual({
    kind: "marks",
    format: "png",
    graders: [{ name: "Grader 1", marks: 1, contours: 1 }],
    slices: 1,
  });
});

test("marks without a place belong to the picture on the screen alone, which is said", async () => {
  const three = plainStack({ name: "a", format: "png", frames: 3, slice: async () => slice });
  const { stack: marked, notes } = await withMarks(three, [marks("Grader 1", plane([0, 255]))], 2);
  const counts = await Promise.all([0, 1, 2].map(async (frame) => (await marked.graders?.(frame))?.length));
  expect(counts).toEqual([0, 0, 1]);
  expect(english(notes)).toEqual(["m says nothing of its place: it is laid over 3 of 3 alone"]);
});

test("marks of another size are left out with a sentence, and the rest stay", async () => {
  const wide = marks("Grader 1", { ...plane(null), width: 3, values: Uint8Array.of(0, 0, 255) });
  const { stack: marked, notes } = await withMarks(stack, [wide, marks("Reader A", plane([255, 0]))]);
  expect((await marked.graders?.(0))?.map(({ name }) => name)).toEqual(["Reader A"]);
  expect(english(notes)).toEqual([expect.stringContaining("Left out: m: it is 3 × 1 pixels, the slice 2 × 1")]);
});

test("who shares a name keeps the new one on pictures that the other's marks do not reach", async () => {
  const three = plainStack({ name: "a", format: "png", frames: 3, slice: async () => slice });
  const placed = { ...plane([255, 0]), frame: null };
  const everywhere = marks("Reader A", placed, placed, placed);
  const here = marks("Reader A", plane([0, 255]));
  const places = { ...three, place: (frame: number) => ({ ...three.place(frame), frame }) };
  const { stack: marked } = await withMarks(places, [here, everywhere], 1);
  const names = async (frame: number) => (await marked.graders?.(frame))?.map(({ name }) => name);
  expect([await names(0), await names(1)]).toEqual([["Grader 2"], ["Grader 1", "Grader 2"]]);
});

test("files of marks laid over a stack are its graders, counted on where their names are the same", async () => {
  const drawn = marks("Grader 1", plane([0, 255]));
  const names = async (...all: PixelMarks[]) =>
    ((await (await withMarks(stack, all)).stack.graders?.(0)) ?? []).map(({ name }) => name);
  expect((await (await withMarks(stack, [drawn])).stack.graders?.(0))?.[0]?.mask?.bits).toEqual(Uint8Array.of(0, 1));
  expect(await names(drawn)).toEqual(["Grader 1"]);
  expect(await names(drawn, drawn)).toEqual(["Grader 1", "Grader 2"]);
  expect(await names(marks("Reader A", plane(null)), drawn)).toEqual(["Reader A", "Grader 1"]);
});
