import { describe, expect, it } from "vitest";
import type { Geometry } from "../../../src/core/values/slice.ts";
import { placesAlong, whyNoVolume } from "../../../src/io/stack/places-along.ts";
import { placeWithout, plainStack } from "../../../src/io/stack/stack.ts";
import { english } from "../../support/english.ts";

const at = (position: Geometry["position"] | null): Geometry | null =>
  position && ({ position, rowDirection: [1, 0, 0], columnDirection: [0, 0.6, 0.8], thicknessMm: null } as Geometry);
const stackOf = (...positions: (Geometry["position"] | null)[]) =>
  plainStack({
    ...{ name: "scan", format: "dicom", frames: positions.length },
    slice: async () => Promise.reject(new Error("its numbers are not needed")),
    place: (frame) => placeWithout(frame, at(positions[frame] ?? null)),
  });

describe("places along a series", () => {
  it("are the positions on the normal of the first slice, in mm, ascending or descending", () => {
    // the normal of these oblique slices is (0, −.8, .6)
    const { places, known } = placesAlong(stackOf([0, 0, 0], [5, -0.8, 0.6], [0, -2.4, 1.8]));
    expect(known).toBe(true);
    expect(places.map((place) => Number(place.toFixed(9)))).toEqual([0, 1, 3]);
    expect(placesAlong(stackOf([0, -0.8, 0.6], [0, 0, 0])).known).toBe(true);
  });

  it("are numbers where one has no place, two have the same, or the series turns back", () => {
    for (const stack of [
      stackOf([0, 0, 0], null),
      stackOf([0, 0, 0], [7, 0, 0]),
      stackOf([0, 0, 0], [0, -0.8, 0.6], [0, -0.4, 0.3]),
      stackOf([0, 0, 0]),
    ]) {
      const { places, known } = placesAlong(stack);
      expect(known).toBe(false);
      expect(places).toEqual(places.length === 1 ? [0] : places.map((_, k) => k));
    }
  });
});

it("volumes one after another are no one volume", () => {
  expect(whyNoVolume({})).toBeNull();
  expect(whyNoVolume({ channels: 1 })).toBeNull();
  expect(english(whyNoVolume({ channels: 4 }))).toContain("it holds 4 volumes one after another");
});
