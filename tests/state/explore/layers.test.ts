import { describe, expect, it } from "vitest";
import { rangeOf } from "../../../src/state/explore/layers.ts";

describe("the colour bar of a map", () => {
  const calm = Float32Array.of(0, 0.03);
  const split = Float32Array.of(0, 0.12);

  it("ends at the first round value that holds all of its maps", () => {
    expect(rangeOf("variance", [calm], false)).toEqual([0, 0.05]);
    expect(rangeOf("variance", [calm, split], false)).toEqual([0, 0.15]);
  });

  it("locked, is the whole range of the measure whatever the case: a quarter of variance, ln 2 nats of entropy", () => {
    for (const maps of [[calm], [split], [null]]) expect(rangeOf("variance", maps, true)).toEqual([0, 0.25]);
    expect(rangeOf("entropy", [calm], true)).toEqual([0, Math.LN2]);
    expect(rangeOf("mean", [calm], true)).toEqual([0, 1]);
  });
});
