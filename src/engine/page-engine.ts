import type { Decoder, HeadWeights, Statistics, Task } from "../core/network/encoding.ts";
import type { Sampler } from "../model/sampler.ts";
import type { TfjsOptions } from "./backends/tfjs-backends.ts";
import { Supervisor } from "./calls/supervisor.ts";
import { PooledDecoder } from "./decoder/pooled-decoder.ts";
import { createRemoteDecoder, createRemoteStitcher } from "./decoder/remote-decoder.ts";
import type { BackendName, BackendReport, Engine, ModelFiles } from "./engine.ts";
import { createRemoteEngine } from "./remote-engine.ts";
import { createRemoteSystem } from "./remote-system.ts";
import { mapWholeSlice, type WholeSliceInput } from "./whole-slice.ts";

export interface PageEngine {
  readonly engine: Engine;
  /** A decoder in a worker of its own, for one head. */
  decoder(head: HeadWeights): Promise<Decoder>;
  /** Mean, variance, entropy and mutual information of a whole slice, [H, W], with progress and abort. */
  wholeSlice(input: WholeSliceInput, task?: Task): Promise<Statistics>;
  /** Any of the five systems, each in a worker of its own: to be compared, or where there is no z to decode. */
  system(files: ModelFiles, task?: Task): Promise<Sampler>;
  /** The backend that encodes, as last heard; null before the first load. */
  report(): BackendReport | null;
}

export interface PageEngineOptions extends TfjsOptions {
  /** How many workers may share one decode on wasm; by default what the machine has to spare, at most 4. */
  readonly decodeWorkers?: number;
}

/** The page's engine: encoding in one worker, decoding in another; either is started anew when the browser kills it. */
export function createPageEngine(options: PageEngineOptions): PageEngine {
  const encoder = new Supervisor(
    () => new Worker(new URL("../engine.worker.ts", import.meta.url), { type: "module", name: "encode" }),
  );
  /** Loads its code while the model is still on its way. */
  let waiting: Supervisor | null = decodeWorker();
  const remote = createRemoteEngine(encoder.caller, options);
  let report: BackendReport | null = null;
  const reported = async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    report = await remote.report();
    return done;
  };
  return {
    engine: {
      ...remote,
      load: (files, task) => reported(remote.load(files, task)),
      encode: (crop, task) => reported(remote.encode(crop, task)),
      dispose: () => {
        encoder.stop();
        waiting?.stop();
      },
    },
    decoder: async (head) => {
      const make = (forced: BackendName | undefined) => {
        const worker = waiting ?? decodeWorker();
        waiting = null;
        return createRemoteDecoder(worker.caller, head, { forced }, () => worker.stop());
      };
      const first = await make(options.forced);
      const helpers = (options.decodeWorkers ?? spareCores()) - 1;
      if (first.kind !== "wasm" || helpers < 1) return first;
      return new PooledDecoder(first, () => Promise.all(Array.from({ length: helpers }, () => make("wasm"))));
    },
    wholeSlice: async (input, task) => {
      const worker = decodeWorker(); // of its own, so that a slider still answers; gone afterwards, and its memory
      try {
        const stitcher = await createRemoteStitcher(worker.caller, input.head, { forced: options.forced });
        return await mapWholeSlice(remote, stitcher, input, task);
      } finally {
        worker.stop();
      }
    },
    system: async (files, task) => {
      const worker = new Supervisor(
        () => new Worker(new URL("../system.worker.ts", import.meta.url), { type: "module", name: "system" }),
      );
      try {
        return await createRemoteSystem(worker.caller, files, options, () => worker.stop(), task);
      } catch (error) {
        worker.stop();
        throw error;
      }
    },
    report: () => report,
  };
}

/** One core stays with the page and the encode. */
function spareCores(): number {
  return Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
}

function decodeWorker(): Supervisor {
  return new Supervisor(
    () => new Worker(new URL("../decode.worker.ts", import.meta.url), { type: "module", name: "decode" }),
  );
}
