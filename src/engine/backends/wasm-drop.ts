import * as tf from "@tensorflow/tfjs-core";
import { DROP_KERNEL, type DropAttributes } from "../../model/dropout-unet.ts";
import { Drop } from "../../wasm/drop.ts";
import type { WasmBackend } from "./wasm-memory.ts";

const installed = new WeakMap<object, Drop>();

/** Puts dropout by a seed (drop.wat) under tfjs's current wasm backend. Where threads share its memory it stays out. */
export async function installWasmDrop(): Promise<void> {
  const backend = tf.backend() as unknown as WasmBackend;
  const { memory } = backend.wasm.asm;
  const shared = !(memory.buffer instanceof ArrayBuffer);
  if (tf.getKernel(DROP_KERNEL, "wasm") && shared) tf.unregisterKernel(DROP_KERNEL, "wasm");
  if (shared) return;
  installed.set(backend, await Drop.create(memory));
  if (tf.getKernel(DROP_KERNEL, "wasm")) return;
  tf.registerKernel({ kernelName: DROP_KERNEL, backendName: "wasm", kernelFunc: dropped });
}

function dropped({ inputs, attrs, backend: current }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo {
  const { x } = inputs as Record<"x", tf.TensorInfo>;
  const { state, p } = attrs as unknown as DropAttributes;
  const backend = current as WasmBackend;
  const out = backend.makeOutput(x.shape, "float32");
  const at = ({ dataId }: tf.TensorInfo) => backend.dataIdMap.get(dataId).memoryOffset;
  const count = x.shape.reduce((product, side) => product * side, 1);
  installed.get(backend)?.run({ x: at(x), out: at(out), count, state, p });
  return out;
}
