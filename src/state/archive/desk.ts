import { createStore } from "zustand/vanilla";
import { fromPlain } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Archive, SeriesFound, StudyFound } from "../../io/dicomweb/archive.ts";
import type { Collection } from "../../io/dicomweb/collection.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules/nodules.ts";
import type { RegionsMeaning } from "../../io/marks/regions-of-file.ts";
import type { CaseId } from "../app/identity.ts";
import type { Intent } from "../app/intent.ts";
import { tell } from "../app/notices.ts";
import { openSheet } from "../app/places.ts";
import type { Ports } from "../app/ports.ts";
import type { StateStore } from "../app/store.ts";
import { expectSlice } from "../cases/catalogue.ts";
import type { Opening } from "../cases/open.ts";
import { Asking } from "./asking.ts";
import type { ArchiveSite, DeskState } from "./desk-state.ts";
import type { ArchiveLink } from "./link.ts";
import { type Looked, lookAtSeries } from "./look-at-series.ts";
import { frameNamed, isSite, noduleNamed, seriesNamed, siteOf } from "./named-in-link.ts";
import { type CaseOrigin, SeriesOpened } from "./series-opened.ts";

/** Studies on a page of the list. */
const STUDIES_A_PAGE = 25;
/** Patients of a collection on a page: each is asked for its series. */
const PATIENTS_A_PAGE = 10;

/**
 * Looking into an archive: studies, a study's series, a series with its nodules, and opening it. What was asked last counts;
 * a failure leaves what stands there. Nothing is asked before a person asks.
 */
export class ArchiveDesk {
  readonly store;
  private readonly page: StateStore;
  private readonly asking: Asking;
  private readonly opened: SeriesOpened;
  private looked: Looked | null = null;

  constructor(
    page: StateStore,
    { archives, archiveTransport }: Pick<Ports, "archives" | "archiveTransport">,
    opening: Pick<Opening, "openStack">,
  ) {
    this.page = page;
    this.store = createStore<DeskState>(() => ({
      sites: archives,
      site: archives[0] ?? null,
      query: { patient: "", date: "", modality: "", description: "" },
      page: 0,
      studies: null,
      collection: null,
      study: null,
      series: null,
      viewed: null,
      doing: null,
      setback: null,
    }));
    this.asking = new Asking(this.store, archiveTransport);
    this.opened = new SeriesOpened(page, opening, this.store);
  }

  chooseSite(site: ArchiveSite): void {
    this.asking.leave();
    this.store.setState({ site, studies: null, collection: null, study: null, series: null, viewed: null, page: 0 });
  }

  ask(change: Partial<DeskState["query"]>): void {
    this.store.setState(({ query }) => ({ query: { ...query, ...change } }));
  }

  /** A page of the studies that answer the query, from 0. */
  search(page = 0): Promise<void> {
    return this.asking.run(say`Searching`, async (archive, signal) => {
      const studies = await archive.studies(this.store.getState().query, page * STUDIES_A_PAGE, STUDIES_A_PAGE, {
        signal,
      });
      this.store.setState({ studies, page, collection: null, study: null, series: null, viewed: null });
    });
  }

  /** A page of a collection's patients with their nodules, from 0. */
  list(collection: Collection, page = 0): Promise<void> {
    return this.asking.run(say`Listing ${collection.name}`, async (archive, signal) => {
      const { studiesOfCollection } = await import("../../io/dicomweb/collection.ts");
      const studies = await studiesOfCollection(archive, collection, page, PATIENTS_A_PAGE, { signal });
      this.store.setState({ studies, page, collection, study: null, series: null, viewed: null });
    });
  }

  /** Another page of what stands there. */
  turnTo(page: number): Promise<void> {
    const { collection } = this.store.getState();
    return collection ? this.list(collection, page) : this.search(page);
  }

  openStudy(study: StudyFound): Promise<void> {
    return this.asking.run(say`Reading the study`, async (archive, signal) => {
      const series = await archive.series(study.study, { signal });
      this.store.setState({ study, series, viewed: null });
    });
  }

  /** Looks at a series: its middle slice, and the nodules that readers marked on it. */
  look(found: SeriesFound): Promise<void> {
    return this.asking.run(say`Reading the series`, async (archive, signal) => {
      await this.lookAt(found, archive, signal);
    });
  }

  private async lookAt(found: SeriesFound, archive: Archive, signal: AbortSignal): Promise<Looked | null> {
    const looked = await lookAtSeries(archive, found, this.store.getState().series ?? [], signal);
    if (signal.aborted) return null;
    this.looked = looked;
    this.store.setState({ viewed: looked.seen });
    return looked;
  }

  /** What the regions of an RTSTRUCT are: graders of one nodule, or nodules of one grader. */
  takeRegions(regions: RegionsMeaning): void {
    const { viewed } = this.store.getState();
    if (!viewed || !this.looked || viewed.regions === null) return;
    this.store.setState({ viewed: { ...viewed, regions, nodules: this.looked.nodules(regions) } });
  }

  /** Goes back to what stood there before: the series of the study, the studies. */
  back(): void {
    this.asking.leave();
    this.store.setState(({ viewed }) => (viewed ? { viewed: null } : { study: null, series: null }));
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
    await this.asking.run(nodule ? say`Reading ${nodule.name}` : say`Opening the series`, async (_, signal) => {
      opened = await this.opened.open(looked, { nodule, readBy }, signal);
    });
    return opened;
  }

  /**
   * Opens what a link names, where whoever serves the page allows such links: series, nodule and picture. `own` and `intent`
   * are what it says of the slice and the view. Where it cannot be opened, the sentence says why, and what can be tried is
   * offered.
   */
  async follow(link: ArchiveLink, own: string, intent: Partial<Intent>): Promise<void> {
    const site = siteOf(link, this.store.getState().sites);
    if (!isSite(site)) return tell(this.page, "alert", site);
    this.chooseSite(site);
    let opened = false;
    await this.asking.run(say`Opening what the link names`, async (archive, signal) => {
      const [{ found: studies }, series] = await Promise.all([
        archive.studies({ study: link.study }, 0, 1, { signal }),
        archive.series(link.study, { signal }),
      ]);
      this.store.setState({ study: studies[0] ?? null, series });
      const looked = await this.lookAt(seriesNamed(link, series, archive), archive, signal);
      if (!looked) return;
      const nodule = noduleNamed(link, looked);
      const start = frameNamed(link, looked);
      expectSlice(this.page, own, start === undefined ? intent : { ...intent, frame: start });
      opened = await this.opened.open(looked, { nodule, readBy: link.readBy, start }, signal);
      if (opened) openSheet(this.page, null);
    });
    const { setback } = this.store.getState();
    if (opened || !setback) return;
    tell(this.page, "alert", say`The link could not be followed. ${fromPlain(setback).sentence}`);
    openSheet(this.page, "archive");
  }

  /** Slices that are not here yet come when somebody goes there. */
  cancelLoading(): void {
    this.opened.cancelLoading();
  }

  /** Gives up what is being asked; what stands there stays. */
  cancel(): void {
    this.asking.cancel();
  }

  /** Tries again what failed last. */
  retry(): Promise<void> {
    return this.asking.retry();
  }

  /** Name and password, in memory alone, and what was refused is asked again. */
  logIn(user: string, password: string): Promise<void> {
    return this.asking.logIn(user, password);
  }

  /** Where a case came from; null where it did not come from an archive. */
  originOf(id: CaseId): CaseOrigin | null {
    return this.opened.originOf(id);
  }

  dispose(): void {
    this.cancel();
    this.cancelLoading();
  }
}
