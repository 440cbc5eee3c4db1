import * as tf from "@tensorflow/tfjs-core";
import { filterGradientProgram } from "../../gpu/filter-gradient.ts";

/** What of tfjs's webgpu backend is used here. */
interface WebGpuBackend {
  runWebGPUProgram(program: object, inputs: readonly tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
}

const NAME = "Conv2DBackpropFilter";
let wrapped = false;

/**
 * Puts our own gradient of a filter under tfjs's webgpu backend (src/gpu/filter-gradient.ts); what it does not fit
 * (strides, other sides) stays with tfjs.
 */
export function installWebGpuFilterGradient(): void {
  const original = tf.getKernel(NAME, "webgpu");
  if (wrapped || !original) return;
  wrapped = true;
  tf.unregisterKernel(NAME, "webgpu");
  tf.registerKernel({ ...original, kernelFunc: (call) => ours(call) ?? original.kernelFunc(call) });
}

/** The result in a new tensor; null where the call does not fit. */
function ours({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | null {
  const { x, dy } = inputs as Record<"x" | "dy", tf.TensorInfo>;
  const { filterShape, strides, pad, dataFormat } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const [side, columns, , outputs = 0] = filterShape;
  const one = [strides].flat().every((stride) => stride === 1);
  if (!one || pad !== "same" || dataFormat !== "NHWC" || columns !== side || (side !== 1 && side !== 3)) return null;
  const program = filterGradientProgram({ inputs: x.shape[3] as number, outputs, side });
  return (backend as WebGpuBackend).runWebGPUProgram(
    {
      variableNames: ["x", "dy"],
      variableComponents: [program.inputTile, program.outputTile],
      outputShape: filterShape,
      workgroupSize: [program.threads, 1, 1],
      dispatchLayout: { x: [0, 1, 2, 3] },
      dispatch: [program.workgroups, 1, 1],
      shaderKey: program.key,
      getUserCode: () => program.code,
    },
    [x, dy],
    "float32",
  );
}
