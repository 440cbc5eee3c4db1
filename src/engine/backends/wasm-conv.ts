import * as tf from "@tensorflow/tfjs-core";
import { CONV_ONTO_KERNEL } from "../../model/layers.ts";
import { Conv3x3, type ConvCall, convFits, convScratch } from "../../wasm/conv.ts";
import { Winograd, winogradFits, winogradScratch } from "../../wasm/winograd.ts";
import { registerFilterGradient } from "./wasm-conv-gradient.ts";
import type { WasmBackend } from "./wasm-memory.ts";

interface Kernels {
  readonly direct: Conv3x3;
  readonly winograd: Winograd;
  /** Filters as `winograd` wants them, by their data: they go with it. */
  readonly spread: WeakMap<object, Float32Array>;
  /** Bytes of tfjs's heap, and where they lie. */
  readonly scratch: { at: number; bytes: number };
}

/** `sum`: where a picture lies that is added; 0 = none. */
interface SummedCall extends ConvCall {
  readonly sum: number;
}

const installed = new WeakMap<object, Kernels>();
let wrapped = false;
const FLOAT = 4;

/**
 * Puts our own 3×3 convolutions under tfjs's current wasm backend: winograd.wat for large pictures, else conv.wat; XNNPACK's
 * needs nearly twice the time of conv.wat on one thread. What neither fits (strides, other sizes, threads) stays with tfjs.
 */
export async function installWasmConv(): Promise<void> {
  registerFilterGradient((backend) => installed.get(backend)?.direct);
  const backend = tf.backend() as unknown as WasmBackend;
  const { memory } = backend.wasm.asm;
  const shared = !(memory.buffer instanceof ArrayBuffer); // with threads, which XNNPACK uses and we do not
  if (shared && tf.getKernel(CONV_ONTO_KERNEL, "wasm")) tf.unregisterKernel(CONV_ONTO_KERNEL, "wasm");
  if (shared) return;
  const direct = await Conv3x3.create(memory);
  installed.set(backend, {
    direct,
    winograd: await Winograd.create(memory, direct),
    spread: new WeakMap(),
    scratch: { at: 0, bytes: 0 },
  });
  if (!tf.getKernel(CONV_ONTO_KERNEL, "wasm")) {
    tf.registerKernel({ kernelName: CONV_ONTO_KERNEL, backendName: "wasm", kernelFunc: convolvedOnto });
  }
  if (wrapped) return;
  wrapped = true;
  const original = tf.getKernel("FusedConv2D", "wasm");
  if (!original) return;
  tf.unregisterKernel("FusedConv2D", "wasm");
  tf.registerKernel({
    ...original,
    kernelFunc: (call) => {
      const kernels = installed.get(call.backend as object);
      return (kernels && convolved(kernels, call)) ?? original.kernelFunc(call);
    },
  });
}

/** The result in a new tensor; null where the call does not fit. */
function convolved(kernels: Kernels, call: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = call.inputs as Record<string, tf.TensorInfo | undefined>;
  const { strides, pad, dilations, dataFormat, activation } = call.attrs as unknown as tf.FusedConv2DAttrs;
  if (!x || !filter || preluActivationWeights) return null;
  const [rows, columns] = filter.shape;
  const one = (sides: number | readonly number[]) => [sides].flat().every((side) => side === 1);
  const plain = one(strides as number) && one((dilations ?? 1) as number) && pad === "same" && dataFormat === "NHWC";
  if (!plain || rows !== 3 || columns !== 3 || !convFits(sizeOf(x, filter))) return null;
  if (activation !== "relu" && activation !== "linear") return null;
  return run(kernels, call.backend as WasmBackend, { x, filter, bias }, activation === "relu");
}

/** `CONV_ONTO_KERNEL`: in one go where winograd.wat fits, else in three. */
function convolvedOnto({ inputs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const { x, filter, sum } = inputs as Record<"x" | "filter" | "sum", tf.Tensor4D>;
  const kernels = installed.get(backend as object);
  if (kernels && winogradFits(sizeOf(x, filter))) return run(kernels, backend as WasmBackend, { x, filter, sum }, true);
  return tf.tidy(() => {
    const activation = "linear";
    return tf.relu(tf.add(sum, tf.fused.conv2d({ x, filter, strides: 1, pad: "same", activation })));
  });
}

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly filter: tf.TensorInfo;
  readonly bias?: tf.TensorInfo | undefined;
  readonly sum?: tf.TensorInfo;
}

function sizeOf(x: tf.TensorInfo, filter: tf.TensorInfo) {
  const [, height = 0, width = 0, inputs = 0] = x.shape;
  return { height, width, inputs, outputs: filter.shape[3] as number };
}

/** The result in a new tensor; `sum` only where winograd.wat fits. */
function run(kernels: Kernels, backend: WasmBackend, { x, filter, bias, sum }: Inputs, relu: boolean): tf.TensorInfo {
  const size = sizeOf(x, filter);
  const { height, width, inputs, outputs } = size;
  const batch = x.shape[0] as number;
  const out = backend.makeOutput([batch, height, width, outputs], "float32");
  const at = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const job = { ...size, filter: at(filter), bias: bias ? at(bias) : 0, out: at(out), relu };
  const calls = Array.from({ length: batch }, (_, b): SummedCall => {
    const picture = FLOAT * b * height * width;
    const onto = sum ? at(sum) + picture * outputs : 0;
    return { ...job, x: at(x) + picture * inputs, out: job.out + picture * outputs, sum: onto };
  });
  const large = winogradFits(size);
  const scratch = scratchOf(kernels, backend, large ? winogradScratch(size) : convScratch(job));
  if (large) byWinograd(kernels, filter.dataId, calls, scratch);
  else for (const one of calls) kernels.direct.run(one, scratch);
  return out;
}

/** At least so many bytes, held from call to call: given back each time, they would leave holes of all sizes in the heap. */
function scratchOf({ scratch }: Kernels, { wasm }: WasmBackend, bytes: number): number {
  if (scratch.bytes >= bytes) return scratch.at;
  if (scratch.bytes > 0) wasm._free(scratch.at);
  scratch.bytes = 0;
  scratch.at = wasm._malloc(bytes) >>> 0; // past 2 GiB: negative
  if (scratch.at === 0) throw new Error("tfjs's wasm heap is full");
  scratch.bytes = bytes;
  return scratch.at;
}

/** The filter is made ready once; its four-fold size lies outside of tfjs's heap, which only grows. */
function byWinograd(
  { winograd, spread }: Kernels,
  filter: object,
  calls: readonly SummedCall[],
  scratch: number,
): void {
  const [first] = calls;
  if (!first) return;
  const ready = spread.get(filter);
  if (ready) winograd.lay(ready, first, scratch);
  else spread.set(filter, winograd.spread(first, scratch));
  for (const call of calls) winograd.run(call, scratch, call.sum);
}
