import { noSuchModel } from "../../core/config/retired-models.ts";
import { throwIfAborted } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Model } from "../../core/network/model.ts";
import { sampleModel } from "../../core/samples/sample-model.ts";
import type { EnginePort } from "../app/ports.ts";
import type { ModelChoice, State } from "../app/shape.ts";
import type { Library } from "../cases/library.ts";

/** @throws ModelNotFound */
export function modelNamed({ models }: Pick<State, "models">, name: string): ModelChoice {
  const found = models.find((model) => model.name === name);
  if (found) return found;
  throw noSuchModel(name, { problem: say`there is no model of this name`, remedy: say`choose one from the menu` });
}

/** A model at work, and whether its golden values could not be had: then nothing has tested it here. */
export interface Fetched {
  readonly model: Model;
  readonly untested: boolean;
}

/** Fetches a model and makes it ready. `doing` names the steps. @throws NetworkFailed, and as `EnginePort.load` */
export async function fetchModel(
  port: EnginePort,
  library: Library,
  choice: ModelChoice,
  task: Task,
  doing: (what: Text) => void = () => {},
): Promise<Fetched> {
  const { config, bundled } = choice;
  const set = library.samples(choice.name);
  if (set) return { model: sampleModel(set), untested: false };
  const megabytes = config.weights.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  if (bundled && megabytes >= 1) doing(say`Fetching ${config.title} (${Math.round(megabytes)} MB)`);
  let last = "";
  const onProgress = (share: number) => {
    const next = say`Fetching ${config.title} (${(share * megabytes).toFixed(1)} of ${megabytes.toFixed(1)} MB)`;
    if (bundled && megabytes >= 1 && next.english !== last) doing(next);
    last = next.english;
    task.onProgress?.(share);
  };
  const [weights, golden] = await Promise.all([
    library.weights(choice, { ...task, onProgress }),
    library.golden(choice).catch(() => null), // a model does not fall with its test
  ]);
  throwIfAborted(task.signal);
  doing(config.weights.length > 1 ? say`Loading ${config.weights.length} members` : say`Loading ${config.title}`);
  const model = await port.load({ config, weights, ...(golden && { golden }) }, task);
  if (task.signal?.aborted) model.dispose();
  throwIfAborted(task.signal);
  return { model, untested: bundled && golden === null };
}
