import type { ErrorTag } from "../../../../../src/core/errors.ts";
import { image, type Mutant, type Picture, type Roll, refused, stored } from "../mutant.ts";
import type { Type, volumeOf } from "./numbers.ts";

/** What is changed in a volume's file, and the pictures that it shows then; else those of the seed. */
export interface VolumeChange {
  readonly words: string;
  readonly data?: Uint8Array;
  readonly frames?: readonly Picture[];
  readonly notes?: readonly RegExp[];
}

/** Makers of files that still open and of files that are refused. */
export function changing<S extends { readonly frames: readonly Picture[] }, C extends VolumeChange>(
  seedOf: (roll: Roll, type?: Type) => S,
  fileOf: (seed: S, change: C, roll: Roll) => Uint8Array,
) {
  type Make = (seed: S, roll: Roll) => C;
  return {
    opening: (make: Make, type?: Type) => {
      return (roll: Roll): Mutant => {
        const seed = seedOf(roll, type);
        const change = make(seed, roll);
        const must = image(change.frames ?? seed.frames, ...(change.notes ?? []));
        return { bytes: fileOf(seed, change, roll), words: change.words, must };
      };
    },
    refusing: (tags: ErrorTag | readonly ErrorTag[], says: RegExp, make: Make) => {
      return (roll: Roll): Mutant => {
        const seed = seedOf(roll);
        const change = make(seed, roll);
        return { bytes: fileOf(seed, change, roll), words: change.words, must: refused(tags, says) };
      };
    },
  };
}

/** The pictures of an axial volume: rows to the left, columns backwards, slices upwards from `start`. */
export function axialFrames({ size, mm, start }: ReturnType<typeof volumeOf>, values: readonly number[]): Picture[] {
  return Array.from({ length: size[2] }, (_, k) => {
    const numbers = values.slice(k * size[0] * size[1], (k + 1) * size[0] * size[1]);
    const position = [start[0], start[1], start[2] + k * mm[2]] as const;
    const geometry = { position, rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], thicknessMm: mm[2] } as const;
    return stored(size[0], size[1], numbers, { spacingMm: [mm[1], mm[0]], geometry });
  });
}
