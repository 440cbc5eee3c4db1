import * as tf from "@tensorflow/tfjs-core";
import { convProgram, convProgramFits } from "../../gpu/conv.ts";
import { CONV_ONTO_KERNEL } from "../../model/layers.ts";
import { replaceKernel, runProgram } from "./webgpu-programs.ts";

type Call = Parameters<tf.KernelFunc>[0];

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly sum?: tf.TensorInfo;
}

/**
 * Puts our own convolution under tfjs's webgpu backend (src/gpu/conv.ts), and the gradient of its picture by the same
 * program; what it does not fit stays with tfjs.
 */
export function installWebGpuConv(): void {
  replaceKernel("FusedConv2D", convolved);
  replaceKernel("Conv2DBackpropInput", gradientOfPicture);
  if (tf.getKernel(CONV_ONTO_KERNEL, "webgpu")) return;
  tf.registerKernel({ kernelName: CONV_ONTO_KERNEL, backendName: "webgpu", kernelFunc: convolvedOnto });
}

/** The result in a new tensor; null where the call does not fit. */
function convolved({ inputs: given, attrs, backend }: Call): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = given as Record<string, tf.TensorInfo | undefined>;
  if (!x || !filter || preluActivationWeights) return null;
  const { strides, pad, dilations, dataFormat, activation } = attrs as unknown as tf.FusedConv2DAttrs;
  const one = [strides, dilations ?? 1].flat().every((step) => step === 1);
  if (!one || pad !== "same" || dataFormat !== "NHWC" || !fits(filter.shape)) return null;
  if (activation !== "relu" && activation !== "linear") return null;
  return run(backend, { x, filter, bias }, activation === "relu");
}

/**
 * dx[y, x, c] = Σ dy[y − ky + half, x − kx + half, o] · w[ky, kx, c, o]: a convolution with the filter turned by half a
 * turn, its inputs and outputs changed over. Null where the call does not fit.
 */
function gradientOfPicture({ inputs, attrs, backend }: Call): tf.TensorInfo | null {
  const { dy, filter } = inputs as unknown as Record<"dy" | "filter", tf.Tensor4D>;
  const { strides, pad, dataFormat } = attrs as unknown as tf.Conv2DBackpropInputAttrs;
  const one = [strides].flat().every((step) => step === 1);
  const [side, columns, channels] = filter.shape;
  if (!one || pad !== "same" || dataFormat !== "NHWC" || !fits([side, columns, 0, channels])) return null;
  const turned = tf.tidy(() => tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]));
  const found = run(backend, { x: dy, filter: turned }, false);
  turned.dispose();
  return found;
}

/** `CONV_ONTO_KERNEL`: in one go where our own program fits, else in three. */
function convolvedOnto({ inputs, backend }: Call): tf.TensorInfo {
  const { x, filter, sum } = inputs as Record<"x" | "filter" | "sum", tf.Tensor4D>;
  if (fits(filter.shape)) return run(backend, { x, filter, sum }, true);
  return tf.tidy(() => {
    const activation = "linear";
    return tf.relu(tf.add(sum, tf.fused.conv2d({ x, filter, strides: 1, pad: "same", activation })));
  });
}

function fits([side, columns, , outputs = 0]: readonly number[]): boolean {
  return columns === side && (side === 1 || side === 3) && convProgramFits({ outputs });
}

function run(backend: unknown, { x, filter, bias, sum }: Inputs, relu: boolean): tf.TensorInfo {
  const [side, , inputs, outputs] = filter.shape as [1 | 3, number, number, number];
  const program = convProgram({ inputs, outputs, side, bias: bias !== undefined, sum: sum !== undefined, relu });
  const [batch = 0, height = 0, width = 0] = x.shape;
  const further = [
    { name: "b", from: bias },
    { name: "onto", from: sum },
  ];
  return runProgram(backend, {
    ...program,
    workgroups: program.workgroups(batch, height, width),
    inputs: [
      { name: "x", tile: program.inputTile, from: x },
      { name: "w", tile: 4, from: filter },
      ...further.flatMap(({ name, from }) => (from ? [{ name, tile: 4 as const, from }] : [])),
    ],
    outputTile: 4,
    outputShape: [batch, height, width, outputs],
  });
}
