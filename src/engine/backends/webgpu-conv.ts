import * as tf from "@tensorflow/tfjs-core";
import { convProgram, convProgramFits } from "../../gpu/conv.ts";

/** What of tfjs's webgpu backend is used here. */
interface WebGpuBackend {
  runWebGPUProgram(program: object, inputs: readonly tf.TensorInfo[], dtype: tf.DataType): tf.TensorInfo;
}

const NAME = "FusedConv2D";
let wrapped = false;

/** Puts our own convolution under tfjs's webgpu backend (src/gpu/conv.ts); what it does not fit stays with tfjs. */
export function installWebGpuConv(): void {
  const original = tf.getKernel(NAME, "webgpu");
  if (wrapped || !original) return;
  wrapped = true;
  tf.unregisterKernel(NAME, "webgpu");
  tf.registerKernel({ ...original, kernelFunc: (call) => ours(call) ?? original.kernelFunc(call) });
}

/** The result in a new tensor; null where the call does not fit. */
function ours({ inputs: given, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = given as Record<string, tf.TensorInfo | undefined>;
  if (!x || !filter || preluActivationWeights) return null;
  const { strides, pad, dilations, dataFormat, activation } = attrs as unknown as tf.FusedConv2DAttrs;
  const [side, columns, inputs = 0, outputs = 0] = filter.shape;
  const one = [strides, dilations ?? 1].flat().every((step) => step === 1);
  if (!one || pad !== "same" || dataFormat !== "NHWC" || columns !== side || (side !== 1 && side !== 3)) return null;
  if (!convProgramFits({ outputs }) || (activation !== "relu" && activation !== "linear")) return null;
  const program = convProgram({ inputs, outputs, side, bias: bias !== undefined, relu: activation === "relu" });
  const [batch = 0, height = 0, width = 0] = x.shape;
  return (backend as WebGpuBackend).runWebGPUProgram(
    {
      variableNames: bias ? ["x", "w", "b"] : ["x", "w"],
      variableComponents: bias ? [program.inputTile, 4, 4] : [program.inputTile, 4],
      outputComponent: 4,
      outputShape: [batch, height, width, outputs],
      workgroupSize: [program.threads, 1, 1],
      dispatchLayout: { x: [0, 1, 2, 3] },
      dispatch: [program.workgroups(batch, height, width), 1, 1],
      shaderKey: program.key,
      getUserCode: () => program.code,
    },
    bias ? [x, filter, bias] : [x, filter],
    "float32",
  );
}
