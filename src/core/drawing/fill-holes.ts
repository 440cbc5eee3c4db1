import type { Mask } from "../values/slice.ts";

/**
 * The mask with everything that it encloses: each pixel from which no way over unmarked pixels leads to the picture's
 * edge, from neighbour to neighbour along rows and columns. So an outline closes where its pixels touch by a corner.
 */
export function fillHoles({ width, height, bits }: Mask): Mask {
  const outside = new Uint8Array(bits.length);
  const open: number[] = [];
  const reach = (x: number, y: number) => {
    const at = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || bits[at] === 1 || outside[at] === 1) return;
    outside[at] = 1;
    open.push(at);
  };
  for (let x = 0; x < width; x++) for (const y of [0, height - 1]) reach(x, y);
  for (let y = 0; y < height; y++) for (const x of [0, width - 1]) reach(x, y);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    reach(x - 1, y);
    reach(x + 1, y);
    reach(x, y - 1);
    reach(x, y + 1);
  }
  return { width, height, bits: outside.map((reached) => 1 - reached) };
}
