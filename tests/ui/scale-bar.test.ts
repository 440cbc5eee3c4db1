import { describe, expect, it } from "vitest";
import { barBottom, scaleBar } from "../../src/ui/explore/slice/scale-bar.ts";

describe("the scale bar", () => {
  it("has a round length that fits", () => {
    // .7 mm per pixel, 2 CSS px per pixel: 1 mm is 2.857 px; 20 mm = 57.1 px fits into 100, 50 mm = 142.9 does not.
    expect(scaleBar(0.7, 2, 100)).toEqual({ length: (20 * 2) / 0.7, text: "20 mm" });
  });

  it("counts pixels where the spacing is unknown", () => {
    expect(scaleBar(null, 3, 100)).toEqual({ length: 60, text: "20 px" });
  });

  it("stands above the zoom buttons where it does not fit beside them", () => {
    // 12 + 50 + 64 for the text + 150 for the buttons = 276.
    expect(barBottom({ length: 50 }, 276, 200, false)).toBe(188);
    expect(barBottom({ length: 50 }, 275, 200, false)).toBe(154);
    // For a finger they are larger: 12 + 50 + 64 + 210 = 336.
    expect(barBottom({ length: 50 }, 335, 200, true)).toBe(140);
  });
});
