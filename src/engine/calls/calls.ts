import { fromPlain, GraderspaceError, isAbort, type PlainError, throwIfAborted, toPlain } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Task } from "../../core/network/encoding.ts";
import { pausing } from "./next-turn.ts";

/** What a Worker, a worker's own global scope and a MessagePort have in common. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  start?(): void;
}

type Request =
  | { readonly kind: "call"; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: "abort"; readonly id: number };

type Reply =
  | { readonly kind: "progress"; readonly id: number; readonly fraction: number }
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: PlainError };

interface Pending {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly task: Task | undefined;
  /** How often the other side died while it worked on this. */
  deaths: number;
  resolve(value: unknown): void;
  reject(error: GraderspaceError): void;
}

/** After so many deaths of the other side over one call, the call is given up. */
const DEATHS = 2;

/** The asking side of a port: calls with progress and abort; errors keep their tag. */
export class Caller {
  #port: Port;
  #nextId = 1;
  #closed: GraderspaceError | null = null;
  readonly #pending = new Map<number, Pending>();
  /** The last call of each kept method, in order of first use: what a new other side must be told. */
  readonly #kept = new Map<string, readonly unknown[]>();

  constructor(port: Port) {
    this.#port = port;
    this.#listen();
  }

  call<T>(method: string, args: readonly unknown[], task?: Task, how: { keep?: boolean } = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      throwIfAborted(task?.signal);
      if (this.#closed) throw this.#closed;
      const id = this.#nextId++;
      const settle = () => {
        this.#pending.delete(id);
        task?.signal?.removeEventListener("abort", abort);
      };
      const abort = () => {
        settle();
        this.#send({ kind: "abort", id });
        reject(new GraderspaceError("Aborted", { problem: say`the run was cancelled` }));
      };
      task?.signal?.addEventListener("abort", abort);
      this.#pending.set(id, {
        method,
        args,
        task,
        deaths: 0,
        resolve: (value) => {
          settle();
          resolve(value as T);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      if (how.keep) this.#kept.set(method, args);
      this.#send({ kind: "call", id, method, args });
    });
  }

  /**
   * The other side died and `port` leads to its successor: what was kept is told again, what was under way asked again,
   * or ended with `lost` where it has cost one death too many.
   */
  reconnect(port: Port, lost: GraderspaceError = workerLost()): void {
    this.#port.removeEventListener("message", this.#receive);
    this.#port = port;
    this.#listen();
    const waiting = [...this.#pending];
    for (const [method, args] of this.#kept) {
      if (waiting.some(([, call]) => call.args === args)) continue;
      this.#send({ kind: "call", id: this.#nextId++, method, args });
    }
    for (const [id, call] of waiting) {
      call.deaths++;
      if (call.deaths < DEATHS) this.#send({ kind: "call", id, method: call.method, args: call.args });
      else call.reject(lost);
    }
  }

  /** Ends the calls under way, there too, and forgets what was kept of `method`: the other side is free for another. */
  free(method: string, error: GraderspaceError): void {
    this.#kept.delete(method);
    for (const [id, call] of [...this.#pending]) {
      this.#send({ kind: "abort", id });
      call.reject(error);
    }
  }

  /** Ends the calls under way, and forgets those of them that were kept: the other side is about to be replaced. */
  giveUp(error: GraderspaceError): void {
    for (const call of [...this.#pending.values()]) {
      if (this.#kept.get(call.method) === call.args) this.#kept.delete(call.method);
      call.reject(error);
    }
  }

  get closed(): boolean {
    return this.#closed !== null;
  }

  /** Ends all calls, those to come included. */
  close(error: GraderspaceError): void {
    this.#closed = error;
    for (const call of [...this.#pending.values()]) call.reject(error);
    this.#port.removeEventListener("message", this.#receive);
  }

  #listen(): void {
    this.#port.addEventListener("message", this.#receive);
    this.#port.start?.();
  }

  #send(request: Request): void {
    this.#port.postMessage(request, []);
  }

  readonly #receive = ({ data }: MessageEvent): void => {
    const reply = data as Reply;
    const call = this.#pending.get(reply.id);
    if (call === undefined) return; // aborted meanwhile
    if (reply.kind === "progress") call.task?.onProgress?.(reply.fraction);
    else if (reply.kind === "done") call.resolve(reply.value);
    else call.reject(fromPlain(reply.error));
  };
}

export interface Method {
  run(args: readonly unknown[], task: Task): unknown;
  /** The result is nobody else's: its numbers are moved over the port, not copied. */
  readonly moves?: boolean;
}

/** The answering side of a port. Calls begin in the order in which they were made. Returns how to stop. */
export function serveCalls(port: Port, methods: Readonly<Record<string, Method>>): () => void {
  const running = new Map<number, AbortController>();
  const reply = (message: Reply, transfer: Transferable[] = []) => port.postMessage(message, transfer);
  const answer = async ({ id, method, args }: Request & { kind: "call" }) => {
    const stop = new AbortController();
    running.set(id, stop);
    try {
      const called = methods[method];
      if (called === undefined)
        throw new GraderspaceError("BadArgument", { problem: say`there is no method ${method}` });
      const onProgress = (fraction: number) => reply({ kind: "progress", id, fraction });
      const task: Task = { signal: stop.signal, onProgress, pause: pausing() };
      const value = await called.run(args, task);
      reply({ kind: "done", id, value }, called.moves ? buffersOf(value) : []);
    } catch (error) {
      if (!(error instanceof GraderspaceError || isAbort(error))) console.error(error);
      reply({ kind: "failed", id, error: toPlain(error) });
    } finally {
      running.delete(id);
    }
  };
  const receive = ({ data }: MessageEvent) => {
    const request = data as Request;
    if (request.kind === "abort") running.get(request.id)?.abort();
    else void answer(request); // which tells of its own failure
  };
  port.addEventListener("message", receive);
  port.start?.();
  return () => port.removeEventListener("message", receive);
}

/** Every buffer below `value`, once. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return [...found];
}

function workerLost(): GraderspaceError {
  const problem = say`the browser stopped the background work ${DEATHS} times in a row, most likely for want of memory`;
  return new GraderspaceError("WorkerLost", {
    problem,
    remedy: say`close other tabs or ask for fewer samples, then try again`,
  });
}
