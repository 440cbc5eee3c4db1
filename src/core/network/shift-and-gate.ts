import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { normalQuantile, portableExp } from "../random/portable-math.ts";
import type { Draw, Encoding, HeadWeights } from "./encoding.ts";

// What comes after the envelope: a reader who sets an outline a little off sets all of it off, and one who does not
// believe in the lesion draws nothing. Both are chance of a draw's own, beside z: z says how, u whether.

/** Pixels by which a sample may lie off at most: kernels keep so many more rows and columns. */
const MOST_PIXELS = 16;
/** A presence logit beyond it would round to a probability of 0 or 1, which no u can pass. */
const MOST_LOGIT = 36;

/** How a draw's map is read and whether it is there. */
export interface DrawPlacement {
  /** Pixels to the right and downwards. */
  readonly dx: number;
  readonly dy: number;
  readonly drawn: boolean;
}

/** @throws GraderspaceError BadArgument: a shift of more than 16 px, or none at all */
export function placementOf(head: HeadWeights, { presence }: Pick<Encoding, "presence">, draw: Draw): DrawPlacement {
  const [x, y] = draw.shift ?? [0, 0];
  const { shift = 0 } = head;
  const [dx, dy] = [shift * x, shift * y];
  if (!(Math.abs(dx) <= MOST_PIXELS && Math.abs(dy) <= MOST_PIXELS)) {
    const problem = say`a shift of ${dx}, ${dy} px is not within ${MOST_PIXELS} px`;
    throw new GraderspaceError("BadArgument", { problem, remedy: say`take the shift of a draw: a few σ at most` });
  }
  const drawn = !head.gate || presence === undefined || (draw.u ?? 0) > gateOf(presence);
  return { dx, dy, drawn };
}

/** −Φ⁻¹(p) of a presence logit: the u up to which nothing is drawn. */
export function gateOf(presence: number): number {
  const logit = Math.max(-MOST_LOGIT, Math.min(MOST_LOGIT, presence));
  return -normalQuantile(1 / (1 + portableExp(-logit)));
}

/** Whether any draw is read otherwise than it lies: then a decode has a second step. */
export function isPlaced(placements: readonly DrawPlacement[]): boolean {
  return placements.some(({ dx, dy, drawn }) => dx !== 0 || dy !== 0 || !drawn);
}

/** A shift as it is read: whole columns and rows that are added to a place, and the shares of the next ones. */
export interface ShiftReading {
  readonly column: number;
  readonly row: number;
  /** Share of the column to the right, in 0 … 1. */
  readonly right: number;
  /** Share of the row below, in 0 … 1. */
  readonly below: number;
}

export function readingOf({ dx, dy }: DrawPlacement): ShiftReading {
  const [column, row] = [Math.floor(0 - dx), Math.floor(0 - dy)];
  return { column, row, right: 0 - dx - column, below: 0 - dy - row };
}

/** logits [H,W] read at (x − dx, y − dy), bilinear and held at the border: what they show moves by dx and dy. */
export function shiftedLogits(
  logits: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  placement: DrawPlacement,
): Float32Array {
  if (!isPlaced([placement])) return logits;
  const { column, row, right, below } = readingOf(placement);
  const at = (x: number, y: number) =>
    logits[Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))] as number;
  return logits.map((_, pixel) => {
    const [x, y] = [(pixel % width) + column, Math.floor(pixel / width) + row];
    return mix(mix(at(x, y), at(x + 1, y), right), mix(at(x, y + 1), at(x + 1, y + 1), right), below);
  });
}

function mix(a: number, b: number, share: number): number {
  return a + share * (b - a);
}
