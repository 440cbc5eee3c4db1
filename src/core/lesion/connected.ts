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
  const queue: [slice: number, at: number][] = [];
  const take = (s: number, at: number) => {
    const bits = found[s]?.bits;
    if (!bits || bits[at] === 1 || stack[s]?.bits[at] !== 1) return;
    bits[at] = 1;
    queue.push([s, at]);
  };
  for (const at of pixels) take(slice, at);
  const { width = 1, height = 1 } = stack[0] ?? {};
  for (const [s, at] of queue) {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        for (let ns = s - 1; ns <= s + 1; ns++) take(ns, ny * width + nx);
      }
    }
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
