import type { Decoder, HeadWeights, Task } from "../core/network/encoding.ts";
import type { BackendName, Model, ModelFiles } from "../core/network/model.ts";
import type { MeanAndVariance } from "../core/network/statistics.ts";
import { withDecoder } from "../core/network/with-decoder.ts";
import type { TfjsOptions } from "./backends/tfjs-backends.ts";
import { type Mortal, Supervisor } from "./calls/supervisor.ts";
import { crewSize, thisMachine } from "./crew/crew-size.ts";
import { crewedModel } from "./crew/crewed-model.ts";
import { SpareWorkers } from "./crew/spare-workers.ts";
import { PooledDecoder } from "./decoder/pooled-decoder.ts";
import { createRemoteDecoder, createRemoteStitcher } from "./decoder/remote-decoder.ts";
import { createRemoteModel } from "./remote-model.ts";
import { mapWholeSlice, type WholeSliceInput } from "./whole-slice.ts";

export interface PageEngine {
  /** Starts the backend in the worker that waits for the first model, while that is on its way. */
  start(): void;
  /** The light half of a model alone, on wasm, in a worker of its own. @throws NoBackend, WorkerLost */
  decoder(head: HeadWeights): Promise<Decoder>;
  /**
   * A model of any family in a worker of its own until it is disposed of; with a decoder in another one where a decode
   * fits into a frame, so that decoding never waits behind an encode. @throws as `createRemoteModel`
   */
  load(files: ModelFiles, task?: Task): Promise<Model>;
  /** Of a whole slice, [H, W], with progress and abort. */
  wholeSlice(model: Model, input: WholeSliceInput, task?: Task): Promise<MeanAndVariance>;
  /** Ends the workers that wait for a model; those at work are their models'. */
  dispose(): void;
}

interface PageEngineOptions extends TfjsOptions {
  /** A worker for decoding that was started before; it may have failed meanwhile, and is then started anew. */
  readonly decoding?: Mortal | null;
  /** How many workers may share one decode on wasm; by default what the machine has to spare, at most 4. */
  readonly decodeWorkers?: number;
  /** How many workers may work on one model on wasm; by default what the machine has (crew-size.ts). */
  readonly modelWorkers?: number;
}

/** The page's engine: any worker of it is started anew when the browser kills it. */
export function createPageEngine(options: PageEngineOptions): PageEngine {
  const { decoding: _worker, ...tfjs } = options; // a worker goes over no port
  /** One loads its code while the first model is still on its way; later one that lost its model waits for the next. */
  let made: SpareWorkers | null = null;
  const spares = (): SpareWorkers => {
    made ??= new SpareWorkers(modelWorker, 1);
    return made;
  };
  const helpers = new SpareWorkers(modelWorker, 0);
  let spareDecoder: Supervisor | null = decodeWorker(options.decoding);
  const size = options.modelWorkers ?? crewSize(thisMachine());
  const makeDecoder = (head: HeadWeights, forced: BackendName | undefined) => {
    const worker = spareDecoder ?? decodeWorker();
    spareDecoder = null;
    return createRemoteDecoder(worker.caller, head, { forced }, () => worker.stop());
  };
  const decoderFor = async (head: HeadWeights): Promise<Decoder> => {
    const first = await makeDecoder(head, options.forced);
    const more = (options.decodeWorkers ?? spareCores()) - 1;
    if (first.kind !== "wasm" || more < 1) return first;
    return new PooledDecoder(first, () => Promise.all(Array.from({ length: more }, () => makeDecoder(head, "wasm"))));
  };
  const remoteModel = async (from: SpareWorkers, files: ModelFiles, how: TfjsOptions, task?: Task): Promise<Model> => {
    const worker = from.take();
    const { onnx } = files.config;
    // onnxruntime gives no memory back
    const close = () => (onnx ? worker.stop() : from.putAside(worker));
    try {
      if (onnx) (await import("./calls/run-limit.ts")).limitRuns(worker, files.config);
      return await createRemoteModel(worker.caller, files, how, close, task);
    } catch (error) {
      close();
      throw error;
    }
  };
  /** The golden values have been held against this backend already, by the first. */
  const helper = ({ config, weights }: ModelFiles, forced: BackendName): Promise<Model> =>
    remoteModel(helpers, { config, weights }, { ...tfjs, forced, threads: 1 });
  return {
    start: () => spares().each(({ caller }) => void caller.call("start", [tfjs]).catch(() => undefined)), // load will tell
    decoder: (head) => makeDecoder(head, "wasm"),
    load: async (files, task) => {
      const first = await remoteModel(spares(), files, tfjs, task);
      try {
        const backend = first.report()?.backend;
        const alone = size < 2 || (backend !== "wasm" && backend !== "cpu");
        const model = alone ? first : crewedModel(first, { size, make: () => helper(files, backend) });
        return model.decode === null ? model : withDecoder(model, await decoderFor(model.decode));
      } catch (error) {
        first.dispose();
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
      made?.dispose();
      helpers.dispose();
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

function decodeWorker(started: Mortal | null = null): Supervisor {
  let ready = started;
  return new Supervisor(() => {
    const worker =
      ready ?? new Worker(new URL("../decode.worker.ts", import.meta.url), { type: "module", name: "decode" });
    ready = null;
    return worker;
  });
}
