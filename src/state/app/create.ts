import { fromPlain } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { TableStyle } from "../../io/bytes/csv.ts";
import type { RegionsMeaning } from "../../io/marks/regions-of-file.ts";
import { ArchiveDesk } from "../archive/desk.ts";
import { archiveLinkIn, archiveWords } from "../archive/link.ts";
import { Outbox } from "../archive/outbox.ts";
import { awaitSlice, listCases } from "../cases/catalogue.ts";
import { tellFrameNotes } from "../cases/frame-notes.ts";
import { Keeper } from "../cases/kept/keeper.ts";
import { TablesKept } from "../cases/kept/tables.ts";
import type { Library } from "../cases/library.ts";
import { MaskQuestion } from "../cases/mask-question.ts";
import { caseOnScreen, frameOnScreen } from "../cases/on-screen.ts";
import { Opening } from "../cases/open.ts";
import { blindedIn, blindWord, readerActions } from "../cases/readers.ts";
import type { MaskMeaning } from "../cases/samples/mask-asking.ts";
import { compareActions, followCompared, standsBeside } from "../compare/actions.ts";
import { exportComparison } from "../compare/export.ts";
import { Comparison } from "../compare/run.ts";
import { compareWord } from "../compare/slice.ts";
import { agreementActions } from "../evaluate/agreement/actions.ts";
import { agreementReportOf } from "../evaluate/agreement/report.ts";
import { AgreementOfReaders } from "../evaluate/agreement/run.ts";
import { Evaluation } from "../evaluate/evaluation.ts";
import { wishLesions } from "../evaluate/lesions/actions.ts";
import type { LesionsWish } from "../evaluate/lesions/lesions-of-pack.ts";
import { LesionsThroughPack } from "../evaluate/lesions/run.ts";
import { TeachRun } from "../evaluate/teach/teach-run.ts";
import { intentActions } from "../explore/actions.ts";
import { drawingActions } from "../explore/drawing.ts";
import { type Download, type ExportWish, exportView, type StoredFormat, storedView } from "../explore/export.ts";
import type { Folding } from "../explore/order/order.ts";
import { PageOrder } from "../explore/order/page-order.ts";
import { Pipeline } from "../explore/pipeline/pipeline.ts";
import { shapeActions } from "../explore/set/shape.ts";
import type { WholeView } from "../explore/whole/whole-map.ts";
import { WholeSlice } from "../explore/whole/whole-slice.ts";
import { LevelsOnScreen } from "../learn/levels-on-screen.ts";
import { lesionActions } from "../lesion/actions.ts";
import { exportLesionView } from "../lesion/export.ts";
import { followLesionWords, lesionWords } from "../lesion/link.ts";
import { ReaderThroughSlices } from "../lesion/reader.ts";
import { LesionThroughSlices } from "../lesion/run.ts";
import { goToSessionLesion } from "../lesion/session.ts";
import { removeModel, withKnownModel } from "../models/known.ts";
import { TrainingRun } from "../train/training-run.ts";
import type { CaseId } from "./identity.ts";
import type { Intent } from "./intent.ts";
import { FIRST_INTENT } from "./intent.ts";
import { hashToIntent, intentToHash, type Linked, ofAnyCase } from "./link.ts";
import { dismiss, sentenceOf, tell } from "./notices.ts";
import { goTo, placeIn, placeWord } from "./places.ts";
import type { Ports } from "./ports.ts";
import type { JobName, State } from "./shape.ts";
import { createExplorerStore, type ExplorerStore } from "./store.ts";

export type Explorer = ReturnType<typeof createExplorer>;
export type Actions = Explorer["actions"];

