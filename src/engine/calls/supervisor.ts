import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { Caller, type Port } from "./calls.ts";
import { watchLifeline } from "./lifeline.ts";
import { watchForStall } from "./stall-watch.ts";

/** A worker as its supervisor sees it. */
export interface Mortal extends Port {
  terminate(): void;
  addEventListener(type: "message" | "error", listener: (event: MessageEvent) => void): void;
}

/** After so many deaths within a minute something is wrong that a new worker does not cure. */
const DEATHS_PER_MINUTE = 5;
const MINUTE = 60_000;

/** Keeps one worker alive: when it dies, its successor is told what it knew and asked what it was doing. */
export class Supervisor {
  readonly caller: Caller;
  readonly #make: () => Mortal;
  #worker: Mortal;
  #unwatch: () => void = () => undefined;
  #unlimit: () => void = () => undefined;
  #deaths: number[] = [];
  #stopped = false;
  /** Whether a worker of this kind ever ran. */
  #ran = false;

  constructor(make: () => Mortal) {
    this.#make = make;
    this.#worker = make();
    this.caller = new Caller(this.#worker);
    this.#guard(this.#worker);
  }

  /**
   * From now on a worker that answers nothing for so many seconds is ended, with every call to it, in `error`'s sentence;
   * its successor is told what it knew. Returns how to stop watching.
   */
  endWhereSilent(seconds: number, error: () => GraderspaceError): () => void {
    this.#unlimit();
    this.#unlimit = watchForStall({
      beat: () => this.caller.call("beat", []),
      beats: seconds,
      stalled: () => {
        if (this.#stopped || this.caller.closed) return;
        this.caller.giveUp(error());
        this.#renew();
      },
    });
    return () => this.#unlimit();
  }

  stop(): void {
    this.#stopped = true;
    this.#unlimit();
    this.#unwatch();
    this.caller.close(new GraderspaceError("Aborted", { problem: say`the worker was closed` }));
    this.#worker.terminate();
  }

  #guard(worker: Mortal): void {
    const died = () => {
      if (this.#worker === worker && !this.#stopped) this.#replace();
    };
    let watched = false;
    // an error in a worker that lives on is no death, but without its line, and before it holds it, nothing else tells
    worker.addEventListener("error", () => watched || died());
    const line = `graderspace-worker-${Math.random()}`;
    this.caller
      .call("live", [line])
      .then(() => {
        this.#ran = true;
        if (this.#worker !== worker || this.#stopped) return;
        const stop = watchLifeline(line, died);
        watched = stop !== null;
        this.#unwatch = stop ?? (() => undefined);
      })
      .catch(() => undefined);
  }

  #replace(): void {
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < MINUTE), now];
    if (this.#deaths.length >= DEATHS_PER_MINUTE) {
      this.#unwatch();
      this.#worker.terminate();
      this.caller.close(this.#ran ? keepsStopping() : notLoaded());
      return;
    }
    this.#renew();
  }

  #renew(): void {
    this.#unwatch();
    this.#worker.terminate();
    this.#worker = this.#make();
    this.caller.reconnect(this.#worker, this.#ran ? undefined : notLoaded());
    this.#guard(this.#worker);
  }
}

function keepsStopping(): GraderspaceError {
  return new GraderspaceError("WorkerLost", {
    problem: say`the browser keeps stopping this page's background work`,
    remedy: say`close other tabs and reload the page`,
  });
}

/** No worker of this kind ever answered: its file is missing, or the connection is. */
function notLoaded(): GraderspaceError {
  return new GraderspaceError("WorkerLost", {
    problem: say`the code of this page's background work could not be loaded`,
    remedy: say`check the connection and reload the page`,
  });
}
