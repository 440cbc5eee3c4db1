import * as tf from "@tensorflow/tfjs-core";
import { inEnglish, say, type Text } from "../../core/language/say.ts";
import type { BackendName } from "../../core/network/model.ts";
import { adapterName, limitsOf, requestAdapter } from "./adapter.ts";
import { type Backend, FileMissing, type Started } from "./backend.ts";
import { installWasmConv } from "./wasm-conv.ts";
import { installWasmDrop } from "./wasm-drop.ts";
import { wasmThreads } from "./wasm-threads.ts";
import { installWebGpuConv } from "./webgpu-conv.ts";
import { installWebGpuFilterGradient } from "./webgpu-conv-gradient.ts";
import { installWebGpuResample } from "./webgpu-resample.ts";

export interface TfjsOptions {
  /** Where the page serves tfjs's wasm files, by their names; in Node they are found beside the package. */
  readonly wasmUrls?: Readonly<Record<string, string>>;
  /** Only this one, software adapters included. */
  readonly forced?: BackendName;
  /** At most so many on wasm; by default half of what the machine has. */
  readonly threads?: number;
}

const NEVER = new Promise<never>(() => undefined);
/** Threaded wasm that cannot start its workers hangs instead of failing. */
const THREADS_PATIENCE_MS = 10_000;

/** webgpu on hardware, then wasm, then plain JavaScript. Each is downloaded when its turn comes. */
export function tfjsBackends(options: TfjsOptions = {}): Backend[] {
  const all: Backend[] = [
    { name: "webgpu", start: () => startWebGpu(options) },
    { name: "wasm", start: () => startWasm(options) },
    { name: "cpu", start: startCpu },
  ];
  return options.forced ? all.filter(({ name }) => name === options.forced) : all;
}

async function startWebGpu({ forced }: TfjsOptions): Promise<Started> {
  const adapter = await requestAdapter(forced === "webgpu");
  await import("@tensorflow/tfjs-backend-webgpu");
  await activate("webgpu", 3);
  installWebGpuConv();
  installWebGpuFilterGradient();
  installWebGpuResample();
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  let fault: string | null = null;
  const lost = device.lost.then(({ message }): never => {
    fault ??= `the graphics device was lost (${message || "no reason given"})`;
    throw new Error(fault);
  });
  lost.catch(() => undefined);
  device.addEventListener("uncapturederror", ({ error }) => {
    fault ??= `the graphics device refused work (${error.message})`;
  });
  return {
    detail: adapterName(adapter),
    versions: versions(),
    limits: limitsOf(device),
    fault: () => fault,
    lost,
  };
}

let pathsAreSet = false;

async function startWasm({ wasmUrls, threads: most }: TfjsOptions): Promise<Started> {
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  // Once: tfjs refuses it after a start that failed.
  if (wasmUrls && !pathsAreSet) wasm.setWasmPaths(wasmUrls as Record<string, string>);
  pathsAreSet = true;
  const wanted = wasmThreads(globalThis.navigator?.hardwareConcurrency ?? 1, most);
  const threaded = wanted > 1 && (await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT"));
  if (threaded) wasm.setThreadsCount(wanted);
  const started = threaded ? await triedWithThreads(activate("wasm", 2)) : false;
  if (!started) {
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    try {
      await activate("wasm", 2);
    } catch (error) {
      throw (await missing(wasmUrls)) ?? error;
    }
  }
  await installWasmConv();
  await installWasmDrop();
  const threads = started ? wasm.getThreadsCount() : 1;
  const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return {
    detail: `${simd ? "SIMD" : "no SIMD"}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    versions: { ...versions(), "tfjs-backend-wasm": wasm.version_wasm },
    limits: { threads },
    fault: () => null,
    lost: NEVER,
  };
}

/** Why wasm could not start, where its files do not come as they should: tfjs tells that from no other fault. */
async function missing(urls: TfjsOptions["wasmUrls"]): Promise<FileMissing | null> {
  for (const [file, url] of Object.entries(urls ?? {})) {
    const lacks = (why: Text) => new FileMissing(`its file ${file} could not be fetched${inEnglish(why)}`);
    const answer = await fetch(url).catch(() => null);
    if (answer === null) return lacks("");
    if (!answer.ok) return lacks(say`: the server answered ${answer.status}`);
    const head = new Uint8Array(await answer.arrayBuffer().catch(() => new ArrayBuffer(0))).subarray(0, 4);
    if (String.fromCharCode(...head) !== "\0asm") return lacks(say`: the server sent something else in its place`);
  }
  return null;
}

/** Whether the threads came up. Where their workers fail, tfjs throws into the void and waits for ever. */
async function triedWithThreads(starting: Promise<void>): Promise<boolean> {
  const end = new AbortController();
  const failed = new Promise<boolean>((resolve) => {
    const no = () => resolve(false);
    globalThis.addEventListener?.("error", no, { signal: end.signal });
    globalThis.addEventListener?.("unhandledrejection", no, { signal: end.signal });
    const timer = setTimeout(no, THREADS_PATIENCE_MS);
    end.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    return await Promise.race([
      starting.then(
        () => true,
        () => false,
      ),
      failed,
    ]);
  } finally {
    end.abort();
  }
}

async function startCpu(): Promise<Started> {
  const { version_cpu } = await import("@tensorflow/tfjs-backend-cpu");
  await activate("cpu", 1);
  return {
    detail: "plain JavaScript, slow",
    versions: { ...versions(), "tfjs-backend-cpu": version_cpu },
    limits: {},
    fault: () => null,
    lost: NEVER,
  };
}

/**
 * Makes a backend current. One that ran before is built anew from its factory: that is how a lost device or an
 * exhausted heap is left behind (its tensors are gone with it).
 */
async function activate(name: BackendName, priority: number): Promise<void> {
  const factory = tf.findBackendFactory(name);
  if (!factory) throw new Error(`tfjs has no ${name} backend here`);
  if (name in tf.engine().registry) {
    tf.removeBackend(name);
    tf.registerBackend(name, factory, priority);
  }
  if (!(await tf.setBackend(name))) throw new Error(`tfjs cannot start its ${name} backend here`);
}

function versions(): Record<string, string> {
  return { "tfjs-core": tf.version_core };
}
