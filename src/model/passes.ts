import { throwIfAborted } from "../core/errors.ts";
import type { Decoded, Task, Want } from "../core/network/encoding.ts";
import { sigmoid } from "../core/network/logits.ts";
import { statisticsOf } from "../core/network/statistics.ts";

/** Milliseconds of work after which the thread listens to its messages: an abort is one. */
const PATIENCE = 12;

/**
 * Samples of a system that makes each by a pass of its own: `logitsOf(n)` gives sample n, [size, size]. Listens to the
 * task between passes. @throws GraderspaceError Aborted
 */
export async function samplesByPass(
  count: number,
  size: number,
  want: Want,
  task: Task | undefined,
  logitsOf: (n: number) => Promise<Float32Array>,
): Promise<Decoded> {
  const pixels = size * size;
  const probabilities = new Float32Array(count * pixels);
  let listened = performance.now();
  for (let n = 0; n < count; n++) {
    if (performance.now() - listened > PATIENCE) {
      await new Promise((resolve) => setTimeout(resolve));
      listened = performance.now();
    }
    throwIfAborted(task?.signal);
    probabilities.set((await logitsOf(n)).map(sigmoid), n * pixels);
    task?.onProgress?.((n + 1) / count);
  }
  throwIfAborted(task?.signal);
  const samples = { count, width: size, height: size, probabilities };
  return { ...(want.samples && { samples }), ...(want.statistics && { statistics: statisticsOf(samples) }) };
}
