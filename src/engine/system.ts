import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import type { HeadWeights, Task, Want } from "../core/network/encoding.ts";
import type { Choices } from "../core/random/choices.ts";
import type { Mask } from "../core/values/slice.ts";
import { loadSampler, type MakeDecoder, type Sampler } from "../model/sampler.ts";
import { WasmDecoder } from "../wasm/wasm-decoder.ts";
import { type Backend, chooseBackend, type Rejected } from "./backends/backend.ts";
import { selfTest } from "./backends/self-test.ts";
import { type Port, serveCalls } from "./calls/calls.ts";
import { holdLifeline } from "./calls/lifeline.ts";
import type { BackendReport, ModelFiles } from "./engine.ts";

/** What a system says of itself once it is loaded. */
export type About = Pick<Sampler, "choice" | "members" | "head"> & { readonly backend: BackendReport };

/** Answers the calls of one remote system, any of the five, on the first backend that works. Returns how to stop. */
export function serveSystem<Options>(
  port: Port,
  backendsOf: (options: Options) => readonly Backend[],
  makeDecoder: MakeDecoder = (head: HeadWeights) => WasmDecoder.create(head),
): () => void {
  let started: Promise<Omit<BackendReport, "timings">> | null = null;
  let loaded: Promise<Sampler> | null = null;
  const sampler = (): Promise<Sampler> => {
    if (loaded === null) throw new GraderspaceError("BadArgument", { problem: "no system was loaded" });
    return loaded;
  };
  let turn: Promise<unknown> = Promise.resolve();
  /** One after another: a draw speaks of the crop of the prepare that was asked for before it. */
  const inTurn = <T>(task: Task, work: (system: Sampler) => Promise<T>): Promise<T> => {
    const run = turn.then(async () => {
      throwIfAborted(task.signal);
      return work(await sampler());
    });
    turn = run.catch(() => undefined);
    return run;
  };
  return serveCalls(port, {
    live: { run: ([line]) => holdLifeline(line as string) },
    start: {
      run: ([options]) => {
        started ??= startBackend(backendsOf(options as Options));
        return started.then(() => undefined);
      },
    },
    load: {
      run: async ([files], task): Promise<About> => {
        const [before, begun] = [loaded, performance.now()];
        loaded = Promise.resolve(started).then(() => loadSampler(files as ModelFiles, makeDecoder, task));
        loaded.catch(() => undefined);
        before?.then((old) => old.dispose()).catch(() => undefined);
        const { choice, members, head } = await loaded;
        const backend = await (started ?? unstarted());
        return { choice, members, head, backend: { ...backend, timings: { load: performance.now() - begun } } };
      },
    },
    prepare: {
      run: ([crop, size], task) => inTurn(task, (system) => system.prepare(crop as Float32Array, size as number, task)),
    },
    draw: {
      run: ([choices, want], task) => inTurn(task, (system) => system.draw(choices as Choices, want as Want, task)),
    },
    posteriors: { run: ([masks], task) => inTurn(task, (system) => system.posteriors(masks as Mask[], task)) },
    dispose: { run: async () => (await sampler()).dispose() },
  });
}

/** The first backend that works, and what there is to tell of it. @throws NoBackend */
async function startBackend(backends: readonly Backend[]): Promise<Omit<BackendReport, "timings">> {
  const rejected: Rejected[] = [];
  const { index, started } = await chooseBackend(backends, 0, rejected, selfTest);
  const { detail, versions, limits } = started;
  return { backend: (backends[index] as Backend).name, detail, versions, limits, rejected };
}

function unstarted(): never {
  throw new GraderspaceError("BadArgument", { problem: "the system was not started" });
}
