import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import { decodeWasm } from "./decode.wasm.ts";

/** Bytes 0…511 of the memory belong to the kernel; its table of fields begins at 256 (decode.wat). */
export const FREE_FROM = 512;
const FIELD_TABLE = 256;
const FIELD_ENTRY = 16;
/** Bytes of ones where a draw is there (decode.wat). */
const THERE = 192;
const PAGE = 65536;

/** What the kernel knows besides a call's arguments; addresses in bytes, 0 = absent (decode.wat). */
type Setting =
  | "base"
  | "factor"
  | "amplitude"
  | "top"
  | "weights"
  | "shifts"
  | "z"
  | "activations"
  | "channels"
  | "layers"
  | "latent"
  | "fields"
  | "waveStride"
  | "outStride"
  | "statStride"
  | "raw";

type Exports = Record<Setting, WebAssembly.Global> & {
  row(block: number, blocks: number, count: number, out: number, stat: number): void;
  placed(entries: number, blocks: number, count: number, out: number, stat: number): void;
};

let compiled: Promise<WebAssembly.Module> | undefined;

/** decode.wat's module with a memory of its own. */
export class Kernel {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: Exports;

  static async create(): Promise<Kernel> {
    compiled ??= WebAssembly.compile(Uint8Array.from(atob(decodeWasm), (letter) => letter.charCodeAt(0)));
    return new Kernel(await compiled);
  }

  private constructor(module: WebAssembly.Module) {
    this.#memory = new WebAssembly.Memory({ initial: 1 });
    this.#exports = new WebAssembly.Instance(module, { host: { memory: this.#memory } }).exports as unknown as Exports;
  }

  /** Bytes held now: it only grows. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Makes every address below `bytes` valid. Views made before may be stale. @throws OutOfMemory */
  reserve(bytes: number): void {
    const missing = Math.ceil((bytes - this.bytes) / PAGE);
    if (missing <= 0) return;
    try {
      this.#memory.grow(missing);
    } catch {
      throw outOfMemory(bytes);
    }
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length);
  }

  set(settings: Partial<Record<Setting, number>>): void {
    for (const [name, value] of Object.entries(settings)) this.#exports[name as Setting].value = value;
  }

  /** Where draw 0 of field `index` has the two rows around the next row of the picture, and the share of the second. */
  setField(index: number, firstAt: number, secondAt: number, share: number): void {
    const view = new DataView(this.#memory.buffer, FIELD_TABLE + index * FIELD_ENTRY, FIELD_ENTRY);
    view.setInt32(0, firstAt, true);
    view.setInt32(4, secondAt, true);
    view.setFloat32(8, share, true);
  }

  /** One row of the picture: samples to `out`, statistics to `stat`; 0 where they are not wanted. */
  row(block: number, blocks: number, count: number, out: number, stat: number): void {
    this.integers(THERE, 4).fill(-1);
    this.#exports.row(block, blocks, count, out, stat);
  }

  /** Likewise from logits that lie ready, read off as the draws' entries say (decode.wat). */
  placed(entries: number, blocks: number, count: number, out: number, stat: number): void {
    this.#exports.placed(entries, blocks, count, out, stat);
  }
}

export function outOfMemory(bytes: number): GraderspaceError {
  const problem = say`this decode needs ${Math.ceil(bytes / 2 ** 20)} MiB, more than the browser gives`;
  return new GraderspaceError("OutOfMemory", { problem, remedy: say`ask for fewer samples at once` });
}

/** @throws OutOfMemory */
export function allocate(length: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch {
    throw outOfMemory(length * Float32Array.BYTES_PER_ELEMENT);
  }
}
