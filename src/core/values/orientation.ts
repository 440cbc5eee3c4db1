import type { Geometry } from "./slice.ts";

/** What of the patient lies at each edge of a slice: "R", or "RA" where it lies obliquely. */
export interface EdgeLetters {
  readonly left: string;
  readonly right: string;
  readonly top: string;
  readonly bottom: string;
}

/** Towards plus and minus along the axes of DICOM's patient coordinates (PS3.3 C.7.6.2.1.1): left, posterior, superior. */
const TOWARDS = ["L", "P", "S"] as const;
const AWAY = ["R", "A", "I"] as const;

/** A share of the direction below which a letter is left out: about 12° from the axis before it. */
const LEAST = 0.2;

/** Letters of the patient at a slice's edges, the larger share first. */
export function edgeLetters({ rowDirection, columnDirection }: Geometry): EdgeLetters {
  const back = (direction: readonly number[]) => lettersOf(direction.map((share) => -share));
  return {
    left: back(rowDirection),
    right: lettersOf(rowDirection),
    top: back(columnDirection),
    bottom: lettersOf(columnDirection),
  };
}

function lettersOf(direction: readonly number[]): string {
  return direction
    .map((share, axis) => ({ size: Math.abs(share), letter: (share > 0 ? TOWARDS : AWAY)[axis] ?? "" }))
    .filter(({ size }) => size >= LEAST)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join("");
}
