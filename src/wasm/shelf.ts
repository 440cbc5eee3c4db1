import type { Encoding } from "../core/network/encoding.ts";
import { Held } from "../core/network/held.ts";
import type { Desk, Packed } from "./desk.ts";

interface Placed {
  readonly place: number;
  readonly packed: Packed;
}

/** Pictures of one size by their names, side by side in the memory of a desk: what one gives up the next one takes. */
export class Shelf {
  readonly desk: Desk;
  readonly #held: Held<Placed>;
  /** Bytes from one place to the next. */
  #stride = 0;
  #free: number[] = [];
  #places = 0;

  constructor(desk: Desk, budget: number) {
    this.desk = desk;
    this.#held = new Held<Placed>(budget, ({ place }) => this.#free.push(place));
  }

  get(name: number): Packed | null {
    return this.#held.get(name)?.packed ?? null;
  }

  /** Where it is of another size than those that are held, they go. @throws OutOfMemory */
  put(name: number, encoding: Encoding): Packed {
    const bytes = this.desk.bytesOf(encoding);
    if (bytes !== this.#stride) {
      this.#held.clear();
      [this.#stride, this.#free, this.#places] = [bytes, [], 0];
    }
    const placed = this.#held.put(name, bytes, () => {
      const place = this.#free.pop() ?? this.#places++;
      return { place, packed: this.desk.pack(encoding, place * bytes) };
    });
    return placed.packed;
  }
}
