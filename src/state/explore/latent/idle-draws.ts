import { throwIfAborted } from "../../../core/errors.ts";
import type { Draw, Samples, Task } from "../../../core/network/encoding.ts";
import type { Prepared } from "../../../core/network/model.ts";
import { sampleAt } from "../../../core/values/threshold.ts";
import type { QueuedModel } from "../../models/model.ts";

/** So many decodes at once: a slider's waits for no more than these. */
const AT_ONCE = 16;

/** P [H, W] of each draw. */
export interface IdleDraws extends Omit<Samples, "count" | "probabilities"> {
  readonly maps: readonly Float32Array[];
}

/** What nobody waits for, in a few goes; null where the system gives no samples, or there is nothing to draw. @throws as `Model.draw` */
export async function drawIdly(
  system: QueuedModel,
  encoded: Prepared,
  draws: readonly Draw[],
  task: Task,
): Promise<IdleDraws | null> {
  const maps: Float32Array[] = [];
  let last: Samples | null = null;
  for (let first = 0; first < draws.length; first += AT_ONCE) {
    const some = draws.slice(first, first + AT_ONCE);
    const { samples } = await system.draw(encoded, { kind: "z", draws: some }, { samples: true }, "idle", task);
    throwIfAborted(task.signal);
    if (!samples) return null;
    last = samples;
    for (let n = 0; n < some.length; n++) maps.push(sampleAt(samples, n));
  }
  if (last === null) return null;
  const { count: _count, probabilities: _probabilities, ...rest } = last;
  return { ...rest, maps };
}
