import type { ModelConfig } from "../core/config/model-config.ts";
import type { Encoding, Gaussian, HeadWeights, Task } from "../core/network/encoding.ts";
import type { Crop } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";

/** Any of the five systems; state knows it by this name, as it may not look into model. */
export type { Sampler } from "../model/sampler.ts";

export type BackendName = "webgpu" | "wasm" | "cpu";

/** The one reader of bytes: fetch in the page, fs in Node. `path` is relative to the model's folder. */
export type ReadBytes = (path: string, task?: Task) => Promise<Uint8Array>;

/** The files of one model, already read: small enough to hand over a port at once. */
export interface ModelFiles {
  readonly config: ModelConfig;
  /** One per entry of `config.weights`, in its order. */
  readonly weights: readonly Uint8Array[];
  /** Where given, a backend that does not reproduce it is not taken. */
  readonly golden?: Golden;
}

/** `golden.json` and its binary: an input and what the network made of it in PyTorch (formats.md). */
export interface Golden {
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly offset: number }>>;
  readonly values: Uint8Array;
}

/** What the badge tells and its diagnostics copy. */
export interface BackendReport {
  readonly backend: BackendName;
  /** Adapter or instruction set: "SIMD, 1 thread", "NVIDIA …". */
  readonly detail: string;
  /** Why the better ones were not taken, in their order. */
  readonly rejected: readonly { readonly backend: BackendName; readonly reason: string }[];
  readonly versions: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
  /** Milliseconds of the last load and encode. */
  readonly timings: Readonly<Record<string, number>>;
}

export interface ModelInfo {
  readonly config: ModelConfig;
  readonly head: HeadWeights;
  readonly backend: BackendReport;
}

/** The heavy half. The same interface in this thread and over a MessagePort; one contract suite proves both. */
export interface Engine {
  /** @throws ModelMissingTensor, ModelWrongShape, ModelWrongDtype, ModelTruncated, ModelHashDiffers, NoBackend */
  load(files: ModelFiles, task?: Task): Promise<ModelInfo>;
  /** U-Net, head maps and prior of one crop. @throws BadArgument before `load`; Aborted; DeviceLost */
  encode(crop: Crop, task?: Task): Promise<Encoding>;
  /** q(z | image, mask), mask [size, size] within the crop; by the posterior net, or Newton steps where there is none. */
  posterior(crop: Crop, mask: Mask, task?: Task): Promise<Gaussian>;
  /** The backend that runs now: it may have changed since `load`, after a loss. @throws BadArgument before `load` */
  report(): Promise<BackendReport>;
  dispose(): void;
}
