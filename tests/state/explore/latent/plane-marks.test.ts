import { expect, it } from "vitest";
import { marksBeyond, type PlaneMarks } from "../../../../src/state/explore/latent/plane-marks.ts";

const marks = (rest: Partial<PlaneMarks>): PlaneMarks => ({ z: null, samples: [], graders: [], ...rest });

it("who lies further out than ±4 σ on either direction lies beyond the plane, with both places", () => {
  const graders = [
    { at: [3.9, -4], text: "1", slot: 0 },
    { at: [1, -5.25], text: "2", slot: 1 },
  ] as const;
  expect(marksBeyond(marks({ graders }))).toEqual([{ who: "2", slot: 1, at: [1, -5.25] }]);
  expect(marksBeyond(marks({ z: [4.01, 0] }))).toEqual([{ who: "z", slot: null, at: [4.01, 0] }]);
  expect(marksBeyond(marks({ z: [4, 0] }))).toEqual([]);
});
