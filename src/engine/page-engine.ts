import type { Decoder, HeadWeights, Statistics, Task } from "../core/encoding.ts";
import type { BackendReport, Engine } from "./engine.ts";
import { createRemoteDecoder, createRemoteStitcher } from "./remote-decoder.ts";
import { createRemoteEngine } from "./remote-engine.ts";
import { Supervisor } from "./supervisor.ts";
import type { TfjsOptions } from "./tfjs-backends.ts";
import { mapWholeSlice, type WholeSliceInput } from "./whole-slice.ts";

export interface PageEngine {
  readonly engine: Engine;
  /** A decoder in a worker of its own, for one head. */
  decoder(head: HeadWeights): Promise<Decoder>;
  /** Mean, variance, entropy and mutual information of a whole slice, [H, W], with progress and abort. */
  wholeSlice(input: WholeSliceInput, task?: Task): Promise<Statistics>;
  /** The backend that encodes, as last heard; null before the first load. */
  report(): BackendReport | null;
}

/** The page's engine: encoding in one worker, decoding in another; either is started anew when the browser kills it. */
export function createPageEngine(options: TfjsOptions): PageEngine {
  const encoder = new Supervisor(
    () => new Worker(new URL("../engine.worker.ts", import.meta.url), { type: "module", name: "encode" }),
  );
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
      dispose: () => encoder.stop(),
    },
    decoder: async (head) => {
      const worker = decodeWorker();
      return createRemoteDecoder(worker.caller, head, { forced: options.forced }, () => worker.stop());
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
    report: () => report,
  };
}

function decodeWorker(): Supervisor {
  return new Supervisor(
    () => new Worker(new URL("../decode.worker.ts", import.meta.url), { type: "module", name: "decode" }),
  );
}
