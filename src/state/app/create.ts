import { say, type Text } from "../../core/language/say.ts";
import type { TableStyle } from "../../io/bytes/csv.ts";
import type { RegionsMeaning } from "../../io/marks/regions-of-file.ts";
import { type ArchiveLink, archiveLinkIn, archiveWords } from "../archive/link.ts";
import { tellFrameNotes } from "../cases/frame-notes.ts";
import { Keeper } from "../cases/kept/keeper.ts";
import { TablesKept } from "../cases/kept/tables.ts";
import type { Library } from "../cases/library.ts";
import { MaskQuestion } from "../cases/mask-question.ts";
import { caseOnScreen } from "../cases/on-screen.ts";
import { Opening } from "../cases/open.ts";
import { readerActions } from "../cases/readers.ts";
import type { MaskMeaning } from "../cases/samples/mask-asking.ts";
import { compareActions, standsBeside } from "../compare/actions.ts";
import { agreementActions } from "../evaluate/agreement/actions.ts";
import { wishLesions } from "../evaluate/lesions/actions.ts";
import type { LesionsWish } from "../evaluate/lesions/lesions-of-pack.ts";
import { intentActions } from "../explore/actions.ts";
import { drawingActions } from "../explore/drawing.ts";
import { type Download, type ExportWish, exportView, type StoredFormat, storedView } from "../explore/export.ts";
import type { Folding } from "../explore/order/order.ts";
import { PageOrder } from "../explore/order/page-order.ts";
import { Pipeline } from "../explore/pipeline/pipeline.ts";
import { shapeActions } from "../explore/set/shape.ts";
import type { Start } from "../explore/start/start.ts";
import { stateOfStart } from "../explore/start/start-state.ts";
import type { WholeView } from "../explore/whole/whole-map.ts";
import { WholeSlice } from "../explore/whole/whole-slice.ts";
import { lesionActions } from "../lesion/actions.ts";
import { goToSessionLesion } from "../lesion/session.ts";
import { withKnownModel } from "../models/known.ts";
import type { CaseId } from "./identity.ts";
import type { Intent } from "./intent.ts";
import { FIRST_INTENT } from "./intent.ts";
import { followPlace, followView, hashOf, showFirst } from "./link/address.ts";
import { hashToIntent, type Linked, ofAnyCase } from "./link/link.ts";
import { dismiss, sentenceOf, tell, tellFailures } from "./notices.ts";
import { type Later, lazyCode } from "./on-demand/lazy-code.ts";
import type { Runs } from "./on-demand/runs.ts";
import type { Ports } from "./ports.ts";
import type { State } from "./shape.ts";
import { createExplorerStore, type ExplorerStore } from "./store.ts";
import type { JobName } from "./work/job.ts";

export type Explorer = ReturnType<typeof createExplorer>;
export type Actions = Explorer["actions"];

/**
 * The whole page without its pictures: store, what a person can do, and the work behind it. `hash`: the address's.
 * `start`: what was made before the visit; it is on the screen from the beginning where nothing else is wanted, and
 * `drawn` is then the state of the page that shows it already.
 */
