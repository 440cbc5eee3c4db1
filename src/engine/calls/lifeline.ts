import type { Method } from "./calls.ts";

/**
 * A worker that the browser kills tells nobody. But a Web Lock is given up when its holder dies: the worker holds one
 * for life, and whoever waits for the same lock learns of its death at once. Without Web Locks (pages that are neither
 * https nor localhost) only the worker's error event is left.
 */
function holdLifeline(name: string | undefined): Promise<void> {
  const locks = globalThis.navigator?.locks;
  if (name === undefined || !locks) return Promise.resolve();
  return new Promise((held) => {
    locks.request(name, () => {
      held();
      return new Promise<never>(() => undefined);
    });
  });
}

/** What a supervised side answers first. */
export const LIVE: Method = { run: ([line]) => holdLifeline(line as string) };

/** Calls `died` when the holder of the line is gone. Returns how to stop listening; null where there are no Web Locks. */
export function watchLifeline(name: string, died: () => void): (() => void) | null {
  const locks = globalThis.navigator?.locks;
  if (!locks) return null;
  const stop = new AbortController();
  locks.request(name, { signal: stop.signal }, died).catch(() => undefined);
  return () => stop.abort();
}
