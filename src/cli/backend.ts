import { GraderspaceError } from "../core/errors.ts";
import type { Model, ModelFiles } from "../core/network/model.ts";
import { withRunLimit } from "./limits/run-limit.ts";

/** What `session.json` says of the machine: the same words on every one, as the bytes are the same. */
export const BACKEND = "wasm, 1 thread";

let started: Promise<void> | null = null;

/** A model of any family on wasm in plain Node. @throws GraderspaceError NoBackend, and as `loadModel` */
export async function openModel(files: ModelFiles): Promise<Model> {
  const { loadModel } = await import("../model/load-model.ts");
  const { WasmDecoder } = await import("../wasm/wasm-decoder.ts");
  await startWasm();
  return withRunLimit(files, () => loadModel(files, (head) => WasmDecoder.create(head)));
}

/** tfjs's wasm backend with our convolution, once. @throws GraderspaceError NoBackend */
export function startWasm(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  const tf = await import("@tensorflow/tfjs-core");
  await import("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) {
    throw new GraderspaceError("NoBackend", { problem: "WebAssembly does not start here", remedy: "update Node" });
  }
  await tf.ready();
  const { installWasmConv } = await import("../engine/backends/wasm-conv.ts");
  await installWasmConv();
}
