import * as tf from "@tensorflow/tfjs-core";
import { Conv3x3, convFits, convScratch } from "../../wasm/conv.ts";
import { registerFilterGradient } from "./wasm-conv-gradient.ts";
import type { WasmBackend } from "./wasm-memory.ts";

const installed = new WeakMap<object, Conv3x3>();
let wrapped = false;

/**
 * Puts our own 3×3 convolution (conv.wat) under tfjs's current wasm backend: XNNPACK's needs nearly twice the time on
 * one thread. What it does not fit (strides, other sizes, threads) stays with tfjs.
 */
export async function installWasmConv(): Promise<void> {
  registerFilterGradient((backend) => installed.get(backend));
  const backend = tf.backend() as unknown as WasmBackend;
  const { memory } = backend.wasm.asm;
  if (!(memory.buffer instanceof ArrayBuffer)) return; // shared with threads, which XNNPACK uses and we do not
  installed.set(backend, await Conv3x3.create(memory));
  if (wrapped) return;
  wrapped = true;
  const original = tf.getKernel("FusedConv2D", "wasm");
  if (!original) return;
  tf.unregisterKernel("FusedConv2D", "wasm");
  tf.registerKernel({
    ...original,
    kernelFunc: (call) => {
      const conv = installed.get(call.backend as object);
      return (conv && convolved(conv, call)) ?? original.kernelFunc(call);
    },
  });
}

/** The result in a new tensor; null where the call does not fit. */
function convolved(conv: Conv3x3, call: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = call.inputs as Record<string, tf.TensorInfo | undefined>;
  const { strides, pad, dilations, dataFormat, activation } = call.attrs as unknown as tf.FusedConv2DAttrs;
  if (!x || !filter || preluActivationWeights) return null;
  const [batch = 0, height = 0, width = 0, inputs = 0] = x.shape;
  const [rows, columns, , outputs = 0] = filter.shape;
  const one = (sides: number | readonly number[]) => [sides].flat().every((side) => side === 1);
  const plain = one(strides as number) && one((dilations ?? 1) as number) && pad === "same" && dataFormat === "NHWC";
  if (!plain || rows !== 3 || columns !== 3 || !convFits({ width, outputs })) return null;
  if (activation !== "relu" && activation !== "linear") return null;
  const backend = call.backend as WasmBackend;
  const out = backend.makeOutput([batch, height, width, outputs], "float32");
  const at = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const size = { filter: at(filter), bias: bias ? at(bias) : 0, height, width, inputs, outputs };
  const job = { ...size, out: at(out), relu: activation === "relu" };
  const scratch = backend.wasm._malloc(convScratch(job)) >>> 0; // addresses above 2 GiB come as negative numbers
  if (scratch === 0) throw new Error("tfjs's wasm heap is full");
  for (let b = 0; b < batch; b++) {
    const x0 = at(x) + 4 * b * height * width * inputs;
    conv.run({ ...job, x: x0, out: job.out + 4 * b * height * width * outputs }, scratch);
  }
  backend.wasm._free(scratch);
  return out;
}
