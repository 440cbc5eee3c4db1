import { convWasm } from "./conv.wasm.ts";

/** A picture [height, width, inputs] and the convolution over it; addresses in bytes of the shared memory. */
export interface ConvCall {
  readonly x: number;
  /** [3, 3, inputs, outputs] */
  readonly filter: number;
  /** [outputs]; 0 = none */
  readonly bias: number;
  readonly out: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
}

interface Exports {
  pad(from: number, to: number, height: number, width: number, channels: number): void;
  pack(from: number, to: number, inputs: number, outputs: number): void;
  conv(
    from: number,
    filter: number,
    bias: number,
    out: number,
    height: number,
    width: number,
    channels: number,
    outputs: number,
    floor: number,
  ): void;
}

const FLOAT = 4;
/** Outputs that conv.wat sums at a time. */
const GROUP = 16;

export function convFits({ width, outputs }: Pick<ConvCall, "width" | "outputs">): boolean {
  return width % 2 === 0 && outputs % GROUP === 0;
}

/** Bytes of scratch memory that a call needs: the padded picture and the packed filter. */
export function convScratch({ height, width, inputs, outputs }: Omit<ConvCall, "x">): number {
  return FLOAT * ((height + 2) * (width + 2) * inputs + 9 * inputs * outputs);
}

/** conv.wat in a memory that somebody else owns. */
export class Conv3x3 {
  readonly #exports: Exports;

  static async create(memory: WebAssembly.Memory): Promise<Conv3x3> {
    const bytes = Uint8Array.from(atob(convWasm), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { host: { memory } });
    return new Conv3x3(instance.exports as unknown as Exports);
  }

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  /** Stride 1, zeros around; `scratch` is the address of `convScratch` free bytes. */
  run(call: ConvCall, scratch: number): void {
    const { x, filter, bias, out, height, width, inputs, outputs, relu } = call;
    const packed = scratch + FLOAT * (height + 2) * (width + 2) * inputs;
    this.#exports.pad(x, scratch, height, width, inputs);
    this.#exports.pack(filter, packed, 9 * inputs, outputs);
    const floor = relu ? 0 : Number.NEGATIVE_INFINITY;
    for (let o = 0; o < outputs; o += GROUP) {
      const group = packed + FLOAT * 9 * inputs * o;
      const from = bias && bias + FLOAT * o;
      this.#exports.conv(scratch, group, from, out + FLOAT * o, height, width, inputs, outputs, floor);
    }
  }
}
