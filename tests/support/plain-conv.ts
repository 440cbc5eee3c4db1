/** What goes in, [batch, height, width, inputs], and how many channels come out. */
export interface ConvShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
}

export interface ConvCase extends ConvShape {
  readonly side?: number;
  readonly strides?: number;
  readonly bias: boolean;
  readonly activation: "relu" | "linear";
}

/** A convolution by loops: Σ over the filter of x · w where the picture is, zero outside. */
export function plainConv(x: Float32Array, w: Float32Array, b: Float32Array | null, c: ConvCase): Float32Array {
  const { batch, height, width, inputs, outputs, side = 3 } = c;
  const out = new Float32Array(batch * height * width * outputs);
  const half = (side - 1) / 2;
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let col = 0; col < width; col++)
        for (let o = 0; o < outputs; o++) {
          let sum = b ? (b[o] as number) : 0;
          for (let ky = 0; ky < side; ky++)
            for (let kx = 0; kx < side; kx++) {
              const [sy, sx] = [y + ky - half, col + kx - half];
              if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
              for (let i = 0; i < inputs; i++) {
                const value = x[((n * height + sy) * width + sx) * inputs + i] as number;
                sum += value * (w[((ky * side + kx) * inputs + i) * outputs + o] as number);
              }
            }
          out[((n * height + y) * width + col) * outputs + o] = c.activation === "relu" ? Math.max(0, sum) : sum;
        }
  return out;
}
