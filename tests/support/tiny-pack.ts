import { smoothNoise } from "../../src/core/simulated/field.ts";
import type { Grader, Mask, Slice } from "../../src/core/values/slice.ts";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import type { OpenedCase } from "../../src/io/pack/pack.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";

/** Side of the slices, px: more than a region, so that it can be moved. */
export const TINY_SIDE = 160;

/** Filled circle of radius r around (x, y). */
export function disc(side: number, x: number, y: number, r: number): Mask {
  const bits = Uint8Array.from({ length: side * side }, (_, at) =>
    Math.hypot((at % side) - x, Math.floor(at / side) - y) <= r ? 1 : 0,
  );
  return { width: side, height: side, bits };
}

/** Balls that were made before: most tests make the same ones. */
const BALLS = new Map<string, Slice>();

/** Air of −850 HU with noise of 20 HU, and a soft ball of 40 HU and radius r around (x, y). */
export function ballInAir(side: number, x: number, y: number, r: number, seed = 0): Slice {
  const key = [side, x, y, r, seed].join();
  const ball = BALLS.get(key) ?? newBall(side, x, y, r, seed);
  BALLS.set(key, ball);
  return { ...ball, values: ball.values.slice() };
}

function newBall(side: number, x: number, y: number, r: number, seed: number): Slice {
  const noise = smoothNoise(side, side, 0.6, seed, [99]).values;
  const values = noise.map((n, at) => {
    const depth = r - Math.hypot((at % side) - x, Math.floor(at / side) - y);
    return Math.round(-850 + 890 / (1 + Math.exp(-depth)) + 20 * n) + 0; // npy of whole numbers has no −0
  });
  return {
    width: side,
    height: side,
    values,
    unit: "HU",
    spacingMm: [0.7, 0.7],
    geometry: null,
    padding: null,
    modality: null,
    name: "ball",
  };
}

/** Two cases with nothing of a patient in them: graders 4 of 4 and 2 of 4, the second with ratings. */
export function tinyCases(): OpenedCase[] {
  const side = TINY_SIDE;
  const round = (radii: readonly (number | null)[], x: number, y: number): Grader[] =>
    radii.map((r, k) => ({ name: `Grader ${k + 1}`, mask: r === null ? null : disc(side, x, y, r) }));
  const rated = round([4, null, 7, null], 70, 84).map((grader) =>
    grader.mask ? { ...grader, ratings: { malignancy: 3, subtlety: 4 } } : grader,
  );
  return [
    {
      id: "ball-a",
      title: "Ball A · 4 of 4 drew",
      simulated: false,
      slice: ballInAir(side, 80, 80, 7, 1),
      region: [80, 80],
      graders: round([5, 6, 7, 8], 80, 80),
    },
    {
      id: "ball-b",
      title: "Ball B · 2 of 4 drew",
      simulated: false,
      slice: ballInAir(side, 70, 84, 5, 2),
      region: [72, 82],
      graders: rated,
    },
  ];
}

/** The case pack as a person would drop it on the page. */
export function tinyPack(): Uint8Array {
  return writeZip(writePack("Tiny pack", "Made of balls by nobody in particular", tinyCases()));
}
