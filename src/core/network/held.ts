import type { Encoding } from "./encoding.ts";

/** What one decoder holds at most of pictures by their names: 128 regions of 128 × 128 with 32 channels. */
export const HELD_BYTES = 128 * 128 * 128 * 32 * 4;

/** Bytes of an encoding's maps. */
export function encodingBytes({ base, factor, amplitude, top }: Encoding): number {
  return [base, factor, amplitude, top].reduce((sum, map) => sum + (map?.byteLength ?? 0), 0);
}

/** Pictures by their names, ready to decode on, within a budget of bytes: the one used longest ago goes first. */
export class Held<T> {
  readonly #budget: number;
  readonly #drop: (value: T) => void;
  /** In order of their last use. */
  readonly #held = new Map<number, { readonly value: T; readonly bytes: number }>();
  #bytes = 0;

  /** `drop` is told of what goes. */
  constructor(budget: number, drop: (value: T) => void = () => undefined) {
    this.#budget = budget;
    this.#drop = drop;
  }

  /** The picture of that name, which is then the one used last. */
  get(name: number): T | null {
    const found = this.#held.get(name);
    if (!found) return null;
    this.#held.delete(name);
    this.#held.set(name, found);
    return found.value;
  }

  /**
   * Makes room first, so that `make` may use what was given up; what had the name before goes. One that is larger than
   * the budget is held alone.
   */
  put(name: number, bytes: number, make: () => T): T {
    if (this.#held.has(name)) this.#giveUp(name);
    for (const other of [...this.#held.keys()]) if (this.#bytes + bytes > this.#budget) this.#giveUp(other);
    const value = make();
    this.#held.set(name, { value, bytes });
    this.#bytes += bytes;
    return value;
  }

  clear(): void {
    for (const name of [...this.#held.keys()]) this.#giveUp(name);
  }

  #giveUp(name: number): void {
    const { value, bytes } = this.#held.get(name) as { value: T; bytes: number };
    this.#held.delete(name);
    this.#bytes -= bytes;
    this.#drop(value);
  }
}
