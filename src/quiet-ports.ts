import type { Ports } from "./state/app/ports.ts";
import type { KeptStorage } from "./state/cases/kept/kept-storage.ts";
import { rowsInMemory } from "./state/evaluate/rows.ts";

export const never = (): Promise<never> => Promise.reject(new Error("nothing of this is asked for by the build"));

/** The ports of a page that the build draws: no network, no engine, nothing kept. `archives`: those that it may ask later. */
export function quietPorts(models: Ports["models"], firstModel: string, archives: Ports["archives"] = []): Ports {
  return {
    ...{ engine: never, trainer: never, teacher: never, models, firstModel },
    ...{ readModel: never, readGolden: async () => null, readExample: never, readCard: async () => null },
    evaluationRows: rowsInMemory(),
    teachings: never,
    kept: KEEPS_NOTHING,
    frame: (callback) => void setTimeout(callback),
    now: () => performance.now(),
    nextTurn: () => new Promise((next) => setTimeout(next)),
    takeNewVersion: async () => undefined,
    archives,
    archiveTransport: { send: never, wait: never },
    app: { version: "", commit: "" },
  };
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
