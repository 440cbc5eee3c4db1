import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNpz } from "../../src/io/numpy/npz-write.ts";

/** A folder of the test's own, gone when `end` is called. */
export function temporaryFolder(): { path: string; end(): void } {
  const path = mkdtempSync(join(tmpdir(), "graderspace-"));
  return { path, end: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * A file laid out as `crops.npz`: discs of growing radius on a ripple, 64×64, `slots` each. Grader 1 draws the disc,
 * grader 2 draws it tighter, grader 3 wider, grader 4, where there are four slots, nothing.
 */
export function writeCases(file: string, rows: number, slots = 4): void {
  const size = 64;
  const images = new Uint8Array(rows * size * size);
  const masks = new Uint8Array((rows * slots * size * size) / 8);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < size * size; i++) {
      const [x, y] = [i % size, Math.floor(i / size)];
      const distance = Math.hypot(x - 30 - row, y - 33);
      images[row * size * size + i] = 40 + 20 * Math.sin(x / 3) + 190 / (1 + Math.exp(distance - 6 - row));
      for (const [slot, radius] of [6 + row, 4 + row, 8 + row].entries()) {
        const at = (row * slots + slot) * size * size + i;
        if (distance <= radius) masks[at >> 3] = (masks[at >> 3] as number) | (128 >> (at & 7));
      }
    }
  }
  const bytes = writeNpz({
    images: { values: images, shape: [rows, size, size] },
    masks: { values: masks, shape: [rows, slots, size, size / 8] },
    patient: { values: Int16Array.from({ length: rows }, (_, row) => row >> 1), shape: [rows] },
  });
  writeFileSync(file, bytes);
}
