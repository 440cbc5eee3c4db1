import type { OpenedCase } from "../../src/io/pack/pack.ts";
import { ballInAir, disc } from "./tiny-pack.ts";

/**
 * Balls of 4 to 9 px whose four graders part by 1 to 4 px; the last grader of every second one drew nothing. Two cases
 * to a patient.
 */
export function ballCases(count: number, side = 160): OpenedCase[] {
  return Array.from({ length: count }, (_, k): OpenedCase => {
    const radius = 4 + (k % 6);
    const spread = 1 + (k % 4);
    const radii = [radius, radius + spread, Math.max(2, radius - spread), k % 2 === 0 ? null : radius];
    const [x, y] = [side / 2 + (k % 5), side / 2 - (k % 3)];
    return {
      id: `ball-${k + 1}`,
      title: `Ball number ${k + 1}`,
      simulated: false,
      slice: ballInAir(side, x, y, radius, k),
      region: [side / 2, side / 2],
      graders: radii.map((r, g) => ({ name: `Grader ${g + 1}`, mask: r === null ? null : disc(side, x, y, r) })),
      patient: `patient ${k >> 1}`,
    };
  });
}
