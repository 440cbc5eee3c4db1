import type * as tf from "@tensorflow/tfjs-core";
import { filterGradientProgram } from "../../gpu/filter-gradient.ts";
import { replaceKernel, runProgram } from "./webgpu-programs.ts";

/**
 * Puts our own gradient of a filter under tfjs's webgpu backend (src/gpu/filter-gradient.ts); what it does not fit
 * (strides, other sides) stays with tfjs.
 */
export function installWebGpuFilterGradient(): void {
  replaceKernel("Conv2DBackpropFilter", ours);
}

/** The result in a new tensor; null where the call does not fit. */
function ours({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | null {
  const { x, dy } = inputs as Record<"x" | "dy", tf.TensorInfo>;
  const { filterShape, strides, pad, dataFormat } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const [side, columns, , outputs = 0] = filterShape;
  const one = [strides].flat().every((stride) => stride === 1);
  if (!one || pad !== "same" || dataFormat !== "NHWC" || columns !== side || (side !== 1 && side !== 3)) return null;
  const program = filterGradientProgram({ inputs: x.shape[3] as number, outputs, side });
  return runProgram(backend, {
    ...program,
    inputs: [
      { name: "x", tile: program.inputTile, from: x },
      { name: "dy", tile: program.outputTile, from: dy },
    ],
    outputTile: 1,
    outputShape: filterShape,
  });
}
