import { writeZip } from "../../src/io/bytes/zip-write.ts";
import type { OpenedCase } from "../../src/io/pack/pack.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballInAir, disc, TINY_SIDE } from "./tiny-pack.ts";

/** Balls of growing radius, one a patient; three graders draw them ever wider. */
export function teachCases(count: number): OpenedCase[] {
  return Array.from({ length: count }, (_, k) => {
    const radius = 4 + (k % 5);
    return {
      id: `ball-${k + 1}`,
      title: `Ball ${k + 1}`,
      simulated: true,
      patient: `p${k + 1}`,
      slice: ballInAir(TINY_SIDE, 80, 80, radius, k + 1),
      region: [80, 80],
      graders: [0, 1, 2].map((wider) => ({
        name: `Grader ${wider + 1}`,
        mask: disc(TINY_SIDE, 80, 80, radius + wider),
      })),
    };
  });
}

/** The pack as a person would drop it on the page. */
export function teachPack(count: number): Uint8Array<ArrayBuffer> {
  return writeZip(
    writePack("Balls to learn", "Made of balls by nobody in particular", teachCases(count)),
  ) as Uint8Array<ArrayBuffer>;
}
