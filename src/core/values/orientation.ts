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
export function edgeLetters({
  rowDirection,
  columnDirection,
}: Pick<Geometry, "rowDirection" | "columnDirection">): EdgeLetters {
  const back = (direction: readonly number[]) => lettersOf(direction.map((share) => -share));
  return {
    left: back(rowDirection),
    right: lettersOf(rowDirection),
    top: back(columnDirection),
    bottom: lettersOf(columnDirection),
  };
}

/** Axes of a plane through a series of such slices; a coronal or sagittal one has the normal's end on top. */
export function planeThrough(
  name: "Axial" | "Coronal" | "Sagittal",
  slice: Pick<Geometry, "rowDirection" | "columnDirection">,
): Pick<Geometry, "rowDirection" | "columnDirection"> {
  const { rowDirection: a, columnDirection: b } = slice;
  if (name === "Axial") return slice;
  const down = [a[2] * b[1] - a[1] * b[2], a[0] * b[2] - a[2] * b[0], a[1] * b[0] - a[0] * b[1]] as const;
  return { rowDirection: name === "Coronal" ? a : b, columnDirection: down };
}

function lettersOf(direction: readonly number[]): string {
  return direction
    .map((share, axis) => ({ size: Math.abs(share), letter: (share > 0 ? TOWARDS : AWAY)[axis] ?? "" }))
    .filter(({ size }) => size >= LEAST)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join("");
}
