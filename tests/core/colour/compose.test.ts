import { describe, expect, it } from "vitest";
import { colourAt, VIRIDIS } from "../../../src/core/colour/colour.ts";
import { composeRegion } from "../../../src/core/colour/compose.ts";

const grey = Uint8Array.of(100, 200);
const size = { width: 2, height: 1, grey };

describe("a picture out of layers", () => {
  it("without layers is grey and opaque", () => {
    expect(Array.from(composeRegion(size))).toEqual([100, 100, 100, 255, 200, 200, 200, 255]);
  });

  it("a map at full opacity shows its table's colours over its range", () => {
    const map = { values: Float32Array.of(2, 4), range: [2, 4] as const, table: VIRIDIS, opacity: 1 };
    const rgba = composeRegion({ ...size, map });
    expect(Array.from(rgba.subarray(0, 3))).toEqual(colourAt(VIRIDIS, 0));
    expect(Array.from(rgba.subarray(4, 7))).toEqual(colourAt(VIRIDIS, 1));
  });

  it("half opacity is half way between", () => {
    const map = { values: Float32Array.of(0, 0), range: [0, 1] as const, table: VIRIDIS, opacity: 0.5 };
    // viridis begins with 68, 1, 84: (100 + 68) / 2 = 84, 50.5 → 50, 92
    expect(Array.from(composeRegion({ ...size, map }).subarray(0, 3))).toEqual([84, 50, 92]);
  });

  it("a fading map is clear at its low end; NaN is always clear", () => {
    const map = {
      values: Float32Array.of(0, Number.NaN),
      range: [0, 1] as const,
      table: VIRIDIS,
      opacity: 1,
      fade: true,
    };
    expect(Array.from(composeRegion({ ...size, map }))).toEqual(Array.from(composeRegion(size)));
    const risen = composeRegion({ ...size, map: { ...map, values: Float32Array.of(0.25, 0) } });
    expect(Array.from(risen.subarray(0, 3))).toEqual(colourAt(VIRIDIS, 0.25));
  });

  it("a range without extent shows the first colour, not NaN", () => {
    const map = { values: Float32Array.of(3, 3), range: [3, 3] as const, table: VIRIDIS, opacity: 1 };
    expect(Array.from(composeRegion({ ...size, map }).subarray(0, 3))).toEqual(colourAt(VIRIDIS, 0));
  });

  it("fills lie on top, in their order, where their mask is", () => {
    const fills = [
      { bits: Uint8Array.of(1, 1), colour: [255, 0, 0] as const, opacity: 1 },
      { bits: Uint8Array.of(0, 1), colour: [0, 0, 255] as const, opacity: 0.5 },
    ];
    // second pixel: half of red and blue: 127.5 → 128 and 128 (to the even)
    expect(Array.from(composeRegion({ ...size, fills }))).toEqual([255, 0, 0, 255, 128, 0, 128, 255]);
  });

  it("a layer of another size is refused", () => {
    const fills = [{ bits: new Uint8Array(3), colour: [0, 0, 0] as const, opacity: 1 }];
    expect(() => composeRegion({ ...size, fills })).toThrow(/layer of 3 pixels does not fit 2 × 1/);
  });
});
