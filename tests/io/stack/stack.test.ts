import { expect, test } from "vitest";
import { checkFrame, placeLabel, plainStack, storedSlice } from "../../../src/io/stack/stack.ts";

const one = storedSlice({ width: 2, height: 1 }, Float32Array.of(1, 2), "a");
const parts = { name: "a", format: "npy", slice: async () => one };

test("a plain stack begins in its middle and counts its pictures from 1", async () => {
  const five = plainStack({ ...parts, frames: 5 });
  expect([five.start, five.label(0), five.notes]).toEqual([2, "1 of 5", []]);
  expect(plainStack({ ...parts, frames: 4 }).start).toBe(1);
  expect(plainStack({ ...parts, frames: 1 }).label(0)).toBe("a");
  expect(await five.origin(0)).toEqual({ kind: "none" });
  expect(plainStack({ ...parts, frames: 5, start: 0 }).start).toBe(0);
});

test("numbers of no known unit have no place unless one is given", () => {
  expect(one).toMatchObject({ unit: "stored", spacingMm: null, geometry: null, padding: null, modality: null });
  expect(storedSlice(one, one.values, "b", { spacingMm: [1, 2] }).spacingMm).toEqual([1, 2]);
});

test("a label says where the picture lies, with a minus as people write it", () => {
  const geometry = {
    position: [0, 0, -75.72],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    thicknessMm: 1,
  } as const;
  expect(placeLabel(11, 96, geometry)).toBe("12 of 96 · z −75.7 mm");
  expect(placeLabel(0, 1, null)).toBe("1 of 1");
});

test.each([-1, 2, 0.5, Number.NaN])("frame %d of two is refused with the frames there are", (frame) => {
  expect(() => checkFrame(frame, 2, "a")).toThrow("ask for a frame from 0 to 1");
  expect(() => checkFrame(0, 1, "a")).not.toThrow();
});
