import { describe, expect, it } from "vitest";
import { scaleBar } from "../../src/ui/explore/slice/scale-bar.ts";

describe("the scale bar", () => {
  it("has a round length that fits", () => {
    // .7 mm per pixel, 2 CSS px per pixel: 1 mm is 2.857 px; 20 mm = 57.1 px fits into 100, 50 mm = 142.9 does not.
    expect(scaleBar(0.7, 2, 100)).toEqual({ length: (20 * 2) / 0.7, text: "20 mm" });
  });

  it("counts pixels where the spacing is unknown", () => {
    expect(scaleBar(null, 3, 100)).toEqual({ length: 60, text: "20 px" });
  });
});
