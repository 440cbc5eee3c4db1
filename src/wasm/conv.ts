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

/** The gradient of a filter [side, side, inputs, outputs], side 3 (zeros around) or 1; addresses as in `ConvCall`. */
export interface FilterGradientCall {
  /** Pictures [batch, height, width, inputs] */
  readonly x: number;
  /** Gradients of what the convolution made of them, [batch, height, width, outputs] */
  readonly dy: number;
  readonly out: number;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly side: 1 | 3;
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
  filterGradient(
    from: number,
    dy: number,
    sums: number,
    height: number,
    width: number,
    side: number,
    padded: number,
    pixel: number,
    fours: number,
    lines: number,
  ): void;
}

const FLOAT = 4;
/** Outputs that conv.wat sums at a time. */
const GROUP = 16;
/** Outputs, and numbers of a filter's row, whose gradients it sums at a time. */
const GRADIENT_GROUP = 8;
const GRADIENT_ROWS = 4;

export function convFits({ width, outputs }: Pick<ConvCall, "width" | "outputs">): boolean {
  return width % 2 === 0 && outputs % GROUP === 0;
}

/** Bytes of scratch memory that a call needs: the padded picture and the packed filter. */
export function convScratch({ height, width, inputs, outputs }: Omit<ConvCall, "x">): number {
  return FLOAT * ((height + 2) * (width + 2) * inputs + 9 * inputs * outputs);
}

export function filterGradientFits({ outputs }: Pick<FilterGradientCall, "outputs">): boolean {
  return outputs % GRADIENT_GROUP === 0;
}

/** Numbers of a filter's row that are summed: its columns and their channels, made a multiple of `GRADIENT_ROWS`. */
function rowsOf({ side, inputs }: Pick<FilterGradientCall, "side" | "inputs">): number {
  return GRADIENT_ROWS * Math.ceil((side * inputs) / GRADIENT_ROWS);
}

/** Bytes of scratch memory: one padded picture, with the numbers behind it that its last run reads, and the sums. */
export function filterGradientScratch(call: FilterGradientCall): number {
  const { height, width, inputs, outputs, side } = call;
  return FLOAT * ((height + 2) * (width + 2) * inputs + GRADIENT_ROWS + side * rowsOf(call) * outputs);
}

/** conv.wat in a memory that somebody else owns. */
export class Conv3x3 {
  readonly #exports: Exports;
  readonly #memory: WebAssembly.Memory;

  static async create(memory: WebAssembly.Memory): Promise<Conv3x3> {
    const bytes = Uint8Array.from(atob(convWasm), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { host: { memory } });
    return new Conv3x3(instance.exports as unknown as Exports, memory);
  }

  private constructor(exports: Exports, memory: WebAssembly.Memory) {
    this.#exports = exports;
    this.#memory = memory;
  }

  /** The picture with a border of zeros, [height + 2, width + 2, inputs] at `to`. */
  pad({ x, height, width, inputs }: Pick<ConvCall, "x" | "height" | "width" | "inputs">, to: number): void {
    this.#exports.pad(x, to, height, width, inputs);
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

  /** Σ over pictures and pixels; `scratch` is the address of `filterGradientScratch` free bytes. */
  filterGradient(call: FilterGradientCall, scratch: number): void {
    const { x, dy, out, batch, height, width, inputs, outputs, side } = call;
    const rows = rowsOf(call);
    const border = side - 1;
    const padded = FLOAT * (width + border) * inputs;
    const sums = scratch + FLOAT * ((height + 2) * (width + 2) * inputs + GRADIENT_ROWS);
    const memory = new Float32Array(this.#memory.buffer);
    memory.fill(0, sums / FLOAT, sums / FLOAT + side * rows * outputs);
    for (let b = 0; b < batch; b++) {
      const picture = x + FLOAT * b * height * width * inputs;
      if (border > 0) this.#exports.pad(picture, scratch, height, width, inputs);
      const from = border > 0 ? scratch : picture;
      for (let o = 0; o < outputs; o += GRADIENT_GROUP) {
        const above = dy + FLOAT * (b * height * width * outputs + o);
        const to = sums + FLOAT * side * rows * o;
        const [step, pixel] = [FLOAT * inputs, FLOAT * outputs];
        this.#exports.filterGradient(from, above, to, height, width, step, padded, pixel, rows / GRADIENT_ROWS, side);
      }
    }
    for (let o = 0; o < outputs; o += GRADIENT_GROUP) {
      for (let line = 0; line < side; line++) {
        for (let i = 0; i < side * inputs; i++) {
          const at = sums / FLOAT + side * rows * o + (line * rows + i) * GRADIENT_GROUP;
          memory.copyWithin(out / FLOAT + (line * side * inputs + i) * outputs + o, at, at + GRADIENT_GROUP);
        }
      }
    }
  }
}
