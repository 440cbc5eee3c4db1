import type { GraderspaceError } from "../../core/errors.ts";
import type { Method } from "./calls.ts";
import type { Supervisor } from "./supervisor.ts";

/** What a worker answers as soon as it is free to listen. */
export const BEAT: Method = { run: () => undefined };

export interface StallWatch {
  /** Asks the worker for a sign of life. */
  beat(): Promise<unknown>;
  /** Beats without an answer after which it counts as stalled. */
  readonly beats: number;
  /** It is: whoever watches puts another in its place. The watch goes on. */
  stalled(): void;
}

const BEAT_MS = 1000;

/**
 * Tells a worker that computes without end by its silence: one call into wasm that does not return keeps it from every
 * message, while downloads, turns and waits let it answer. Counted in beats, not by a clock: a machine that slept, or a
 * tab whose timers are slowed, takes nobody's time away. Returns how to stop.
 */
export function watchForStall({ beat, beats, stalled }: StallWatch): () => void {
  let asked: object | null = null;
  let silent = 0;
  const timer = setInterval(() => {
    if (asked !== null) {
      silent++;
      if (silent < beats) return;
      asked = null; // the successor's signs count
      stalled();
      return;
    }
    const mine = {};
    asked = mine;
    silent = 0;
    const heard = () => {
      if (asked === mine) asked = null;
    };
    beat().then(heard, heard);
  }, BEAT_MS);
  return () => clearInterval(timer);
}

/** Until it is stopped, a worker that answers nothing for so many seconds is given up, in `error`'s sentence. */
export function endWhereSilent(worker: Supervisor, seconds: number, error: () => GraderspaceError): void {
  const stop = watchForStall({
    beat: () => (worker.caller.closed ? Promise.resolve(stop()) : worker.caller.call("beat", [])),
    beats: seconds,
    stalled: () => worker.giveUp(error()),
  });
}
