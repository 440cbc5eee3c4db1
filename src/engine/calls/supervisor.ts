import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { Caller, type Port } from "./calls.ts";
import { watchLifeline } from "./lifeline.ts";

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

  /** Ends the worker with every call to it, in the error's sentence; its successor is told what it knew. */
  giveUp(error: GraderspaceError): void {
    if (this.caller.closed) return;
    this.caller.giveUp(error);
    this.#end();
    this.#renew();
  }

  stop(): void {
    this.#stopped = true;
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

  #end(): void {
    this.#unwatch();
    this.#worker.terminate();
  }

  #replace(): void {
    this.#end();
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < MINUTE), now];
    if (this.#deaths.length >= DEATHS_PER_MINUTE) {
      this.caller.close(this.#ran ? keepsStopping() : notLoaded());
      return;
    }
    this.#renew();
  }

  #renew(): void {
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
