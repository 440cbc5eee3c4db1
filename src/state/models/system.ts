import type { ModelConfig } from "../../core/config/model-config.ts";
import type { Decoded, Gaussian, HeadWeights, Task, Want } from "../../core/network/encoding.ts";
import type { Choices, Drawable } from "../../core/random/choices.ts";
import type { Crop } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { BackendReport } from "../../engine/engine.ts";
import type { Encoded, State } from "../app/shape.ts";
import type { Urgency } from "./queue.ts";

/** What is known of a model once it is loaded. */
export interface Loaded extends Drawable {
  readonly config: ModelConfig;
  readonly backend: BackendReport | null;
  /** The light half, where z enters only there and a decode fits into a frame; null where every sample is a pass. */
  readonly decode: HeadWeights | null;
}

/** A loaded model at work: looks at a crop once, then draws samples of it. One per family of cost. */
export interface System {
  readonly about: Loaded;
  /** @throws DeviceLost, OutOfMemory, WorkerLost, Aborted */
  prepare(crop: Crop, task: Task): Promise<Encoded>;
  draw(encoded: Encoded, choices: Choices, want: Want, urgency: Urgency, task?: Task): Promise<Decoded>;
  /** Where a grader's mask lies in z. @throws BadArgument where the system has no z */
  posterior(encoded: Encoded, mask: Mask, task: Task): Promise<Gaussian>;
  dispose(): void;
}

/** Whether the model has a z: prior, posterior, sliders and plane come with it. */
export function hasZ(state: State): boolean {
  return state.model?.value.head != null;
}

/** Whether the engine holds the network of the wanted model: until then nothing may be asked of it. */
export function engineHoldsModel({ inEngine, intent }: State): boolean {
  return inEngine !== null && inEngine === intent.model;
}

/** Whether a decode fits into a frame: then the plane's masks and the map of the whole slice are affordable. */
export function isQuick(state: State): boolean {
  return state.model?.value.decode != null;
}
