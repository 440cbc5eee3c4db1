import { GraderspaceError, throwIfAborted } from "../../core/errors.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { EnginePort } from "../app/ports.ts";
import type { ModelChoice, State } from "../app/shape.ts";
import type { Library } from "../cases/library.ts";
import { DecodingSystem } from "./decoding-system.ts";
import { SamplingSystem } from "./sampling-system.ts";
import type { System } from "./system.ts";

/** @throws ModelNotFound */
export function modelNamed({ models }: Pick<State, "models">, name: string): ModelChoice {
  const found = models.find((model) => model.name === name);
  if (found) return found;
  throw new GraderspaceError("ModelNotFound", {
    problem: `there is no model named ${name}`,
    remedy: "choose one from the menu",
  });
}

/**
 * Fetches a model and makes it ready: the Probabilistic U-Net in the page's engine with a decoder of its own, any other
 * as a sampler. `say` names the steps. @throws NetworkFailed, and as `Engine.load`
 */
export async function loadSystem(
  port: EnginePort,
  library: Library,
  model: ModelChoice,
  task: Task,
  say: (what: string) => void,
): Promise<System> {
  if (model.config.family !== "prob-unet") return loadSampling(port, library, model, task, say);
  const signal = task.signal ? { signal: task.signal } : {};
  const [weights, golden] = await Promise.all([library.weights(model, task), library.golden(model)]);
  throwIfAborted(task.signal);
  const info = await port.engine.load({ config: model.config, weights, ...(golden ? { golden } : {}) }, signal);
  const decoder = await port.decoder(info.head);
  if (task.signal?.aborted) decoder.dispose();
  throwIfAborted(task.signal);
  return new DecodingSystem(port.engine, { ...info, backend: port.report() ?? info.backend }, decoder);
}

/** Any of the five families as a sampler in a worker of its own. @throws NetworkFailed, and as `EnginePort.system` */
export async function loadSampling(
  port: EnginePort,
  library: Library,
  model: ModelChoice,
  task: Task,
  say: (what: string) => void,
): Promise<System> {
  const { title, weights: files } = model.config;
  const megabytes = files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  if (model.bundled && megabytes >= 1) say(`Fetching ${title} (${Math.round(megabytes)} MB)`);
  const weights = await library.weights(model, task);
  throwIfAborted(task.signal);
  say(files.length > 1 ? `Loading ${files.length} members` : `Loading ${title}`);
  const sampler = await port.system({ config: model.config, weights }, task);
  if (task.signal?.aborted) sampler.dispose();
  throwIfAborted(task.signal);
  return new SamplingSystem(sampler);
}
