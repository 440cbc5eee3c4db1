import type * as tf from "@tensorflow/tfjs-core";
import { doubleProgram, halveProgram, resampleFits } from "../../gpu/resample.ts";
import { replaceKernel, runProgram } from "./webgpu-programs.ts";

type Call = Parameters<tf.KernelFunc>[0];
type Program = ReturnType<typeof halveProgram>;

/**
 * Puts our own mean of 2×2 and our own bilinear doubling under tfjs's webgpu backend (src/gpu/resample.ts); other windows
 * and sizes stay with tfjs.
 */
export function installWebGpuResample(): void {
  replaceKernel("AvgPool", halved);
  replaceKernel("ResizeBilinear", doubled);
}

function halved({ inputs, attrs, backend }: Call): tf.TensorInfo | null {
  const { x } = inputs as Record<"x", tf.TensorInfo>;
  const { filterSize, strides } = attrs as unknown as tf.AvgPoolAttrs;
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const two = [filterSize, strides].flat().every((step) => step === 2);
  if (!two || height % 2 || width % 2) return null;
  return resampled(backend, x, halveProgram(), [batch, height / 2, width / 2, channels]);
}

function doubled({ inputs, attrs, backend }: Call): tf.TensorInfo | null {
  const { images } = inputs as Record<"images", tf.TensorInfo>;
  const { alignCorners, halfPixelCenters, size } = attrs as unknown as tf.ResizeBilinearAttrs;
  const [batch = 0, height = 0, width = 0, channels = 0] = images.shape;
  const twice = size[0] === 2 * height && size[1] === 2 * width;
  if (!twice || alignCorners === halfPixelCenters) return null;
  return resampled(backend, images, doubleProgram({ aligned: alignCorners }), [batch, ...size, channels]);
}

function resampled(backend: unknown, x: tf.TensorInfo, program: Program, outputShape: number[]): tf.TensorInfo | null {
  if (!resampleFits(x.shape[3] as number)) return null;
  const numbers = outputShape.reduce((product, side) => product * side, 1);
  return runProgram(backend, {
    ...program,
    workgroups: program.workgroups(numbers),
    inputs: [{ name: "x", tile: 4, from: x }],
    outputTile: 4,
    outputShape,
  });
}
