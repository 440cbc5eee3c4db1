import { emptyMask, type Mask } from "../values/slice.ts";

/** Pixels of one slice of a stack from which a part grows. */
export interface Seeds {
  readonly slice: number;
  /** Indices into the slice's bits. */
  readonly pixels: readonly number[];
}

/**
 * The part of a mask through slices that hangs together with the seeds: voxels that touch at a face, an edge or a corner
 * (26 neighbours; neighbouring slices, however far apart). One mask per slice; seeds that are not marked give nothing.
 */
export function connectedPart(stack: readonly Mask[], { slice, pixels }: Seeds): Mask[] {
  const found = stack.map(({ width, height }) => ({ width, height, bits: new Uint8Array(width * height) }));
  const { width = 1, height = 1 } = stack[0] ?? {};
  const size = width * height;
  /** Voxels whose neighbours are still to be looked at: slice · size + pixel. In plain loops: this runs under a moving slider. */
  const queue: number[] = [];
  const spread = (s: number, fromX: number, toX: number, fromY: number, toY: number) => {
    const [marked, taken] = [stack[s]?.bits, found[s]?.bits];
    if (!marked || !taken) return;
    for (let y = Math.max(0, fromY); y <= Math.min(height - 1, toY); y++) {
      for (let x = Math.max(0, fromX); x <= Math.min(width - 1, toX); x++) {
        const at = y * width + x;
        if (marked[at] !== 1 || taken[at] === 1) continue;
        taken[at] = 1;
        queue.push(s * size + at);
      }
    }
  };
  for (const at of pixels) {
    const [x, y] = [at % width, Math.floor(at / width)];
    spread(slice, x, x, y, y);
  }
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [s, at] = [Math.floor(next / size), next % size];
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let ns = s - 1; ns <= s + 1; ns++) spread(ns, x - 1, x + 1, y - 1, y + 1);
  }
  return found;
}

/**
 * Readers who draw a lesion: those who mark at least `least` times as many slices as the one who marks most. Who marks it
 * on fewer, here and there, would not draw it: such a reader has nothing. Each has a mask per slice.
 */
export function drawnThroughout(readers: readonly (readonly Mask[])[], least: number): (readonly Mask[])[] {
  const marked = readers.map((stack) => stack.filter(({ bits }) => bits.includes(1)).length);
  const fewest = least * Math.max(0, ...marked);
  return readers.map((stack, n) =>
    (marked[n] as number) >= fewest ? stack : stack.map(({ width, height }) => emptyMask(width, height)),
  );
}
