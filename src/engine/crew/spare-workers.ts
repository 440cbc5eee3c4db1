import type { Supervisor } from "../calls/supervisor.ts";

/** Beyond those that are kept ready, what is put aside and not taken again for so long is ended, and its memory freed. */
const PATIENCE_MS = 10_000;

/**
 * Workers that lost their model, or wait for their first. A worker keeps the backend that it was started with: those of
 * other options have spares of their own.
 */
export class SpareWorkers {
  readonly #make: () => Supervisor;
  readonly #keep: number;
  #waiting: Supervisor[];
  #disposed = false;

  /** `keep` of them are made at once, for their code takes time to load, and so many stay. */
  constructor(make: () => Supervisor, keep: number) {
    this.#make = make;
    this.#keep = keep;
    this.#waiting = Array.from({ length: keep }, make);
  }

  /** Tells something to those that wait. */
  each(tell: (worker: Supervisor) => void): void {
    for (const worker of this.#waiting) tell(worker);
  }

  take(): Supervisor {
    return this.#waiting.shift() ?? this.#make();
  }

  putAside(worker: Supervisor): void {
    if (this.#disposed || worker.caller.closed) {
      worker.stop();
      return;
    }
    this.#waiting.push(worker);
    if (this.#waiting.length > this.#keep) setTimeout(() => this.#end(worker), PATIENCE_MS);
  }

  dispose(): void {
    this.#disposed = true;
    for (const worker of this.#waiting.splice(0)) worker.stop();
  }

  #end(worker: Supervisor): void {
    const at = this.#waiting.indexOf(worker);
    if (at < 0 || this.#waiting.length <= this.#keep) return;
    this.#waiting.splice(at, 1);
    worker.stop();
  }
}
