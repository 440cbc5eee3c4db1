import { GraderspaceError } from "../core/errors.ts";
import type { HeadWeights } from "../core/network/encoding.ts";
import type { MakeDecoder } from "../model/sampler.ts";

/** What `session.json` says of the machine: the same words on every one, as the bytes are the same. */
export const BACKEND = "wasm, 1 thread";

/** Starts tfjs on wasm in plain Node, and decodes with our own wasm kernel. @throws GraderspaceError NoBackend */
export async function startWasm(): Promise<MakeDecoder> {
  const tf = await import("@tensorflow/tfjs-core");
  await import("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) {
    throw new GraderspaceError("NoBackend", { problem: "WebAssembly does not start here", remedy: "update Node" });
  }
  await tf.ready();
  const { installWasmConv } = await import("../engine/backends/wasm-conv.ts");
  await installWasmConv();
  const { WasmDecoder } = await import("../wasm/wasm-decoder.ts");
  return (head: HeadWeights) => WasmDecoder.create(head);
}
