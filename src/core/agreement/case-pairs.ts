import { dice, iou } from "../measures/agreement.ts";
import type { Mask } from "../values/slice.ts";
import { surfaceDistance } from "./surface-distance.ts";

/** Two readers of one case. */
export interface ReaderPair {
  /** Indices of the readers, a < b. */
  readonly a: number;
  readonly b: number;
  /** 1 where both drew nothing. */
  readonly iou: number;
  readonly dice: number;
  /** Null where one drew nothing, or without spacing. */
  readonly hd95Mm: number | null;
  readonly assdMm: number | null;
}

/**
 * Every two readers of a case, by their masks through its slices (one slice: in the plane). `spacingMm`: between slices,
 * rows and columns; of one slice [row, column]; null where it is not known. Matrices are these with a diagonal of 1 or 0.
 */
export function readerPairs(
  readers: readonly (readonly Mask[])[],
  spacingMm: readonly number[] | null,
): readonly ReaderPair[] {
  const { masks, size } = cutToMarks(readers);
  const drew = masks.map(({ bits }) => bits.includes(1));
  const planar = spacingMm?.length === 2;
  const grid = spacingMm && { size: planar ? size.slice(1) : size, spacingMm };
  return masks.flatMap((first, a) =>
    masks.slice(a + 1).map((second, i) => {
      const b = a + 1 + i;
      const apart = grid && drew[a] && drew[b] ? surfaceDistance(grid, first.bits, second.bits) : null;
      const overlap = { iou: iou(first, second), dice: dice(first, second) };
      return { a, b, ...overlap, hd95Mm: apart?.hd95Mm ?? null, assdMm: apart?.assdMm ?? null };
    }),
  );
}

/** Each reader's slices under one another, cut to the box around all marks: what lies outside changes no figure. */
function cutToMarks(readers: readonly (readonly Mask[])[]): { masks: Mask[]; size: number[] } {
  const { width = 1, height = 1 } = readers[0]?.[0] ?? {};
  const slices = readers[0]?.length ?? 0;
  const box = { left: width, right: 0, top: height, bottom: 0 };
  for (const { bits } of readers.flat()) {
    for (let i = bits.indexOf(1); i >= 0; i = bits.indexOf(1, i + 1)) {
      const [x, y] = [i % width, Math.floor(i / width)];
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  const [columns, rows] = [Math.max(1, box.right - box.left + 1), Math.max(1, box.bottom - box.top + 1)];
  const masks = readers.map((stack) => {
    const bits = new Uint8Array(slices * rows * columns);
    stack.forEach((mask, s) => {
      for (let y = 0; y < rows; y++) {
        const from = (box.top + y) * width + box.left;
        bits.set(mask.bits.subarray(from, from + columns), (s * rows + y) * columns);
      }
    });
    return { width: columns, height: slices * rows, bits };
  });
  return { masks, size: [slices, rows, columns] };
}
