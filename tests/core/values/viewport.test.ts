import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lookAt, panned, placed, wholeLook, within, zoomed } from "../../../src/core/values/viewport.ts";

// 100 × 100 pixels in a frame of 200 × 200: two screen units a pixel
const framed = { width: 100, height: 100, frameWidth: 200, frameHeight: 200 };
const whole = wholeLook(framed);

describe("looking at a picture", () => {
  it("fits the whole picture into its frame at zoom 1", () => {
    expect(placed(whole, framed)).toEqual({ left: 0, top: 0, scale: 2, scaleY: 2 });
    // twice as wide as high: 50 units are left above and below
    expect(placed(wholeLook({ width: 200, height: 100 }), { ...framed, width: 200 })).toEqual({
      left: 0,
      top: 50,
      scale: 1,
      scaleY: 1,
    });
  });

  it("draws pixels that are higher than wide so, about the middle of what is left beside them", () => {
    // 100 × 100 pixels twice as high as wide are 100 × 200: 1 unit across, 2 down, and 50 units left on either side
    const tall = { ...framed, aspect: 2 };
    expect(placed(whole, tall)).toEqual({ left: 50, top: 0, scale: 1, scaleY: 2 });
    // zoom 2 about the frame's point (100, 50), pixel (50, 25): it stays, 2 units across and 4 down
    expect(placed(zoomed(whole, 2, [100, 50], tall), tall)).toEqual({ left: 0, top: -50, scale: 2, scaleY: 4 });
    expect(panned({ zoom: 2, x: 50, y: 50 }, 0, 40, tall)).toEqual({ zoom: 2, x: 50, y: 40 });
  });

  it("keeps what lies under the pointer there while it zooms", () => {
    // the point (50, 100) of the frame is pixel (25, 50); at zoom 2 (4 units a pixel) it is still there: 50 = left + 25 · 4
    expect(placed(zoomed(whole, 2, [50, 100], framed), framed)).toEqual({ left: -50, top: -100, scale: 4, scaleY: 4 });
  });

  it("follows two fingers that spread and move at once", () => {
    // from zoom 2 about the middle to zoom 4, the fingers' middle 8 units further right: pixel 50 goes to 108
    const look = zoomed({ zoom: 2, x: 50, y: 50 }, 4, [100, 100], framed, [8, 0]);
    const { left, scale } = placed(look, framed);
    expect(left + 50 * scale).toBe(108);
  });

  it("pans by as many pixels as the hand moved, and never past the picture's edge", () => {
    const near = { zoom: 2, x: 50, y: 50 };
    expect(panned(near, 20, -8, framed)).toEqual({ zoom: 2, x: 45, y: 52 }); // 4 units a pixel
    expect(panned(near, 1e6, 0, framed)).toEqual({ zoom: 2, x: 25, y: 50 }); // half of the 50 pixels seen
    expect(panned(whole, 30, 30, framed)).toEqual(whole);
  });

  it("shows a box with a rim of a quarter of its side", () => {
    // 1.5 · 20 = 30 of 100 pixels: zoom 100/30
    const look = lookAt({ x: 40, y: 40, width: 20, height: 20 }, framed);
    expect(look.zoom).toBeCloseTo(100 / 30);
    expect([look.x, look.y]).toEqual([50, 50]);
  });

  it("never leaves the frame empty beside a picture that could fill it, whatever is asked for", () => {
    const value = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(value, value, value, (zoom, x, y) => {
        const { left, top, scale } = placed(within({ zoom, x, y }, framed), framed);
        expect(Math.max(left, top)).toBeLessThanOrEqual(1e-6);
        expect(Math.min(left, top) + 100 * scale).toBeGreaterThanOrEqual(200 - 1e-6);
      }),
    );
  });
});
