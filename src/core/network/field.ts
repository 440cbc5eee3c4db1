interface Grid {
  readonly width: number;
  readonly height: number;
}

/** The two nodes around pixel `at` and the share of the second: half-pixel bilinear, held at the border. */
export function nodesAround(
  at: number,
  pixels: number,
  nodes: number,
): { first: number; second: number; share: number } {
  const position = Math.max(0, ((at + 0.5) * nodes) / pixels - 0.5);
  const first = Math.min(Math.floor(position), nodes - 1);
  return { first, second: Math.min(first + 1, nodes - 1), share: position - first };
}

/** A field [grid.height, grid.width] at every pixel [H,W]: PyTorch's `interpolate(mode="bilinear", align_corners=False)`. */
export function upsampleField(field: Float32Array, grid: Grid, width: number, height: number): Float32Array {
  const found = new Float32Array(width * height);
  const columns = Array.from({ length: width }, (_, x) => nodesAround(x, width, grid.width));
  for (let y = 0; y < height; y++) {
    const { first, second, share } = nodesAround(y, height, grid.height);
    columns.forEach((u, x) => {
      const along = (row: number) =>
        (1 - u.share) * (field[row * grid.width + u.first] as number) +
        u.share * (field[row * grid.width + u.second] as number);
      found[y * width + x] = (1 - share) * along(first) + share * along(second);
    });
  }
  return found;
}
