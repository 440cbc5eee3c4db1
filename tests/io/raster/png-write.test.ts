import { decode } from "fast-png";
import { expect, test } from "vitest";
import { pngOfMap, pngOfMask } from "../../../src/io/raster/png-write.ts";

test("a mask becomes an 8-bit grey picture of 0 and 255 in its own size", () => {
  const png = decode(pngOfMask({ width: 3, height: 2, bits: Uint8Array.from([0, 1, 0, 1, 1, 0]) }));
  expect(png).toMatchObject({ width: 3, height: 2, depth: 8, channels: 1 });
  expect([...png.data]).toEqual([0, 255, 0, 255, 255, 0]);
});

test("a map keeps 16 bits, clamps what is outside its range, and says its range", () => {
  const png = decode(pngOfMap(Float32Array.from([-1, 0, 0.125, 0.25, 9]), { width: 5, height: 1 }, [0, 0.25]));
  // 0.125 is half of 0.25: 32767.5 rounds up.
  expect([...png.data]).toEqual([0, 0, 32768, 65535, 65535]);
  expect(png.depth).toBe(16);
  expect(png.text["Range"]).toBe("0 = 0, 65535 = 0.25");
});

test("text outside ASCII is dropped from a picture's notes, since tEXt cannot hold it", () => {
  const png = decode(pngOfMap(new Float32Array(1), { width: 1, height: 1 }, [0, 1], { Model: "lidc → \u0007σ" }));
  expect(png.text["Model"]).toBe("lidc  ");
});
