import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { createPageEngine } from "../../../src/engine/page-engine.ts";
import { benches } from "./benches.ts";
import { type SentModel, timeCrew } from "./crew.ts";

const absolute = (url: string) => new URL(url, location.href).href;
const wasmUrls = {
  "tfjs-backend-wasm.wasm": absolute(plain),
  "tfjs-backend-wasm-simd.wasm": absolute(simd),
  "tfjs-backend-wasm-threaded-simd.wasm": absolute(threaded),
};

/** Every worker that was made, in order. */
const workers: Worker[] = [];
/** Those of them that nobody ended. */
const living = new Set<Worker>();
const RealWorker = Worker;
globalThis.Worker = class extends RealWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.push(this);
    living.add(this);
  }

  override terminate() {
    living.delete(this);
    super.terminate();
  }
};

const crew = (model: SentModel, rounds: number) => timeCrew(model, rounds, wasmUrls);

export const harness = { createPageEngine, wasmUrls, workers, living, crew, ...benches(wasmUrls) };
export type Harness = typeof harness;

Object.assign(globalThis, { graderspace: harness });
