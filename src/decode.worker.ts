import type { Port } from "./engine/calls.ts";
import { serveDecoder } from "./engine/serve.ts";
import { WasmDecoder } from "./wasm/wasm-decoder.ts";

serveDecoder(self as unknown as Port, (head) => WasmDecoder.create(head));
