import { blur, type Field, fieldOf, smoothNoise } from "../../src/core/simulated/field.ts";
import type { Slice } from "../../src/core/values/slice.ts";

/** What `lungSlice` is made with, and what measuring it has to find. */
export const LUNG_SLICE = { side: 256, noiseHu: 14, noiseBlurPx: 0.6, edgeBlurPx: 1.2, wall: 60 };

/** Lung of −830 HU right of a wall of 40 HU that ends at column 60, blurred, with noise. */
export function lungSlice(): Slice {
  const { side, noiseHu, noiseBlurPx, edgeBlurPx, wall } = LUNG_SLICE;
  const sharp: Field = fieldOf(side, side, (x) => (x < wall ? 40 : -830));
  const noise = smoothNoise(side, side, noiseBlurPx, 5, [1]).values;
  const values = blur(sharp, edgeBlurPx).values.map((value, i) => value + noiseHu * (noise[i] as number));
  return {
    width: side,
    height: side,
    values,
    unit: "HU",
    spacingMm: [0.66, 0.66],
    geometry: null,
    padding: null,
    modality: "CT",
    name: "lung",
  };
}
