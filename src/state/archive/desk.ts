import { createStore } from "zustand/vanilla";
import { isAbort, toPlain } from "../../core/errors.ts";
import type { Archive, SeriesFound, StudyFound } from "../../io/dicomweb/archive.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules.ts";
import type { ArchiveSeries } from "../../io/dicomweb/series-stack.ts";
import type { CaseId } from "../app/identity.ts";
import { sentenceOf, tell } from "../app/notices.ts";
import type { Ports } from "../app/ports.ts";
import type { StateStore } from "../app/store.ts";
import { hideJob, showJob } from "../app/tasks.ts";
import type { Opening } from "../cases/open.ts";
import type { ArchiveSite, DeskState } from "./desk-state.ts";

/** Studies on a page of the list. */
const STUDIES_A_PAGE = 25;

/** Where a case that is open came from. */
export interface CaseOrigin {
  readonly archive: Archive;
  readonly study: string;
  /** Whose study it is, for people. */
  readonly patient: string;
}

/**
 * Looking into an archive: studies, a study's series, a series with its nodules, and opening it. What was asked last counts;
 * a failure leaves what stands there. Nothing is asked before a person asks.
 */
export class ArchiveDesk {
  readonly store;
  private readonly page: StateStore;
  private readonly transport: Ports["archiveTransport"];
  private readonly opening: Pick<Opening, "openStack">;
  private readonly archives = new Map<ArchiveSite, Promise<Archive>>();
  private readonly origins = new Map<CaseId, CaseOrigin>();
  private asking: AbortController | null = null;
  private loading: AbortController | null = null;
  private last: (() => Promise<void>) | null = null;
  private looked: { readonly found: SeriesFound; readonly archive: Archive; readonly series: ArchiveSeries } | null =
    null;

  constructor(
    page: StateStore,
    { archives, archiveTransport }: Pick<Ports, "archives" | "archiveTransport">,
    opening: Pick<Opening, "openStack">,
  ) {
    this.page = page;
    this.transport = archiveTransport;
    this.opening = opening;
    this.store = createStore<DeskState>(() => ({
      sites: archives,
      site: archives[0] ?? null,
      query: { patient: "", date: "", modality: "", description: "" },
      page: 0,
      studies: null,
      study: null,
      series: null,
      viewed: null,
      doing: null,
      setback: null,
    }));
  }

  chooseSite(site: ArchiveSite): void {
    this.cancel();
    this.store.setState({ site, studies: null, study: null, series: null, viewed: null, setback: null, page: 0 });
  }

  ask(change: Partial<DeskState["query"]>): void {
    this.store.setState(({ query }) => ({ query: { ...query, ...change } }));
  }

  /** A page of the studies that answer the query, from 0. */
  search(page = 0): Promise<void> {
    return this.run("Searching", async (archive, signal) => {
      const studies = await archive.studies(this.store.getState().query, page * STUDIES_A_PAGE, STUDIES_A_PAGE, {
        signal,
      });
      this.store.setState({ studies, page, study: null, series: null, viewed: null });
    });
  }

  openStudy(study: StudyFound): Promise<void> {
    return this.run("Reading the study", async (archive, signal) => {
      const series = await archive.series(study.study, { signal });
      this.store.setState({ study, series, viewed: null });
    });
  }

  /** Looks at a series: its middle slice, and the nodules that readers marked on it. */
  look(found: SeriesFound): Promise<void> {
    return this.run("Reading the series", async (archive, signal) => {
      const [{ openArchiveSeries }, { marksOfSeries }, { nodulesOf }] = await Promise.all([
        import("../../io/dicomweb/series-stack.ts"),
        import("../../io/dicomweb/found-marks.ts"),
        import("../../io/dicomweb/nodules.ts"),
      ]);
      const asked = { signal };
      const series = await openArchiveSeries(archive, found, asked);
      const all = this.store.getState().series ?? [];
      const marks = await marksOfSeries(archive, found, series.frameOfReference, all, asked);
      const preview = await series.stack.slice(series.stack.start).catch((error: unknown) => sentenceOf(error));
      if (signal.aborted) return;
      this.looked = { found, archive, series };
      const unread = typeof preview === "string" ? [preview] : [];
      this.store.setState({
        viewed: {
          series: found,
          frames: series.stack.frames,
          preview: typeof preview === "string" ? null : preview,
          nodules: nodulesOf(marks),
          notes: [...series.stack.notes, ...marks.notes, ...unread],
        },
      });
    });
  }

  /** Goes back to what stood there before: the series of the study, the studies. */
  back(): void {
    this.cancel();
    const { viewed } = this.store.getState();
    this.store.setState(viewed ? { viewed: null, setback: null } : { study: null, series: null, setback: null });
  }

