import { requestAdapter } from "./engine/backends/adapter.ts";
import type { TfjsOptions } from "./engine/backends/tfjs-backends.ts";
import type { Port } from "./engine/calls/calls.ts";
import { serveDecoder } from "./engine/decoder/serve-decoder.ts";
import { createSteadyDecoder, type DecoderKind } from "./engine/decoder/steady-decoder.ts";
import { WebGpuDecoder } from "./gpu/decode.ts";
import { openDevice } from "./gpu/device.ts";
import { WasmDecoder } from "./wasm/wasm-decoder.ts";

const wasm: DecoderKind = { kind: "wasm", make: (head) => WasmDecoder.create(head) };
const webgpu = (software: boolean): DecoderKind => ({
  kind: "webgpu",
  make: async (head) => new WebGpuDecoder(head, await openDevice(await requestAdapter(software))),
});

serveDecoder(self as unknown as Port, (head, { forced }: TfjsOptions) => {
  const kinds = forced === undefined || forced === "webgpu" ? [webgpu(forced === "webgpu"), wasm] : [wasm];
  return createSteadyDecoder(kinds, head);
});
