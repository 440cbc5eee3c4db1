import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { upsampleField } from "../../../src/core/network/field.ts";

describe("a field at every pixel", () => {
  it("two nodes over four pixels: held at the border, linear between the nodes' centres", () => {
    // node centres lie at pixels .5 and 2.5: shares of the second node 0 (held), .25, .75, 1 (held)
    const found = upsampleField(Float32Array.of(0, 4), { width: 2, height: 1 }, 4, 1);
    expect(Array.from(found)).toEqual([0, 1, 3, 4]);
  });

  it("rows are treated as columns are", () => {
    const found = upsampleField(Float32Array.of(0, 4), { width: 1, height: 2 }, 1, 4);
    expect(Array.from(found)).toEqual([0, 1, 3, 4]);
  });

  it("one node fills the picture, and no value leaves the range of the nodes", () => {
    expect(new Set(upsampleField(Float32Array.of(0.5), { width: 1, height: 1 }, 5, 3))).toEqual(new Set([0.5]));
    const nodes = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(nodes, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (values, width, height) => {
        const found = upsampleField(Float32Array.from(values), { width: 3, height: 2 }, width, height);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(Math.max(...found)).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
      }),
    );
  });
});
