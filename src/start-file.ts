import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { openModel } from "./cli/backend.ts";
import { readModel } from "./cli/model-folder.ts";
import { writeStart } from "./io/start/start-file.ts";
import { createExplorer } from "./state/app/create.ts";
import type { Ports } from "./state/app/ports.ts";
import type { KeptStorage } from "./state/cases/kept/kept-storage.ts";
import { createLibrary } from "./state/cases/library.ts";
import { rowsInMemory } from "./state/evaluate/rows.ts";
import { effectsKey } from "./state/explore/latent/effects.ts";
import { type Start, startOf } from "./state/explore/start/start.ts";

/** What the page itself shows of the first example and the default model, with the page's own work, on wasm in plain Node. */
export async function makeStart(examples: string): Promise<Start> {
  const { config, weights } = await readModel(undefined);
  const never = (): Promise<never> => Promise.reject(new Error("nothing of this is asked for at the start"));
  const ports: Ports = {
    engine: async () => ({ load: openModel, wholeSlice: never, dispose: () => undefined }),
    trainer: never,
    teacher: never,
    models: [{ name: config.name, config }],
    firstModel: config.name,
    readModel: async (_, file) => weights[config.weights.findIndex((one) => one.file === file)] as Uint8Array,
    readGolden: async () => null,
    readExample: async (path) => new Uint8Array(await readFile(resolve(examples, path))),
    readCard: async () => null,
    evaluationRows: rowsInMemory(),
    teachings: never,
    kept: KEEPS_NOTHING,
    frame: (callback) => void setTimeout(callback),
    now: () => performance.now(),
    nextTurn: () => new Promise((next) => setTimeout(next)),
    takeNewVersion: async () => undefined,
    archives: [],
    archiveTransport: { send: never, wait: never },
    app: { version: "", commit: "" },
  };
  const page = createExplorer(ports, createLibrary(ports));
  try {
    return await new Promise((made, failed) => {
      const look = () => {
        const state = page.store.getState();
        const [failure] = Object.values(state.failures);
        if (failure) return failed(new Error(failure.error.tag));
        const { drawn, current, effects, plane, jobs } = state;
        if (!drawn || !current || Object.keys(jobs).length > 0) return;
        if (plane && plane.value.done < plane.value.cells.length) return;
        const key = effectsKey(state);
        if (key !== null && effects?.key !== key) return;
        const start = startOf(state);
        if (start) made(start);
      };
      page.store.subscribe(look);
    });
  } finally {
    page.dispose();
  }
}

const KEEPS_NOTHING: KeptStorage = {
  list: async () => [],
  files: async () => [],
  addFiles: async () => undefined,
  keepWork: async () => undefined,
  forget: async () => undefined,
  forgetAll: async () => undefined,
  choice: async () => null,
  choose: async () => undefined,
  claim: () => undefined,
  onClaimed: () => undefined,
};

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const bytes = deflateRawSync(writeStart(await makeStart(resolve(import.meta.dirname, "../public/examples"))), {
    level: 9,
  });
  await writeFile(resolve(import.meta.dirname, "../models/start.bin"), bytes);
  console.error(`models/start.bin: ${Math.round(bytes.length / 1000)} kB`);
}
