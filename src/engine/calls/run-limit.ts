import type { ModelConfig } from "../../core/config/model-config.ts";
import { runsTooLong } from "../../core/config/runs-too-long.ts";
import { endWhereSilent } from "./stall-watch.ts";
import type { Supervisor } from "./supervisor.ts";

/** Lets each run of a network in ONNX, and its opening, compute for as long as its config says. */
export function limitRuns(worker: Supervisor, { name, onnx }: ModelConfig): void {
  if (onnx) endWhereSilent(worker, onnx.runSeconds, () => runsTooLong(name, onnx.runSeconds));
}