  /**
   * Opens the series that was looked at, with the readers of one of its nodules or without any; what lies nearest comes
   * first, and goes on coming when the page is shown. `readBy`: how many people are said to have read it; null: not known.
   * True where it is on the screen.
   */
  async open(nodule: ArchiveNodule | null, readBy: number | null): Promise<boolean> {
    const { looked } = this;
    if (!looked) return false;
    let opened = false;
    await this.run(nodule ? `Reading ${nodule.name}` : "Opening the series", async (_, signal) => {
      const { archive, series, found } = looked;
      const { openNodule } = await import("../../io/dicomweb/open-nodule.ts");
      const all = Array.from({ length: series.stack.frames }, (_, frame) => frame);
      const plain = { stack: series.stack, frames: all };
      const { stack, frames } = nodule ? await openNodule(archive, series, nodule, readBy, { signal }) : plain;
      const became = await this.opening.openStack(stack, "Fetching the first slice");
      if (became === null) return;
      opened = true;
      const { study } = this.store.getState();
      const patient = study?.patientName || study?.patientId || "this patient";
      this.origins.set(became, { archive, study: found.study, patient });
      void this.load(archive, series, frames, became);
    });
    return opened;
  }

  private async load(archive: Archive, series: ArchiveSeries, frames: readonly number[], id: CaseId): Promise<void> {
    const mine = new AbortController();
    this.loading?.abort();
    this.loading = mine;
    const show = (done: number) => {
      if (this.loading !== mine) return;
      const what = `Fetching slices: ${done} of ${frames.length}`;
      showJob(this.page, "archive", { progress: done / frames.length, what });
    };
    let at = series.stack.start;
    const centre = () => {
      const { caseId, frame } = this.page.getState().intent;
      if (caseId === id) at = frame;
      return at;
    };
    show(0);
    try {
      const { loadNearestFirst } = await import("../../io/dicomweb/nearest-first.ts");
      const task = { signal: mine.signal, centre, onProgress: show };
      const { failed, left, problem } = await loadNearestFirst(archive, series, frames, task);
      const later = "asked for again when you go there";
      if (failed.length > 0) {
        const which = failed.length === 1 ? "1 slice" : `${failed.length} slices`;
        tell(
          this.page,
          "alert",
          `${which} of ${frames.length} could not be fetched, and will be ${later}. ${sentenceOf(problem)}`,
        );
      } else if (left > 0) tell(this.page, "status", `The other ${left} slices are fetched when you go there.`);
    } catch (error) {
      if (!isAbort(error)) tell(this.page, "alert", sentenceOf(error));
    }
    if (this.loading === mine) {
      this.loading = null;
      hideJob(this.page, "archive");
    }
  }

  /** Slices that are not here yet come when somebody goes there. */
  cancelLoading(): void {
    this.loading?.abort();
    this.loading = null;
    hideJob(this.page, "archive");
  }

  /** Gives up what is being asked; what stands there stays. */
  cancel(): void {
    this.asking?.abort();
    this.asking = null;
    this.store.setState({ doing: null });
  }

  /** Tries again what failed last. */
  async retry(): Promise<void> {
    await this.last?.();
  }

  /** Name and password, in memory alone, and what was refused is asked again. */
  async logIn(user: string, password: string): Promise<void> {
    const { basicAuthorization } = await import("../../io/dicomweb/transport.ts");
    const archive = await this.archive();
    archive?.wire.logIn(basicAuthorization(user, password));
    await this.retry();
  }

  /** Where a case came from; null where it did not come from an archive. */
  originOf(id: CaseId): CaseOrigin | null {
    return this.origins.get(id) ?? null;
  }

  private archive(): Promise<Archive> | null {
    const { site } = this.store.getState();
    if (!site) return null;
    const transport = this.transport;
    const known =
      this.archives.get(site) ??
      import("../../io/dicomweb/archive.ts").then(({ Archive: Opened }) => new Opened(site, transport));
    this.archives.set(site, known);
    return known;
  }

  private async run(what: string, work: (archive: Archive, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.asking?.abort();
    const mine = new AbortController();
    this.asking = mine;
    this.last = () => this.run(what, work);
    this.store.setState({ doing: what, setback: null });
    try {
      const archive = await this.archive();
      if (archive) await work(archive, mine.signal);
    } catch (error) {
      if (this.asking === mine && !isAbort(error)) this.store.setState({ setback: toPlain(error) });
    }
    if (this.asking === mine) {
      this.asking = null;
      this.store.setState({ doing: null });
    }
  }

  dispose(): void {
    this.cancel();
    this.cancelLoading();
  }
}
