import type { Conv3x3, ConvCall } from "./conv.ts";
import { winogradWasm } from "./winograd.wasm.ts";

interface Exports {
  filter(from: number, to: number, inputs: number, outputs: number, free: number): void;
  conv(
    from: number,
    filter: number,
    bias: number,
    out: number,
    sum: number,
    free: number,
    height: number,
    width: number,
    channels: number,
    outputs: number,
    floor: number,
    tiles: number,
  ): void;
}

type Size = Pick<ConvCall, "height" | "width" | "inputs" | "outputs">;

const FLOAT = 4;
/** Numbers of a tile after Bᵀ d B. */
const SPREAD = 36;
/** Outputs that winograd.wat sums at a time. */
const GROUP = 16;
/** Tiles that go through all steps together, while they lie in the near caches. */
const BLOCK = 16;
/** Floats of one tile on its way along one side, and along the other. */
const FREE = 144;
/** By the picture's size alone, never by how many there are: what a picture gives does not depend on its company. */
export function winogradFits({ height, width, inputs, outputs }: Size): boolean {
  const wholeTiles = height % 4 === 0 && width % 4 === 0 && (height * width) % (16 * BLOCK) === 0;
  return wholeTiles && inputs % 4 === 0 && outputs % GROUP === 0;
}

/** Floats of a filter after G g Gᵀ. */
export function winogradFilterFloats({ inputs, outputs }: Pick<Size, "inputs" | "outputs">): number {
  return SPREAD * inputs * outputs;
}

/** Bytes of scratch memory that a call needs. */
export function winogradScratch(size: Size): number {
  return layoutOf(size).bytes;
}

function layoutOf(size: Size) {
  const { height, width, inputs } = size;
  const free = FLOAT * (height + 2) * (width + 2) * inputs;
  const filter = free + FLOAT * (FREE + BLOCK * SPREAD * (GROUP + inputs));
  return { free, filter, bytes: filter + FLOAT * winogradFilterFloats(size) };
}

/** winograd.wat in a memory that somebody else owns: 3×3 convolutions with a quarter of the products. */
export class Winograd {
  readonly #exports: Exports;
  readonly #memory: WebAssembly.Memory;
  readonly #conv: Conv3x3;

  static async create(memory: WebAssembly.Memory, conv: Conv3x3): Promise<Winograd> {
    const bytes = Uint8Array.from(atob(winogradWasm), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { host: { memory } });
    return new Winograd(instance.exports as unknown as Exports, memory, conv);
  }

  private constructor(exports: Exports, memory: WebAssembly.Memory, conv: Conv3x3) {
    this.#exports = exports;
    this.#memory = memory;
    this.#conv = conv;
  }

  /** The filter as `run` wants it; `scratch` is the address of `winogradScratch` free bytes. */
  spread(call: Pick<ConvCall, "filter"> & Size, scratch: number): Float32Array {
    const { free, filter } = layoutOf(call);
    this.#exports.filter(call.filter, scratch + filter, call.inputs, call.outputs, scratch + free);
    return new Float32Array(this.#memory.buffer, scratch + filter, winogradFilterFloats(call)).slice();
  }

  /** Puts the filter of `spread` where the calls of `run` with the same scratch and size find it. */
  lay(filter: Float32Array, size: Size, scratch: number): void {
    new Float32Array(this.#memory.buffer).set(filter, (scratch + layoutOf(size).filter) / FLOAT);
  }

  /** Stride 1, zeros around, with the filter that was laid there; `sum`: where a picture lies that is added, 0 = none. */
  run(call: Omit<ConvCall, "filter">, scratch: number, sum = 0): void {
    const { x, bias, out, height, width, inputs, outputs, relu } = call;
    const { free, filter } = layoutOf({ height, width, inputs, outputs });
    this.#conv.pad({ x, height, width, inputs }, scratch);
    const floor = relu ? 0 : Number.NEGATIVE_INFINITY;
    const [from, to] = [scratch + filter, scratch + free];
    const apart = sum && sum - out;
    this.#exports.conv(scratch, from, bias, out, apart, to, height, width, inputs, outputs, floor, BLOCK);
  }
}