/** The whole page without its pictures: store, what a person can do, and the work behind it. `hash`: the address's. */
export function createExplorer(ports: Ports, library: Library, hash = "") {
  const models = ports.models.map(({ name, config }) => ({ name, config, bundled: true }));
  const store = createExplorerStore(ports.now, { models });
  const linked = hashToIntent(hash);
  const { model = ports.firstModel } = withKnownModel(store, linked.intent);
  store.settle((intent) => ({ ...intent, model }));
  followPlace(store, hash);
  const pipeline = new Pipeline(store, ports, library);
  const whole = new WholeSlice(store, (input, task) => pipeline.model.wholeSlice(input, task));
  const reader = new ReaderThroughSlices(store, ports, () => pipeline.model.loaded);
  const lesion = new LesionThroughSlices(
    store,
    ports,
    () => pipeline.model.loaded,
    (key, slice, prepared) => reader.keep(key, slice, prepared),
  );
  const levels = new LevelsOnScreen(store, () => pipeline.model.loaded);
  const evaluation = new Evaluation(store, ports, library, () => pipeline.model.start());
  const agreement = new AgreementOfReaders(store, evaluation.store, library, ports);
  const lesions = new LesionsThroughPack(store, evaluation.store, library, ports, () => pipeline.model.start());
  const teaching = new TeachRun(store, evaluation.store, library, ports);
  const training = new TrainingRun(ports);
  const comparison = new Comparison(store, library, () => pipeline.model.start());
  const question = new MaskQuestion(store, ports.kept);
  const opening = new Opening(store, library, question, {
    onModel: (name) => standsBeside(store, name),
    onLesion: (lesion) => goToSessionLesion(store, lesion),
  });
  const archive = new ArchiveDesk(store, ports, opening);
  const outbox = new Outbox(archive);
  const keeper = new Keeper(store, ports.kept, opening, () => hashOf(store.getState()));
  const order = new PageOrder(store, ports.kept);
  const tables = new TablesKept(store, ports.kept);
  const tellers = [tellFailures(store), tellFrameNotes(store)];
  /** The view as an address's hash, with the archive's identifiers where whoever serves the page allows them there. */
  const address = (): string => {
    const state = store.getState();
    const found = caseOnScreen(state);
    const link = found && archive.originOf(found.id)?.link;
    const sop = found?.stack?.place(state.intent.frame).sopInstanceUid ?? null;
    return hashOf(state) + (link ? archiveWords({ ...link, sop }) : "");
  };
  const named = archiveLinkIn(hash);
  const first = named ? { intent: ofAnyCase(linked.intent), caseName: null, own: null } : linked;
  void showFirst(store, library, first, (own) => keeper.reopenSlice(own, hash));
  if (named) void archive.follow(named, linked.own ?? "", linked.intent);
  return {
    store,
    evaluation,
    teaching,
    training,
    archive,
    outbox,
    app: ports.app,
    /** The view as an address's hash. */
    hash: address,
    /** Writes what has changed at once; whether leaving now would lose outlines all the same. */
    wouldLose: () => keeper.wouldLose(),
    actions: {
      ...intentActions(store),
      ...readerActions(store),
      ...drawingActions(store),
      ...shapeActions(store),
      ...compareActions(store),
      ...lesionActions(store),
      ...agreementActions(store),
      async openFiles(files: readonly File[]): Promise<void> {
        const became = await opening.openFiles(files);
        const kept = opening.asKept(files);
        if (became !== null && kept.length > 0) await keeper.took(became, kept);
      },
      /** `method`: what the method is called whose samples they are. */
      answerMask: (meaning: MaskMeaning | null, always = false, method = "") =>
        question.answer(meaning, always, method),
      answerRegions: (meaning: RegionsMeaning | null) => question.answerRegions(meaning),
      /** What a mask opened alone is from now on; null: asks. */
      chooseMasks: (meaning: Exclude<MaskMeaning, "samples"> | null) => question.choose(meaning),
      keepWork: (on: boolean) => keeper.keep(on),
      reopenKept: (id: string) => keeper.reopen(id),
      forgetKept: (id: string) => keeper.forget(id),
      async forgetAll(): Promise<void> {
        await keeper.forgetAll();
        question.choose(null);
      },
      openCase: (id: CaseId) => opening.openCase(id),
      /** Shows a case as a run over cases drew it: the same samples, and so the same figures. */
      openDrawn: (
        id: CaseId,
        drawn: Pick<Intent, "model" | "seed" | "count" | "threshold"> &
          Partial<Pick<Intent, "representativeOf" | "order">>,
      ) =>
        opening.openCase(id, (intent) => ({
          ...intent,
          representativeOf: null,
          order: "iid",
          ...drawn,
          fields: FIRST_INTENT.fields,
        })),
      setFrame: (frame: number) => opening.setFrame(frame),
      turnFrame: (by: number) => opening.turnFrame(by),
      /** Another hash in the address bar: its view. */
      follow(next: string): void {
        if (next.replace(/^#/, "") === address()) return;
        followPlace(store, next);
        const { intent, caseName, own } = hashToIntent(next);
        const inArchive = archiveLinkIn(next);
        if (inArchive) return void archive.follow(inArchive, own ?? "", intent);
        const found = store.getState().entries.find(({ id }) => id === caseName);
        if (own !== null) awaitLinked(store, own, intent);
        else if (found) {
          const wanted = withKnownModel(store, intent);
          void opening.openCase(found.id, (now) => ({ ...now, ...wanted }));
        } else if (caseName !== null) tell(store, "alert", NO_SUCH_CASE);
      },
      exportView: (wish: ExportWish, figure: Uint8Array | null, created: string): Promise<Download> =>
        exportView(store.getState(), ports.app, created, wish, figure),
      /** Makes what is on the screen ready to be sent where its slice came from, and shows what would be sent. */
      async prepareStore(formats: readonly StoredFormat[], created: string): Promise<void> {
        const { caseId } = store.getState().intent;
        if (caseId !== null) outbox.prepare(caseId, await storedView(store.getState(), ports.app, created, formats));
      },
      exportLesion: (figures: Readonly<Record<string, Uint8Array>>, created: string): Promise<Download> =>
        exportLesionView(store.getState(), ports.app, created, figures),
      exportComparison: (pictures: Readonly<Record<string, Uint8Array>>): Promise<Download> =>
        exportComparison(store.getState(), pictures),
      /** The open slices with their marks, boxes and samples as a case pack. */
      saveAsPack: async () => (await import("../cases/samples/save-pack.ts")).saveAsPack(store.getState(), library),
      exportAgreement: (): Promise<Download> => agreementReportOf(store.getState(), ports.app),
      readCard: (name: string) => ports.readCard(name),
      tell: (text: Text) => tell(store, "status", text),
      warn: (error: unknown) => tell(store, "alert", typeof error === "string" ? error : sentenceOf(error)),
      tellNewVersion: () => tell(store, "alert", NEW_VERSION, "reload"),
      takeNewVersion: () => ports.takeNewVersion(),
      dismiss: (id: number) => dismiss(store, id),
      cancel(job: JobName): void {
        if (job === "whole") whole.cancel();
        else if (job === "lesion") lesion.cancel();
        else if (job === "reader") reader.cancel();
        else if (job === "evaluate") evaluation.cancel();
        else if (job === "agreement") agreement.cancel();
        else if (job === "lesions") lesions.cancel();
        else if (job === "inside") levels.cancel();
        else if (job === "teach") teaching.forget();
        else if (job === "open") opening.cancel();
        else if (job === "archive") archive.cancelLoading();
        else pipeline.cancel(job);
      },
      /** Ends the work of a column; the explorer's own model is ended as in the explorer. */
      cancelColumn(name: string): void {
        if (name !== store.getState().intent.model) comparison.cancel(name);
        else for (const job of ["model", "encode", "samples"] as const) pipeline.cancel(job);
      },
      retryColumn: (name: string) =>
        name === store.getState().intent.model ? pipeline.retry() : comparison.retry(name),
      retry(): void {
        pipeline.retry();
        lesion.retry();
        reader.retry();
        levels.retry();
        agreement.retry();
        lesions.retry();
      },
      wishLesions: (change: Partial<LesionsWish>) => wishLesions(store, change),
      drawLesions: () => lesions.start(),
      /** Opens or closes what a panel of the explorer folds away. */
      setMore: (panel: Folding, open: boolean) => order.setMore(panel, open),
      /** How tables leave the page, for this visit and those to come. */
      chooseTables: (style: TableStyle) => tables.choose(style),
      sawDrag: () => order.sawDrag(),
      sawGreeting: () => order.sawGreeting(),
      /** Puts what was taught into the menu of models, and shows it. */
      async keepTaught(): Promise<void> {
        if (teaching.store.getState().keptAs !== null) return;
        const { name, bytes } = await teaching.saved();
        const before = store.getState().models;
        await opening.openFiles([new File([bytes as BlobPart], name)]);
        const added = store.getState().models.find((model) => !before.includes(model));
        if (added) teaching.wasKept(added.name);
      },
      /** Forgets a teaching, what it found, and what was kept of it. */
      forgetTaught(): void {
        const { keptAs, asked } = teaching.store.getState();
        const { compare } = store.getState();
        teaching.forget();
        if (keptAs === null || !asked) return;
        if (compare.systems.includes(keptAs))
          tell(store, "status", say`${keptAs} stands in Compare and stays in the menu.`);
        else removeModel(store, keptAs, asked.model);
      },
      mapWholeSlice: () => whole.start(),
      removeWholeMap: () => whole.remove(),
      setWholeView: (change: Partial<WholeView>) => whole.setView(change),
    },
    dispose(): void {
      for (const stop of tellers) stop();
      keeper.dispose();
      order.dispose();
      archive.dispose();
      whole.dispose();
      lesion.dispose();
      reader.dispose();
      levels.dispose();
      agreement.dispose();
      lesions.dispose();
      teaching.dispose();
      evaluation.dispose();
      comparison.dispose();
      pipeline.dispose();
    },
  };
}

function hashOf(state: State): string {
  const own = caseOnScreen(state)?.own ?? false;
  const view = intentToHash(withoutGiven(state), own ? (frameOnScreen(state)?.sha256() ?? null) : null);
  return view + compareWord(state) + placeWord(state) + lesionWords(state) + blindWord(state);
}

/** Samples that were given are in no link: a reload brings them back with their slice, and nobody else has them. */
function withoutGiven({ intent, models }: State): Intent {
  const shown = models.find(({ name }) => name === intent.model);
  if (shown?.config.choice !== "samples") return intent;
  return { ...intent, model: models.find(({ bundled }) => bundled)?.name ?? intent.model };
}

/** Goes where a link says, blinded where it says so. */
function followPlace(store: ExplorerStore, hash: string): void {
  if (blindedIn(hash)) readerActions(store).setBlinded(true);
  followCompared(store, hash);
  if (store.getState().view !== "compare") goTo(store, placeIn(hash));
  followLesionWords(store, hash);
}

function awaitLinked(store: ExplorerStore, hash: string, intent: Partial<State["intent"]>): void {
  const wanted = say`open the file whose values' sha256 begins with ${hash}, and its view comes back`;
  awaitSlice(store, hash, intent, say`This link is about a slice that is not on the web: ${wanted}.`);
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

const NEW_VERSION = say`A new version is here: reload to take it. Your view comes back as it is.`;

const NO_SUCH_CASE = say`The link is about a case that this page does not have: choose one from the menu, or open its file.`;

/** The case of the link, else the first example, with what the link says of any case alone. */
async function showFirst(
  store: ExplorerStore,
  library: Library,
  { intent: asked, caseName, own }: Linked,
  reopen: (own: string) => Promise<boolean>,
) {
  const reopened = own !== null && reopen(own);
  try {
    const examples = await library.examples();
    const named = examples.find(({ id }) => id === caseName);
    if (await reopened) return listCases(store, examples, "first");
    if (own !== null) awaitLinked(store, own, asked);
    const meant = own === null && (caseName === null || named !== undefined);
    if (caseName !== null && !named) tell(store, "alert", NO_SUCH_CASE);
    listCases(store, examples, "first");
    if (store.getState().intent.caseId !== null) return; // a file was opened meanwhile
    const { model: _loading, ...rest } = meant ? asked : ofAnyCase(asked);
    store.settle((intent) => ({ ...intent, ...rest, caseId: named?.id ?? examples[0]?.id ?? null }));
  } catch (error) {
    tell(store, "alert", sentenceOf(error));
  }
}
