import { isAbort, throwIfAborted } from "../../core/errors.ts";
import type { Archive } from "./archive.ts";
import type { ArchiveSeries } from "./series-stack.ts";

/** Fetches under way at once: one less than the archive is asked at once, for what is shown meanwhile. */
const AT_ONCE = 5;

interface LoadTask {
  readonly signal?: AbortSignal;
  /** The picture on the screen now: what lies nearest to it is next. */
  centre(): number;
  onProgress?(done: number, of: number): void;
}

/** What came of it: pictures that could not be fetched, and those for which there was no room. */
export interface Loaded {
  readonly failed: readonly number[];
  readonly left: number;
  /** The first reason. */
  readonly problem: unknown;
}

/**
 * Fetches pictures of a series, nearest to the one on the screen first, as many as can be held together; those
 * of other series give way. A picture that cannot
 * be fetched does not end the others.
 * @param frames which of the stack's pictures
 * @throws Aborted
 */
export async function loadNearestFirst(
  archive: Archive,
  series: ArchiveSeries,
  frames: readonly number[],
  { signal, centre, onProgress }: LoadTask,
): Promise<Loaded> {
  const wanted = new Set(frames);
  const of = wanted.size;
  const failed: number[] = [];
  let [done, problem, largest, came] = [0, null as unknown, 0, 0];
  const next = (): number | undefined => {
    const at = centre();
    return [...wanted].sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0];
  };
  const work = async () => {
    for (let frame = next(); frame !== undefined; frame = next()) {
      throwIfAborted(signal);
      if (came + AT_ONCE * largest > archive.mostHeld) return;
      wanted.delete(frame);
      try {
        const { length = 0 } = (await series.bring(frame, signal ? { signal } : {})) ?? {};
        came += length;
        largest = Math.max(largest, length);
      } catch (error) {
        if (isAbort(error)) throw error;
        failed.push(frame);
        problem ??= error;
      }
      onProgress?.(++done, of);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { failed, left: wanted.size, problem };
}
