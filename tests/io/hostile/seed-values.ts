/** Columns and rows of the pictures in `seeds/`. */
export const SEED_SIZE = [40, 28] as const;

/** A ramp with a disc and noise: the stored values of the pictures in `seeds/`. */
export function seedValues(bits: 8 | 16): number[] {
  const [width, height] = SEED_SIZE;
  let state = bits;
  return Array.from({ length: width * height }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const [x, y] = [i % width, Math.floor(i / width)];
    const disc = Math.hypot(x - 20, y - 14) < 7 ? 90 : 0;
    const value = 3 * x + disc + (state >>> 28);
    return bits === 8 ? Math.min(255, value) : value * 8 - 1000;
  });
}
