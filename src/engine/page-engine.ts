import type { Decoder, HeadWeights } from "../core/encoding.ts";
import type { BackendReport, Engine } from "./engine.ts";
import { createRemoteDecoder } from "./remote-decoder.ts";
import { createRemoteEngine } from "./remote-engine.ts";
import { Supervisor } from "./supervisor.ts";
import type { TfjsOptions } from "./tfjs-backends.ts";

export interface PageEngine {
  readonly engine: Engine;
  /** A decoder in a worker of its own, for one head. */
  decoder(head: HeadWeights): Promise<Decoder>;
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
      const worker = new Supervisor(
        () => new Worker(new URL("../decode.worker.ts", import.meta.url), { type: "module", name: "decode" }),
      );
      return createRemoteDecoder(worker.caller, head, { forced: options.forced }, () => worker.stop());
    },
    report: () => report,
  };
}
