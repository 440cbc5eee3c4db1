import type { Decoder, HeadWeights, Statistics, Task } from "../core/network/encoding.ts";
import type { BackendName, Model, ModelFiles } from "../core/network/model.ts";
import { withDecoder } from "../core/network/with-decoder.ts";
import type { TfjsOptions } from "./backends/tfjs-backends.ts";
import { Supervisor } from "./calls/supervisor.ts";
import { PooledDecoder } from "./decoder/pooled-decoder.ts";
import { createRemoteDecoder, createRemoteStitcher } from "./decoder/remote-decoder.ts";
import { createRemoteModel } from "./remote-model.ts";
import { mapWholeSlice, type WholeSliceInput } from "./whole-slice.ts";

export interface PageEngine {
  /**
   * A model of any family in a worker of its own until it is disposed of; with a decoder in another one where a decode
   * fits into a frame, so that decoding never waits behind an encode. @throws as `createRemoteModel`
   */
  load(files: ModelFiles, task?: Task): Promise<Model>;
  /** Mean, variance, entropy and mutual information of a whole slice, [H, W], with progress and abort. */
  wholeSlice(model: Model, input: WholeSliceInput, task?: Task): Promise<Statistics>;
  /** Ends the workers that wait for a model; those at work are their models'. */
  dispose(): void;
}

interface PageEngineOptions extends TfjsOptions {
  /** How many workers may share one decode on wasm; by default what the machine has to spare, at most 4. */
  readonly decodeWorkers?: number;
}

/** The page's engine: any worker of it is started anew when the browser kills it. */
export function createPageEngine(options: PageEngineOptions): PageEngine {
  /** Load their code while the first model is still on its way. Later one worker that lost its model waits for the next. */
  let [spare, spareDecoder]: (Supervisor | null)[] = [modelWorker(), decodeWorker()];
  let disposed = false;
  const putAside = (worker: Supervisor) => {
    if (spare === null && !disposed && !worker.caller.closed) spare = worker;
    else worker.stop();
  };
  const makeDecoder = (head: HeadWeights, forced: BackendName | undefined) => {
    const worker = spareDecoder ?? decodeWorker();
    spareDecoder = null;
    return createRemoteDecoder(worker.caller, head, { forced }, () => worker.stop());
  };
  const decoderFor = async (head: HeadWeights): Promise<Decoder> => {
    const first = await makeDecoder(head, options.forced);
    const helpers = (options.decodeWorkers ?? spareCores()) - 1;
    if (first.kind !== "wasm" || helpers < 1) return first;
    return new PooledDecoder(first, () =>
      Promise.all(Array.from({ length: helpers }, () => makeDecoder(head, "wasm"))),
    );
  };
  return {
    load: async (files, task) => {
      const worker = spare ?? modelWorker();
      spare = null;
      let model: Model | null = null;
      try {
        model = await createRemoteModel(worker.caller, files, options, () => putAside(worker), task);
        return model.decode === null ? model : withDecoder(model, await decoderFor(model.decode));
      } catch (error) {
        if (model) model.dispose();
        else putAside(worker);
        throw error;
      }
    },
    wholeSlice: async (model, input, task) => {
      const worker = decodeWorker(); // of its own, so that a slider still answers; gone afterwards, and its memory
      try {
        const stitcher = await createRemoteStitcher(worker.caller, input.head, { forced: options.forced });
        return await mapWholeSlice(model, stitcher, input, task);
      } finally {
        worker.stop();
      }
    },
    dispose: () => {
      disposed = true;
      spare?.stop();
      spareDecoder?.stop();
    },
  };
}

/** One core stays with the page and the encode. */
function spareCores(): number {
  return Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
}

function modelWorker(): Supervisor {
  return new Supervisor(
    () => new Worker(new URL("../model.worker.ts", import.meta.url), { type: "module", name: "model" }),
  );
}

function decodeWorker(): Supervisor {
  return new Supervisor(
    () => new Worker(new URL("../decode.worker.ts", import.meta.url), { type: "module", name: "decode" }),
  );
}
