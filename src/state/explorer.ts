import { fromPlain } from "../core/errors.ts";
import { intentActions } from "./actions.ts";
import { sentenceOf } from "./async.ts";
import { Conductor } from "./conductor.ts";
import type { Library } from "./library.ts";
import { dismiss, tell } from "./notices.ts";
import type { Ports } from "./ports.ts";
import { createExplorerStore, type ExplorerStore, type State } from "./store.ts";

export type Explorer = ReturnType<typeof createExplorer>;
export type Actions = Explorer["actions"];

/** The whole page without its pictures: store, what a person can do, and the work behind it. */
export function createExplorer(ports: Ports, library: Library, start: Partial<State["intent"]> = {}) {
  const store = createExplorerStore(ports.now);
  store.settle(({ intent }) => ({
    models: ports.models.map(({ name, config }) => ({ name, config, bundled: true })),
    intent: { ...intent, model: ports.firstModel, ...start },
  }));
  const conductor = new Conductor(store, ports, library);
  const stopTelling = tellFailures(store);
  void listExamples(store, library);
  return {
    store,
    actions: {
      ...intentActions(store),
      tell: (text: string) => tell(store, "status", text),
      warn: (text: string) => tell(store, "alert", text),
      dismiss: (id: number) => dismiss(store, id),
      retry: () => conductor.retry(),
      share: async () => undefined,
      openFiles: async (_files: readonly File[]) => undefined,
    },
    dispose(): void {
      stopTelling();
      conductor.dispose();
    },
  };
}

/** Every new failure becomes a sentence that stays until it is closed. */
function tellFailures(store: ExplorerStore): () => void {
  return store.subscribe((state, before) => {
    if (state.failures === before.failures) return;
    for (const [job, failure] of Object.entries(state.failures)) {
      const old = before.failures[job as keyof State["failures"]];
      if (failure && failure !== old) tell(store, "alert", sentenceOf(fromPlain(failure.error)));
    }
  });
}

async function listExamples(store: ExplorerStore, library: Library): Promise<void> {
  try {
    const examples = await library.examples();
    store.settle(({ entries, intent }) => ({
      entries: [...examples, ...entries],
      intent: intent.caseKey === "" && examples[0] ? { ...intent, caseKey: examples[0].key } : intent,
    }));
  } catch (error) {
    tell(store, "alert", sentenceOf(error));
  }
}
