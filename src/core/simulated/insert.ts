import type { Slice } from "../values/slice.ts";
import { smoothNoise } from "./field.ts";
import type { Nodule } from "./nodule.ts";
import type { Scanner } from "./scanner.ts";

/** HU of the tissue that fills air in ground glass. */
const TISSUE_HU = 40;
const STREAM = { noise: 11, solidTexture: 12, glassTexture: 13 };

/**
 * The slice with the nodule in it, in whole HU. Tissue takes the place of air and never darkens a pixel: vessels and
 * chest wall stay, and lung shows through ground glass. What noise the blending takes away is put back, with the
 * scanner's own strength and correlation.
 */
export function insertNodule(slice: Slice, nodule: Nodule, scanner: Scanner): Slice {
  const { recipe, origin, solid, glass } = nodule;
  const size = solid.width;
  const noise = smoothNoise(size, size, scanner.noiseBlurPx, recipe.seed, [STREAM.noise]);
  const grain = smoothNoise(size, size, 2, recipe.seed, [STREAM.solidTexture]);
  const mottle = smoothNoise(size, size, 1.8, recipe.seed, [STREAM.glassTexture]);
  const values = Float32Array.from(slice.values);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const sx = origin[0] + x;
      const sy = origin[1] + y;
      if (sx < 0 || sy < 0 || sx >= slice.width || sy >= slice.height) continue;
      const from = y * size + x;
      const to = sy * slice.width + sx;
      const before = slice.values[to] as number;
      const uneven = 1 + 0.22 * (mottle.values[from] as number);
      const fill = Math.min(0.9, Math.max(0, (recipe.glass?.fill ?? 0) * uneven)) * (glass.values[from] as number);
      const hazy = before + fill * Math.max(0, TISSUE_HU - before);
      const share = solid.values[from] as number;
      const dense = (recipe.solid?.hu ?? 0) + 10 * (grain.values[from] as number);
      const after = hazy + share * Math.max(0, dense - hazy);
      if (after - before < 0.5) continue; // a vessel or the wall: what is there is already dense
      const kept = (1 - fill) * (1 - share);
      const added = scanner.noiseHu * Math.sqrt(1 - kept * kept) * (noise.values[from] as number);
      values[to] = Math.round(after + added) + 0; // whole numbers have no −0
    }
  }
  return { ...slice, values };
}
