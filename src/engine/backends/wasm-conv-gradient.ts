import * as tf from "@tensorflow/tfjs-core";
import { type Conv3x3, filterGradientFits, filterGradientScratch } from "../../wasm/conv.ts";
import type { WasmBackend } from "./wasm-memory.ts";

type Call = Parameters<tf.KernelFunc>[0];

/**
 * Gives tfjs's wasm backend the kernel that it lacks, Conv2DBackpropFilter, for stride 1 and "same" borders: conv.wat
 * where it fits and `convOf` has one, else a convolution of transposed tensors.
 */
export function registerFilterGradient(convOf: (backend: object) => Conv3x3 | undefined): void {
  if (tf.getKernel("Conv2DBackpropFilter", "wasm")) return;
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: (call) => {
      const conv = convOf(call.backend as object);
      return (conv && ours(conv, call)) ?? transposed(call);
    },
  });
}

/** The result in a new tensor; null where the call does not fit. */
function ours(conv: Conv3x3, call: Call): tf.TensorInfo | null {
  const { x, dy } = call.inputs as Record<"x" | "dy", tf.TensorInfo>;
  const [side = 0, , inputs = 0, outputs = 0] = shapeOf(call);
  const [batch = 0, height = 0, width = 0] = x.shape;
  if ((side !== 1 && side !== 3) || !filterGradientFits({ outputs })) return null;
  const backend = call.backend as WasmBackend;
  const out = backend.makeOutput([side, side, inputs, outputs], "float32");
  const at = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const job = { batch, height, width, inputs, outputs, side } as const;
  const scratch = backend.wasm._malloc(filterGradientScratch({ ...job, x: 0, dy: 0, out: 0 })) >>> 0;
  if (scratch === 0) throw new Error("tfjs's wasm heap is full");
  conv.filterGradient({ ...job, x: at(x), dy: at(dy), out: at(out) }, scratch);
  backend.wasm._free(scratch);
  return out;
}

/**
 * Σ_{n,y,x} in[n, y+ky, x+kx, c] · dy[n, y, x, o] is itself a convolution: of the picture [C, H, W, N] with the filter
 * [H, W, N, O].
 */
function transposed(call: Call): tf.TensorInfo {
  const { x, dy } = call.inputs as unknown as Record<"x" | "dy", tf.Tensor4D>;
  const [side = 0, , inputs = 0, outputs = 0] = shapeOf(call);
  return tf.tidy(() => {
    if (side === 1) {
      const flat = tf.matMul(tf.reshape(x, [-1, inputs]), tf.reshape(dy, [-1, outputs]), true);
      return tf.reshape(flat, [1, 1, inputs, outputs]);
    }
    const half = (side - 1) / 2;
    const picture = tf.transpose(
      tf.pad(x, [
        [0, 0],
        [half, half],
        [half, half],
        [0, 0],
      ]),
      [3, 1, 2, 0],
    );
    const found = tf.conv2d(picture as tf.Tensor4D, tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D, 1, "valid");
    return tf.transpose(found, [1, 2, 0, 3]); //                 [C, side, side, O] → [side, side, C, O]
  });
}

function shapeOf({ attrs }: Call): readonly number[] {
  const { filterShape, strides, pad } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
  const one = [strides].flat().every((stride) => stride === 1);
  if (!one || pad !== "same")
    throw new Error("the gradient of a filter is here for stride 1 and borders of zeros only");
  return filterShape;
}
