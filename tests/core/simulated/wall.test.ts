import { describe, expect, it } from "vitest";
import { uniforms } from "../../../src/core/random/random.ts";
import { blur, fieldOf } from "../../../src/core/simulated/field.ts";
import { wallIn } from "../../../src/core/simulated/wall.ts";
import type { Slice } from "../../../src/core/values/slice.ts";

const [WIDTH, HEIGHT, SIZE] = [70, 60, 24];
const slice = (dense: (x: number, y: number) => boolean): Slice => ({
  width: WIDTH,
  height: HEIGHT,
  values: Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    dense(i % WIDTH, Math.floor(i / WIDTH)) ? -349 : -351,
  ),
  unit: "HU",
  spacingMm: null,
  geometry: null,
  padding: null,
  modality: "CT",
  name: "",
});

/** The opening by its definition: the union of all discs of radius 5 that lie in what is dense; then the border softened. */
function byDefinition({ values }: Slice, [x0, y0]: readonly [number, number]): Float32Array {
  const around = 20; // px beside the patch: more than both passes and the blur look at
  const side = SIZE + 2 * around;
  const dense = (x: number, y: number) => {
    const sx = Math.min(WIDTH - 1, Math.max(0, x0 + x - around));
    const sy = Math.min(HEIGHT - 1, Math.max(0, y0 + y - around));
    return (values[sy * WIDTH + sx] as number) > -350;
  };
  const disc: [number, number][] = [];
  for (let dy = -5; dy <= 5; dy++) for (let dx = -5; dx <= 5; dx++) if (dx * dx + dy * dy <= 25) disc.push([dx, dy]);
  const fits = (x: number, y: number) => disc.every(([dx, dy]) => dense(x + dx, y + dy));
  const opened = fieldOf(side, side, (x, y) => (disc.some(([dx, dy]) => fits(x + dx, y + dy)) ? 1 : 0));
  const soft = blur(opened, 0.8);
  return fieldOf(SIZE, SIZE, (x, y) => soft.values[(y + around) * side + x + around] as number).values;
}

describe("the chest wall in a patch", () => {
  it("is what a disc of radius 5 fits into: an opening, by its definition, wherever the patch lies", () => {
    const chance = uniforms(3, [0], 52);
    const blobs = Array.from({ length: 13 }, (_, k) => [0, 1, 2].map((i) => chance[4 * k + i] as number));
    const lumpy = slice((x, y) =>
      blobs.some(([bx = 0, by = 0, r = 0]) => Math.hypot(x - bx * WIDTH, y - by * HEIGHT) < 3 + 9 * r),
    );
    let full = 0;
    for (const origin of [
      [20, 15],
      [-4, -6], // over the slice's corners, where the last pixel goes on
      [52, 44],
    ] as const) {
      const { values } = wallIn(lumpy, origin, SIZE);
      const wanted = byDefinition(lumpy, origin);
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(wanted[i] as number, 6);
      if (Math.max(...values) > 0.9 && Math.min(...values) < 0.1) full++;
    }
    expect(full).toBeGreaterThan(1); // there is something to compare
  });

  it("has no vessel: what is thinner than the disc drops out", () => {
    const vessel = slice((x) => x >= 30 && x < 40); // 10 px; the disc is 11 wide
    expect(Math.max(...wallIn(vessel, [20, 15], SIZE).values)).toBe(0);
    const wall = slice((x) => x >= 30 && x < 41);
    expect(Math.max(...wallIn(wall, [20, 15], SIZE).values)).toBeGreaterThan(0.9);
  });
});
