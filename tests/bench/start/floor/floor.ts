import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import simd from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import { setBackend } from "@tensorflow/tfjs-core";
import type { ModelConfig } from "../../../../src/core/config/model-config.ts";
import { loadModel } from "../../../../src/model/load-model.ts";

/** The least that a page with this network can do: tfjs on wasm, its weights, one look at a region. */
const fetched = async (file: string) => (await fetch(`./${file}`)).arrayBuffer();
const config = JSON.parse(new TextDecoder().decode(await fetched("config.json"))) as ModelConfig;
// A page that is not isolated runs the one without threads; tfjs wants all of them named.
setWasmPaths({
  "tfjs-backend-wasm-simd.wasm": simd,
  "tfjs-backend-wasm-threaded-simd.wasm": simd,
  "tfjs-backend-wasm.wasm": simd,
});
const [weights] = await Promise.all([
  Promise.all(config.weights.map(async ({ file }) => new Uint8Array(await fetched(file)))),
  setBackend("wasm"),
]);
const { size } = config.preprocessing;
const values = Float32Array.from({ length: size * size }, (_, i) => (i % 7) / 7);
await (await loadModel({ config, weights })).prepare({ size, values, origin: [0, 0], constant: false });
performance.mark("one U-Net");