export function createExplorer(
  ports: Ports,
  library: Library,
  hash = "",
  start: Start | null = null,
  drawn: Partial<State> | null = null,
) {
  const models = ports.models.map(({ name, config }) => ({ name, config, bundled: true }));
  const linked = hashToIntent(hash);
  const first = drawn ?? (start && stateFrom(start, ports, models, library, hash)) ?? { models };
  const store = createExplorerStore(ports.now, first);
  const { model = ports.firstModel } = withKnownModel(store, linked.intent);
  store.settle((intent) => ({ ...intent, model }));
  followPlace(store, hash);
  const pipeline = new Pipeline(store, ports, library);
  const whole = new WholeSlice(store, (input, task) => pipeline.model.wholeSlice(input, task));
  const question = new MaskQuestion(store, ports.kept);
  const opening = new Opening(store, library, question, {
    onModel: (name) => standsBeside(store, name),
    onLesion: (lesion) => goToSessionLesion(store, lesion),
  });
  const beside = { store, ports, library, opening, model: pipeline.model };
  let disposed = false;
  const runs = lazyCode(
    () => import("./on-demand/runs.ts"),
    ({ createRuns }): Runs => {
      const made = createRuns(beside);
      if (disposed) made.dispose();
      return made;
    },
  );
  const keeper = new Keeper(store, ports.kept, opening, () => hashOf(store.getState()));
  const order = new PageOrder(store, ports.kept);
  const tables = new TablesKept(store, ports.kept);
  const followers = [tellFailures(store), tellFrameNotes(store), fetchWhenUsed(store, runs)];
  /** The view as an address's hash, with the archive's identifiers where whoever serves the page allows them there. */
  const address = (): string => {
    const state = store.getState();
    const found = caseOnScreen(state);
    const link = found && runs.ready()?.archive.originOf(found.id)?.link;
    const sop = found?.stack?.place(state.intent.frame).sopInstanceUid ?? null;
    return hashOf(state) + (link ? archiveWords({ ...link, sop }) : "");
  };
  const followArchive = async (link: ArchiveLink, { own, intent }: Pick<Linked, "own" | "intent">): Promise<void> => {
    try {
      await (await runs.fetch()).archive.follow(link, own ?? "", intent);
    } catch (error) {
      tell(store, "alert", sentenceOf(error));
    }
  };
  const named = archiveLinkIn(hash);
  const shown = named ? { intent: ofAnyCase(linked.intent), caseName: null, own: null } : linked;
  void showFirst(store, library, shown, (own) => keeper.reopenSlice(own, hash));
  if (named) void followArchive(named, linked);
  return {
    store,
    /** The work behind the other places and behind an archive. */
    runs,
    /** The archives that this page may ask. */
    archives: ports.archives,
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
        const linked = hashToIntent(next);
        const inArchive = archiveLinkIn(next);
        if (inArchive) void followArchive(inArchive, linked);
        else followView(store, opening, linked);
      },
      exportView: (wish: ExportWish, figure: Uint8Array | null, created: string): Promise<Download> =>
        exportView(store.getState(), ports.app, created, wish, figure),
      /** Makes what is on the screen ready to be sent where its slice came from, and shows what would be sent. */
      async prepareStore(formats: readonly StoredFormat[], created: string): Promise<void> {
        const { caseId } = store.getState().intent;
        if (caseId !== null)
          runs.ready()?.outbox.prepare(caseId, await storedView(store.getState(), ports.app, created, formats));
      },
      async exportLesion(figures: Readonly<Record<string, Uint8Array>>, created: string): Promise<Download> {
        const state = store.getState(); // as it is now, not when the code has come
        return (await import("../lesion/export.ts")).exportLesionView(state, ports.app, created, figures);
      },
      async exportComparison(pictures: Readonly<Record<string, Uint8Array>>): Promise<Download> {
        const state = store.getState();
        return (await import("../compare/export.ts")).exportComparison(state, pictures);
      },
      /** The open slices with their marks, boxes and samples as a case pack. */
      saveAsPack: async () => (await import("../cases/samples/save-pack.ts")).saveAsPack(store.getState(), library),
      async exportAgreement(): Promise<Download> {
        const state = store.getState();
        return (await import("../evaluate/agreement/report.ts")).agreementReportOf(state, ports.app);
      },
      readCard: (name: string) => ports.readCard(name),
      tell: (text: Text) => tell(store, "status", text),
      warn: (error: unknown) => tell(store, "alert", typeof error === "string" ? error : sentenceOf(error)),
      tellNewVersion: () => tell(store, "alert", NEW_VERSION, "reload"),
      takeNewVersion: () => ports.takeNewVersion(),
      dismiss: (id: number) => dismiss(store, id),
      cancel(job: JobName): void {
        if (job === "whole") whole.cancel();
        else if (job === "open") opening.cancel();
        else pipeline.cancel(job);
        runs.ready()?.cancel(job);
      },
      /** Ends the work of a column; the explorer's own model is ended as in the explorer. */
      cancelColumn(name: string): void {
        if (name !== store.getState().intent.model) runs.ready()?.comparison.cancel(name);
        else for (const job of ["model", "encode", "samples"] as const) pipeline.cancel(job);
      },
      retryColumn: (name: string) =>
        name === store.getState().intent.model ? pipeline.retry() : runs.ready()?.comparison.retry(name),
      retry(): void {
        pipeline.retry();
        runs.ready()?.retry();
      },
      wishLesions: (change: Partial<LesionsWish>) => wishLesions(store, change),
      drawLesions: () => runs.ready()?.lesions.start(),
      /** Opens or closes what a panel of the explorer folds away. */
      setMore: (panel: Folding, open: boolean) => order.setMore(panel, open),
      /** How tables leave the page, for this visit and those to come. */
      chooseTables: (style: TableStyle) => tables.choose(style),
      sawDrag: () => order.sawDrag(),
      sawGreeting: () => order.sawGreeting(),
      mapWholeSlice: () => whole.start(),
      removeWholeMap: () => whole.remove(),
      setWholeView: (change: Partial<WholeView>) => whole.setView(change),
    },
    dispose(): void {
      for (const stop of followers) stop();
      keeper.dispose();
      order.dispose();
      whole.dispose();
      disposed = true;
      runs.ready()?.dispose();
      pipeline.dispose();
    },
  };
}

/** The first state with the start on the screen; null where the address asks for something else. */
function stateFrom(start: Start, ports: Ports, models: State["models"], library: Library, hash: string) {
  const { intent: asked, caseName, own } = hashToIntent(hash);
  if (own !== null || archiveLinkIn(hash)) return null;
  const caseId = (caseName ?? start.asked.caseId) as CaseId | null;
  const intent = { ...FIRST_INTENT, model: ports.firstModel, ...asked, caseId };
  const read = async (id: CaseId) => (await library.read(id)).read(0);
  return stateOfStart(start, { models, intent, read });
}

/** The work of other places comes when one of them is looked at; where it does not, the place itself says so. */
function fetchWhenUsed(store: ExplorerStore, runs: Later<Runs>): () => void {
  const isUsed = ({ view, sheet }: State) => view !== "explorer" || sheet === "archive";
  const fetch = () => void runs.fetch().catch(() => undefined);
  if (isUsed(store.getState())) fetch();
  return store.subscribe((state, before) => {
    if (isUsed(state) && (state.view !== before.view || state.sheet !== before.sheet)) fetch();
  });
}

const NEW_VERSION = say`A new version is here: reload to take it. Your view comes back as it is.`;
