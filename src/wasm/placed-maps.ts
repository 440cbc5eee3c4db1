import { type DrawPlacement, readingOf, type ShiftReading } from "../core/network/shift-and-gate.ts";
import type { Kernel } from "./kernel.ts";
import { BLOCK } from "./layout.ts";

const FLOAT = 4;
/** Bytes of a draw's entry in the kernel's table (decode.wat, `placed`). */
const ENTRY = 32;

/**
 * The logits of every draw, waiting to be read off by its shift: maps of some rows of the picture, with as many columns
 * more on either side as a shift may reach, which repeat the border.
 */
export class PlacedMaps {
  readonly #steps: readonly (ShiftReading & DrawPlacement)[];
  /** Rows before and after a row that its shifts may read. */
  readonly #above: number;
  readonly #below: number;
  /** Columns added on either side. */
  readonly #margin: number;
  readonly #width: number;
  readonly #height: number;
  readonly #padded: number;
  /** Rows that are held: `first` … `last` − 1 of the picture. */
  readonly first: number;
  readonly last: number;
  /** Floats from one row to the next. */
  readonly #stride: number;
  #at = 0;
  #done: number;

  /** `rows`: those of the picture that are wanted; `padded`: their width in whole blocks. */
  constructor(
    placements: readonly DrawPlacement[],
    { width, height, padded }: { readonly width: number; readonly height: number; readonly padded: number },
    rows: { readonly first: number; readonly last: number },
  ) {
    this.#steps = placements.map((placement) => ({ ...placement, ...readingOf(placement) }));
    this.#above = Math.max(0, ...this.#steps.map(({ row }) => -row));
    this.#below = Math.max(0, ...this.#steps.map(({ row }) => row + 1));
    const reach = Math.max(...this.#steps.map(({ column }) => Math.max(-column, column + 1)));
    this.#margin = Math.ceil(Math.max(1, reach) / BLOCK) * BLOCK;
    [this.#width, this.#height, this.#padded] = [width, height, padded];
    this.first = Math.max(0, rows.first - this.#above);
    this.last = Math.min(height, rows.last + this.#below);
    this.#stride = padded + 2 * this.#margin;
    this.#done = this.first;
  }

  get bytes(): number {
    return this.#steps.length * (this.mapBytes + ENTRY);
  }

  /** Bytes from one draw's map to the next's; 64 more than a map, so that they fall into different sets of the cache. */
  get mapBytes(): number {
    return (this.last - this.first) * this.rowBytes + 64;
  }

  get rowBytes(): number {
    return this.#stride * FLOAT;
  }

  /** They lie from here on in the kernel's memory, then the table. */
  layAt(at: number): void {
    this.#at = at;
  }

  /** Rows of the picture whose logits are still missing before rows up to `end` − 1 can be read. */
  missingFor(end: number): { readonly from: number; readonly to: number } {
    return { from: this.#done, to: Math.max(this.#done, Math.min(this.last, end + this.#below)) };
  }

  /** Where the first draw's logits of a row of the picture go. */
  rowAt(row: number): number {
    return this.#at + ((row - this.first) * this.#stride + this.#margin) * FLOAT;
  }

  /** Rows up to `to` − 1 are there: their borders are repeated to both sides. */
  filled(kernel: Kernel, to: number): void {
    for (const n of this.#steps.keys()) {
      for (let row = this.#done; row < to; row++) {
        const map = kernel.floats(this.rowAt(row) + n * this.mapBytes - this.#margin * FLOAT, this.#stride);
        const [left, right] = [this.#margin, this.#margin + this.#width - 1];
        map.fill(map[left] as number, 0, left);
        map.fill(map[right] as number, right + 1);
      }
    }
    this.#done = to;
  }

  /** One row of the picture for all draws: samples to `out`, statistics to `stat`. */
  read(kernel: Kernel, row: number, out: number, stat: number): void {
    const table = this.#at + this.#steps.length * this.mapBytes;
    const whole = kernel.integers(table, (this.#steps.length * ENTRY) / FLOAT);
    const shares = kernel.floats(table, whole.length);
    for (const [n, { column, row: down, right, below, drawn }] of this.#steps.entries()) {
      const held = (place: number) => Math.max(0, Math.min(this.#height - 1, place));
      const map = n * this.mapBytes + column * FLOAT;
      const entry = (n * ENTRY) / FLOAT;
      whole[entry] = this.rowAt(held(row + down)) + map;
      whole[entry + 1] = this.rowAt(held(row + down + 1)) + map;
      shares[entry + 2] = below;
      shares[entry + 3] = right;
      whole[entry + 4] = drawn ? -1 : 0;
    }
    kernel.placed(table, this.#padded / BLOCK, this.#steps.length, out, stat);
  }
}
