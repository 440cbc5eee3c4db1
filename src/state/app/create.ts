import { fromPlain } from "../../core/errors.ts";
import { type Download, type ExportWish, exportView } from "../cases/export.ts";
import type { Library } from "../cases/library.ts";
import { Opening } from "../cases/open.ts";
import { Comparison } from "../compare/run.ts";
import { comparedIn, compareWord, firstSystems, systemsOf } from "../compare/slice.ts";
import { Evaluation } from "../evaluate/evaluation.ts";
import { intentActions } from "../explore/actions.ts";
import { frameOnScreen } from "../explore/keys.ts";
import { Conductor } from "../explore/pipeline.ts";
import { WholeSlice, type WholeView } from "../explore/whole-slice.ts";
import { type JobName, sentenceOf } from "./jobs.ts";
import { hashToIntent, intentToHash } from "./link.ts";
import { dismiss, tell } from "./notices.ts";
import type { Ports } from "./ports.ts";
import { createExplorerStore, type ExplorerStore, type State } from "./store.ts";

export type Explorer = ReturnType<typeof createExplorer>;
export type Actions = Explorer["actions"];

/** The whole page without its pictures: store, what a person can do, and the work behind it. `hash`: the address's. */
export function createExplorer(ports: Ports, library: Library, hash = "") {
  const store = createExplorerStore(ports.now);
  const models = ports.models.map(({ name, config }) => ({ name, config, bundled: true }));
  const linked = hashToIntent(hash);
  store.settle(({ intent }) => ({
    models,
    intent: { ...intent, model: ports.firstModel, ...knownModel(models, linked.intent) },
  }));
  showCompared(store, hash);
  const conductor = new Conductor(store, ports, library);
  const whole = new WholeSlice(store, () => conductor.start());
  const evaluation = new Evaluation(store, ports, library, () => conductor.start());
  const comparison = new Comparison(store, library, () => conductor.start());
  const opening = new Opening(store, library);
  const stopTelling = tellFailures(store);
  if (linked.own !== null) awaitSlice(store, linked.own, linked.intent);
  void listExamples(store, library);
  return {
    store,
    evaluation,
    app: ports.app,
    /** The view as an address's hash. */
    hash: () => hashOf(store.getState()),
    actions: {
      ...intentActions(store),
      openFiles: (files: readonly File[]) => opening.openFiles(files),
      openCase: (key: string) => opening.openCase(key),
      setFrame: (frame: number) => opening.setFrame(frame),
      turnFrame: (by: number) => opening.setFrame(opening.frameAsked() + by),
      /** Another hash in the address bar: its view. */
      follow(next: string): void {
        if (next.replace(/^#/, "") === hashOf(store.getState())) return;
        showCompared(store, next);
        const { intent, own } = hashToIntent(next);
        const { caseKey, ...rest } = knownModel(store.getState().models, intent);
        if (own !== null) awaitSlice(store, own, intent);
        else if (caseKey) void opening.openCase(caseKey, (now) => ({ ...now, ...rest }));
      },
      exportView: (wish: ExportWish, figure: Uint8Array | null, created: string): Promise<Download> =>
        exportView(store.getState(), ports.app, created, wish, figure),
      readCard: (name: string) => ports.readCard(name),
      tell: (text: string) => tell(store, "status", text),
      warn: (error: unknown) => tell(store, "alert", typeof error === "string" ? error : sentenceOf(error)),
      dismiss: (id: number) => dismiss(store, id),
      cancel(job: JobName): void {
        if (job === "whole") whole.cancel();
        else if (job === "evaluate") evaluation.cancel();
        else conductor.cancel(job);
      },
      /** Fills the page with the comparison, at first of the explorer's model and one of each other family. */
      openCompare: () =>
        store.setState(({ compare, models, intent }) => {
          const known = systemsOf(models, [intent.model, ...compare.systems]);
          const systems = compare.chosen ? known : firstSystems(models, intent.model);
          return { view: "compare", tour: null, lasso: "off", compare: { ...compare, systems } };
        }),
      /** The systems of the columns, in their order. */
      setSystems: (names: readonly string[]) =>
        store.setState(({ compare, models }) => ({
          compare: { ...compare, systems: systemsOf(models, names), chosen: true },
        })),
      setCompareOutline: (outline: "samples" | "graders", on: boolean) =>
        store.setState(({ compare }) => ({
          compare: { ...compare, outlines: { ...compare.outlines, [outline]: on } },
        })),
      /** Ends the work of a column; the explorer's own model is ended as in the explorer. */
      cancelColumn(name: string): void {
        if (name !== store.getState().intent.model) comparison.cancel(name);
        else for (const job of ["model", "encode", "samples"] as const) conductor.cancel(job);
      },
      retryColumn: (name: string) =>
        name === store.getState().intent.model ? conductor.retry() : comparison.retry(name),
      retry: () => conductor.retry(),
      mapWholeSlice: () => whole.start(),
      removeWholeMap: () => whole.remove(),
      setWholeView: (change: Partial<WholeView>) =>
        store.setState(({ wholeView }) => ({ wholeView: { ...wholeView, ...change } })),
    },
    dispose(): void {
      stopTelling();
      whole.dispose();
      evaluation.dispose();
      comparison.dispose();
      conductor.dispose();
    },
  };
}

function hashOf(state: State): string {
  const own = state.cases[state.intent.caseKey]?.own ?? state.intent.caseKey.startsWith("own:");
  return intentToHash(state.intent, own ? (frameOnScreen(state)?.sha256() ?? null) : null) + compareWord(state);
}

/** Opens or leaves the comparison, as a link says. */
function showCompared(store: ExplorerStore, hash: string): void {
  const names = comparedIn(hash);
  store.setState(({ compare, models, intent, view }) => {
    if (names === null) return { view: view === "compare" ? "explorer" : view };
    const systems = systemsOf(models, names);
    return {
      view: "compare",
      compare: { ...compare, systems: systems.length > 0 ? systems : [intent.model], chosen: true },
    };
  });
}

function knownModel(models: State["models"], intent: Partial<State["intent"]>): Partial<State["intent"]> {
  if (models.some(({ name }) => name === intent.model)) return intent;
  const { model: _unknown, ...rest } = intent;
  return rest;
}

function awaitSlice(store: ExplorerStore, hash: string, intent: Partial<State["intent"]>): void {
  store.setState({ awaited: { hash, intent } });
  tell(
    store,
    "alert",
    `This link is about a slice that is not on the web: open the file whose values' sha256 begins with ${hash}, and its view comes back.`,
  );
}

/** Every new failure becomes a sentence that stays until it is closed. */
function tellFailures(store: ExplorerStore): () => void {
  return store.subscribe((state, before) => {
    if (state.failures === before.failures) return;
    for (const [job, failure] of Object.entries(state.failures)) {
      if (job.startsWith("compare:")) continue; // its column says it
      const old = before.failures[job as keyof State["failures"]];
      if (failure && failure !== old && failure.error.tag !== "Aborted")
        tell(store, "alert", sentenceOf(fromPlain(failure.error)));
    }
  });
}

async function listExamples(store: ExplorerStore, library: Library): Promise<void> {
  try {
    const examples = await library.examples();
    store.settle(({ entries, intent }) => {
      const known = examples.some(({ key }) => key === intent.caseKey) || intent.caseKey.startsWith("own:");
      const caseKey = known ? intent.caseKey : (examples[0]?.key ?? "");
      return { entries: [...examples, ...entries], intent: { ...intent, caseKey } };
    });
  } catch (error) {
    tell(store, "alert", sentenceOf(error));
  }
}
