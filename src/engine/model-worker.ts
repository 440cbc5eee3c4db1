import { GraderspaceError } from "../core/errors.ts";
import { say } from "../core/language/say.ts";
import type { Task, Want } from "../core/network/encoding.ts";
import {
  type BackendReport,
  infoOf,
  type Model,
  type ModelFiles,
  type ModelInfo,
  type Prepared,
} from "../core/network/model.ts";
import type { Choices } from "../core/random/choices.ts";
import type { Crop } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";
import type { Backend } from "./backends/backend.ts";
import { type Port, serveCalls } from "./calls/calls.ts";
import { LIVE } from "./calls/lifeline.ts";
import { BEAT } from "./calls/stall-watch.ts";
import { ModelHost } from "./recovery.ts";

/** What a worker answers to `load` and to `prepare`; the crop stays with who asked. */
export type LoadedThere = ModelInfo & { readonly report: BackendReport | null };
export type PreparedThere = Omit<Prepared, "crop"> & { readonly report: BackendReport | null };

/**
 * Answers a remote model's calls with the model loaded last, of any family. Every call brings its crop along: a
 * successor that knows the model knows enough. Returns how to stop.
 */
export function serveModel<Options>(port: Port, backendsOf: (options: Options) => readonly Backend[]): () => void {
  let host: ModelHost | null = null;
  let loaded: Promise<Model> | null = null;
  let last: Prepared | null = null;
  const model = (): Promise<Model> => {
    if (loaded === null) throw new GraderspaceError("BadArgument", { problem: say`no model was loaded` });
    return loaded;
  };
  const preparedOf = async (crop: Crop, { signal }: Task): Promise<Prepared> => {
    if (last === null || !sameCrop(last.crop, crop))
      last = await (await model()).prepare(crop, signal ? { signal } : {});
    return last;
  };
  return serveCalls(port, {
    live: LIVE,
    beat: BEAT,
    start: {
      run: ([options]) => {
        host ??= new ModelHost(backendsOf(options as Options));
        host.start();
      },
    },
    load: {
      run: async ([files], task): Promise<LoadedThere> => {
        if (host === null) throw new GraderspaceError("BadArgument", { problem: say`the worker was not started` });
        last = null;
        loaded = host.load(files as ModelFiles, task);
        const made = await loaded;
        return { ...infoOf(made), report: made.report() };
      },
    },
    // copied, not moved: the encoding stays, to find posteriors in it
    prepare: {
      run: async ([crop], task): Promise<PreparedThere> => {
        const made = await model();
        last = await made.prepare(crop as Crop, task);
        const { prior, encoding } = last;
        return { prior, encoding, report: made.report() };
      },
    },
    draw: {
      run: async ([crop, choices, want], task) => {
        const prepared = await preparedOf(crop as Crop, task);
        return (await model()).draw(prepared, choices as Choices, want as Want, task);
      },
      moves: true,
    },
    posteriors: {
      run: async ([crop, masks], task) => {
        const prepared = await preparedOf(crop as Crop, task);
        return (await model()).posteriors?.(prepared, masks as Mask[], task);
      },
    },
    lookInside: {
      run: async ([crop], task) => (await model()).lookInside?.({ crop: crop as Crop }, task),
      moves: true,
    },
    dispose: {
      run: async () => {
        last = null;
        (await model()).dispose();
      },
    },
  });
}

/** By their numbers: what comes over a port is always another object. */
function sameCrop(a: Crop, b: Crop): boolean {
  return a.size === b.size && a.values.every((value, i) => value === b.values[i]);
}
