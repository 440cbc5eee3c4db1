import * as tf from "@tensorflow/tfjs-core";
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
  if (!(memory.buffer instanceof ArrayBuffer)) return; // shared with threads, which XNNPACK uses and we do not
  const direct = await Conv3x3.create(memory);
  installed.set(backend, {
    direct,
    winograd: await Winograd.create(memory, direct),
    spread: new WeakMap(),
    scratch: { at: 0, bytes: 0 },
  });
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
  const calls = Array.from({ length: batch }, (_, b) => {
    const picture = FLOAT * b * height * width;
    return { ...job, x: at(x) + picture * inputs, out: job.out + picture * outputs };
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
function byWinograd({ winograd, spread }: Kernels, filter: object, calls: readonly ConvCall[], scratch: number): void {
  const [first] = calls;
  if (!first) return;
  const ready = spread.get(filter);
  if (ready) winograd.lay(ready, first, scratch);
  else spread.set(filter, winograd.spread(first, scratch));
  for (const call of calls) winograd.run(call, scratch);
}
