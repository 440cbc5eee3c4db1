import type { TfjsOptions } from "../backends/tfjs-backends.ts";
import type { Port } from "../calls/calls.ts";
import { createRemoteTraining } from "./remote-training.ts";
import type { TrainingPort } from "./training-port.ts";

/** A training in a worker of its own, until it is disposed of. */
export function createTrainingWorker(options: TfjsOptions): TrainingPort {
  const worker = new Worker(new URL("../../train.worker.ts", import.meta.url), { type: "module", name: "train" });
  return createRemoteTraining(worker as Port, options, () => worker.terminate());
}
