import { normals, uniforms } from "../random/random.ts";
import { smoothNoise } from "../simulated/field.ts";
import { gradeNodule, type Habit } from "../simulated/graders.ts";
import { insertNodule } from "../simulated/insert.ts";
import { type Body, type NoduleRecipe, shapeNodule } from "../simulated/nodule.ts";
import type { Scanner } from "../simulated/scanner.ts";
import { cropRegion } from "../values/region.ts";
import type { Slice } from "../values/slice.ts";

/** A region with a nodule and what each grader drew of it. */
export interface TrainingCase {
  /** [size, size] in [0, 1], scaled as a model scales a crop. */
  readonly image: Float32Array;
  /** One a grader, [size, size] of 0 and 1; all 0 where that grader drew nothing. */
  readonly masks: readonly Uint8Array[];
}

/** Nodules from the smallest to the largest radius, in pixels of a region of 32. */
const RADII: readonly [number, number] = [3.2, 8.5];
/** Regions of this size show nodules as large as chest slices do. */
const USUAL_SIZE = 64;
const LUNG_HU = -850;
const STREAM = { recipe: 41, lung: 42, vessels: 43 };
/** A made lung has this scanner's noise. */
const SCANNER: Scanner = { noiseHu: 22, noiseBlurPx: 0.7, edgeBlurPx: 0.8 };
/** Which share of the nodules is of which kind; the rest is solid. */
const PART_SOLID = 0.5;
const GROUND_GLASS = 0.2;

/**
 * Case `number` of an endless row: a made lung with vessels, a nodule of a random kind, size and shape in it, and the
 * outlines of graders with these habits. Nothing is read: the same (seed, number, size, habits) give the same pixels
 * everywhere. `size`: 32 or 64 pixels; larger regions show larger nodules.
 */
export function trainingCase(seed: number, number: number, size: number, habits: readonly Habit[]): TrainingCase {
  const recipe = randomRecipe(seed, number, size);
  const lung = madeLung(recipe.seed, size);
  const nodule = shapeNodule(lung, recipe, size);
  const { values } = cropRegion(insertNodule(lung, nodule, SCANNER), size / 2, size / 2, size);
  // What stands out does so by the root of its area, and the region's nodules are smaller than a chest slice's.
  const looked = habits.map((habit) => ({ ...habit, faintest: (habit.faintest * size) / USUAL_SIZE }));
  const graders = gradeNodule(lung, nodule, looked);
  return { image: values, masks: graders.map(({ mask }) => mask?.bits ?? new Uint8Array(size * size)) };
}

function randomRecipe(seed: number, number: number, size: number): NoduleRecipe {
  const u = uniforms(seed, [STREAM.recipe, number], 14);
  const between = (i: number, low: number, high: number) => low + (high - low) * (u[i] as number);
  const scale = size / 32;
  const radius = scale * between(0, ...RADII);
  const shape = { elongation: between(1, 1, 1.45), angle: between(2, 0, Math.PI), waviness: between(3, 0.04, 0.12) };
  const body: Body = {
    ...shape,
    offset: [0, 0],
    radius,
    edge: scale * between(4, 0.7, 1.5),
    peak: between(5, 0.85, 1),
  };
  const centre = [size / 2 + scale * between(6, -3, 3), size / 2 + scale * between(7, -3, 3)] as const;
  const kind = u[8] as number;
  const one = { seed: Math.floor((u[9] as number) * 2 ** 31), centre, spicules: null };
  if (kind < PART_SOLID) {
    const core = radius * between(10, 0.35, 0.6);
    const off = 0.3 * (radius - core);
    const offset = [off * between(11, -1, 1), off * between(12, -1, 1)] as const;
    const solid = { ...body, offset, radius: core, edge: 0.7 * scale, hu: 25 };
    return { ...one, solid, glass: { ...body, fill: between(13, 0.3, 0.45) } };
  }
  if (kind < PART_SOLID + GROUND_GLASS)
    return { ...one, solid: null, glass: { ...body, fill: between(13, 0.25, 0.42) } };
  return { ...one, solid: { ...body, hu: between(13, 10, 50) }, glass: null };
}

/** Air with noise and a few vessels: bright lines of 1 to 2 pixels' width. */
function madeLung(seed: number, size: number): Slice {
  const noise = smoothNoise(size, size, SCANNER.noiseBlurPx, seed, [STREAM.lung]);
  const values = noise.values.map((value) => LUNG_HU + SCANNER.noiseHu * value);
  const count = 3;
  const u = uniforms(seed, [STREAM.vessels], 4 * count);
  const bends = normals(seed, [STREAM.vessels, 1], count);
  for (let k = 0; k < count; k++) {
    const [x0 = 0, y0 = 0, turn = 0, strength = 0] = u.subarray(4 * k, 4 * k + 4);
    for (let along = 0; along < size * 0.6; along += 0.5) {
      const angle = 2 * Math.PI * turn + (0.6 * (bends[k] as number) * along) / size;
      stampVessel(values, size, x0 * size + along * Math.cos(angle), y0 * size + along * Math.sin(angle), strength);
    }
  }
  const nothing = { unit: "HU", spacingMm: null, geometry: null, padding: null, modality: null, name: "" } as const;
  return { ...nothing, width: size, height: size, values: Float32Array.from(values, Math.round) };
}

function stampVessel(values: Float32Array, size: number, x: number, y: number, strength: number): void {
  for (let py = Math.max(0, Math.floor(y) - 2); py <= Math.min(size - 1, Math.ceil(y) + 2); py++) {
    for (let px = Math.max(0, Math.floor(x) - 2); px <= Math.min(size - 1, Math.ceil(x) + 2); px++) {
      const share = Math.exp(-((px - x) ** 2 + (py - y) ** 2) / 1.2);
      const hu = LUNG_HU + share * (250 + 550 * strength);
      const at = py * size + px;
      if (hu > (values[at] as number)) values[at] = hu;
    }
  }
}
