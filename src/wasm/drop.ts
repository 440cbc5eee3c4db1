import { dropWasm } from "./drop.wasm.ts";

/** Numbers at `x`, those that stay at `out`; addresses in bytes of the shared memory. */
export interface DropCall {
  readonly x: number;
  readonly out: number;
  readonly count: number;
  /** The generator's four words, as `streamState` gives them (core/random). */
  readonly state: readonly number[];
  /** The chance to be dropped, in [0, 1). */
  readonly p: number;
}

interface Exports {
  drop(
    from: number,
    to: number,
    count: number,
    scale: number,
    a1: number,
    a0: number,
    b1: number,
    b0: number,
    least1: number,
    least0: number,
  ): void;
}

/** drop.wat in a memory that somebody else owns. */
export class Drop {
  readonly #exports: Exports;

  static async create(memory: WebAssembly.Memory): Promise<Drop> {
    const bytes = Uint8Array.from(atob(dropWasm), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { host: { memory } });
    return new Drop(instance.exports as unknown as Exports);
  }

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** What is kept is divided by 1 − p. */
  run({ x, out, count, state, p }: DropCall): void {
    const [a1 = 0, a0 = 0, b1 = 0, b0 = 0] = state;
    const least = Math.ceil(p * 2 ** 52 - 0.5);
    this.#exports.drop(x, out, count, 1 / (1 - p), a1, a0, b1, b0, Math.floor(least / 2 ** 32), least % 2 ** 32);
  }
}
