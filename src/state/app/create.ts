import { fromPlain } from "../../core/errors.ts";
import { caseOnScreen } from "../cases/case.ts";
import { type Download, type ExportWish, exportView } from "../cases/export.ts";
import type { Library } from "../cases/library.ts";
import { Opening } from "../cases/open.ts";
import { Comparison } from "../compare/run.ts";
import { comparedIn, compareWord, firstSystems, systemsOf } from "../compare/slice.ts";
import { Evaluation } from "../evaluate/evaluation.ts";
import { intentActions } from "../explore/actions.ts";
import { frameOnScreen } from "../explore/keys.ts";
import { Conductor } from "../explore/pipeline.ts";
import { WholeSlice } from "../explore/whole-slice.ts";
import type { CaseId } from "./identity.ts";
import { hashToIntent, intentToHash, type Linked, ofAnyCase } from "./link.ts";
import { dismiss, sentenceOf, tell } from "./notices.ts";
import type { Ports } from "./ports.ts";
import type { JobName, State, WholeView } from "./shape.ts";
import { createExplorerStore, type ExplorerStore } from "./store.ts";

export type Explorer = ReturnType<typeof createExplorer>;
export type Actions = Explorer["actions"];

/** The whole page without its pictures: store, what a person can do, and the work behind it. `hash`: the address's. */
export function createExplorer(ports: Ports, library: Library, hash = "") {
  const store = createExplorerStore(ports.now);
  const models = ports.models.map(({ name, config }) => ({ name, config, bundled: true }));
  const linked = hashToIntent(hash);
  const { model = ports.firstModel } = knownModel(models, linked.intent);
  store.settle(({ intent }) => ({ models, intent: { ...intent, model } }));
  showCompared(store, hash);
  const conductor = new Conductor(store, ports, library);
  const whole = new WholeSlice(store, (input, task) => conductor.wholeSlice(input, task));
  const evaluation = new Evaluation(store, ports, library, () => conductor.start());
  const comparison = new Comparison(store, library, () => conductor.start());
  const opening = new Opening(store, library);
  const stopTelling = tellFailures(store);
  void showFirst(store, library, linked);
  return {
    store,
    evaluation,
    app: ports.app,
    /** The view as an address's hash. */
    hash: () => hashOf(store.getState()),
    actions: {
      ...intentActions(store),
      openFiles: (files: readonly File[]) => opening.openFiles(files),
      openCase: (id: CaseId) => opening.openCase(id),
      setFrame: (frame: number) => opening.setFrame(frame),
      turnFrame: (by: number) => opening.turnFrame(by),
      /** Another hash in the address bar: its view. */
      follow(next: string): void {
        if (next.replace(/^#/, "") === hashOf(store.getState())) return;
        showCompared(store, next);
        const { intent, caseName, own } = hashToIntent(next);
        if (own !== null) return awaitSlice(store, own, intent);
        const found = store.getState().entries.find(({ id }) => id === caseName);
        if (caseName !== null && !found) return tell(store, "alert", NO_SUCH_CASE);
        const wanted = knownModel(store.getState().models, intent);
        if (found) void opening.openCase(found.id, (now) => ({ ...now, ...wanted }));
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
  const own = caseOnScreen(state)?.own ?? false;
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

const NO_SUCH_CASE =
  "The link is about a case that this page does not have: choose one from the menu, or open its file.";

/** The case of the link, else the first example, with what the link says of any case alone. */
async function showFirst(store: ExplorerStore, library: Library, { intent: asked, caseName, own }: Linked) {
  if (own !== null) awaitSlice(store, own, asked);
  try {
    const examples = await library.examples();
    const named = examples.find(({ id }) => id === caseName);
    const meant = own === null && (caseName === null || named !== undefined);
    if (caseName !== null && !named) tell(store, "alert", NO_SUCH_CASE);
    store.settle(({ entries, intent, models }) => ({
      entries: [...examples, ...entries],
      intent:
        intent.caseId === null
          ? {
              ...intent,
              ...knownModel(models, meant ? asked : ofAnyCase(asked)),
              caseId: named?.id ?? examples[0]?.id ?? null,
            }
          : intent,
    }));
  } catch (error) {
    tell(store, "alert", sentenceOf(error));
  }
}
