import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { openModel } from "./cli/backend.ts";
import { readModel } from "./cli/model-folder.ts";
import type { Encoding } from "./core/network/encoding.ts";
import { writeStart } from "./io/start/start-file.ts";
import { never, quietPorts } from "./quiet-ports.ts";
import { createExplorer } from "./state/app/create.ts";
import type { Ports } from "./state/app/ports.ts";
import { createLibrary } from "./state/cases/library.ts";
import { effectsKey } from "./state/explore/latent/effects.ts";
import { type Start, startOf } from "./state/explore/start/start.ts";

/** What the page shows first, and what its sliders need beside that. */
export interface MadeStart {
  readonly start: Start;
  /** Of the region on the screen; null where the model has no light half. */
  readonly encoding: Encoding | null;
}

/** What the page itself shows of the first example and the default model, with the page's own work, on wasm in plain Node. */
export async function makeStart(examples: string): Promise<MadeStart> {
  const { config, weights } = await readModel(undefined);
  const ports: Ports = {
    ...quietPorts([{ name: config.name, config }], config.name),
    engine: async () => ({ load: openModel, wholeSlice: never, dispose: () => undefined }),
    readModel: async (_, file) => weights[config.weights.findIndex((one) => one.file === file)] as Uint8Array,
    readExample: async (path) => new Uint8Array(await readFile(resolve(examples, path))),
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
        if (start) made({ start, encoding: state.encoded?.value.encoding ?? null });
      };
      page.store.subscribe(look);
    });
  } finally {
    page.dispose();
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { start, encoding } = await makeStart(resolve(import.meta.dirname, "../public/examples"));
  for (const [name, value] of Object.entries({ start, ...(encoding && { "start-encoding": encoding }) })) {
    const bytes = deflateRawSync(writeStart(value), { level: 9 });
    await writeFile(resolve(import.meta.dirname, `../models/${name}.bin`), bytes);
    console.error(`models/${name}.bin: ${Math.round(bytes.length / 1000)} kB`);
  }
}
