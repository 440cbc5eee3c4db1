import { createStore } from "zustand/vanilla";
import { fromPlain, GraderspaceError, isAbort, toPlain } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { Archive, SeriesFound, StudyFound } from "../../io/dicomweb/archive.ts";
import type { Collection } from "../../io/dicomweb/collection.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules/nodules.ts";
import type { ArchiveSeries } from "../../io/dicomweb/series-stack.ts";
import type { RegionsMeaning } from "../../io/marks/regions-of-file.ts";
import type { CaseId } from "../app/identity.ts";
import type { Intent } from "../app/intent.ts";
import { sentenceOf, tell } from "../app/notices.ts";
import { openSheet } from "../app/places.ts";
import type { Ports } from "../app/ports.ts";
import type { StateStore } from "../app/store.ts";
import { expectSlice } from "../cases/catalogue.ts";
import type { Opening } from "../cases/open.ts";
import type { ArchiveSite, DeskState, SeriesSeen } from "./desk-state.ts";
import type { ArchiveLink } from "./link.ts";
import { SlicesComing } from "./slices-coming.ts";

/** Studies on a page of the list. */
const STUDIES_A_PAGE = 25;
/** Patients of a collection on a page: each is asked for its series. */
const PATIENTS_A_PAGE = 10;

/** Where a case that is open came from. */
export interface CaseOrigin {
  readonly archive: Archive;
  readonly study: string;
  /** Whose study it is, for people. */
  readonly patient: Text;
  /** As a link names it, but for the picture on the screen; null where the host allows no such link. */
  readonly link: Omit<ArchiveLink, "sop"> | null;
}

/** A series that was looked at, as it is opened. */
interface Looked {
  readonly found: SeriesFound;
  readonly archive: Archive;
  readonly series: ArchiveSeries;
  nodules(regions: RegionsMeaning): readonly ArchiveNodule[];
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
  private readonly coming: SlicesComing;
  private last: (() => Promise<void>) | null = null;
  private looked: Looked | null = null;

  constructor(
    page: StateStore,
    { archives, archiveTransport }: Pick<Ports, "archives" | "archiveTransport">,
    opening: Pick<Opening, "openStack">,
  ) {
    this.page = page;
    this.transport = archiveTransport;
    this.opening = opening;
    this.coming = new SlicesComing(page);
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
  }

  chooseSite(site: ArchiveSite): void {
    this.cancel();
    this.store.setState({
      site,
      studies: null,
      collection: null,
      study: null,
      series: null,
      viewed: null,
      setback: null,
      page: 0,
    });
  }

  ask(change: Partial<DeskState["query"]>): void {
    this.store.setState(({ query }) => ({ query: { ...query, ...change } }));
  }

  /** A page of the studies that answer the query, from 0. */
  search(page = 0): Promise<void> {
    return this.run(say`Searching`, async (archive, signal) => {
      const studies = await archive.studies(this.store.getState().query, page * STUDIES_A_PAGE, STUDIES_A_PAGE, {
        signal,
      });
      this.store.setState({ studies, page, collection: null, study: null, series: null, viewed: null });
    });
  }

  /** A page of a collection's patients with their nodules, from 0. */
  list(collection: Collection, page = 0): Promise<void> {
    return this.run(say`Listing ${collection.name}`, async (archive, signal) => {
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
    return this.run(say`Reading the study`, async (archive, signal) => {
      const series = await archive.series(study.study, { signal });
      this.store.setState({ study, series, viewed: null });
    });
  }

  /** Looks at a series: its middle slice, and the nodules that readers marked on it. */
  look(found: SeriesFound): Promise<void> {
    return this.run(say`Reading the series`, async (archive, signal) => {
      await this.lookAt(found, archive, signal);
    });
  }

  private async lookAt(found: SeriesFound, archive: Archive, signal: AbortSignal): Promise<SeriesSeen | null> {
    const [{ openArchiveSeries }, { marksOfSeries }, { asksOfRegions, nodulesOf }] = await Promise.all([
      import("../../io/dicomweb/series-stack.ts"),
      import("../../io/dicomweb/nodules/found-marks.ts"),
      import("../../io/dicomweb/nodules/nodules.ts"),
    ]);
    const asked = { signal };
    const series = await openArchiveSeries(archive, found, asked);
    const all = this.store.getState().series ?? [];
    const marks = await marksOfSeries(archive, found, series.frameOfReference, all, asked);
    const preview = await series.stack.slice(series.stack.start).catch((error: unknown) => sentenceOf(error));
    if (signal.aborted) return null;
    const nodules = (regions: RegionsMeaning) => nodulesOf(marks, regions);
    this.looked = { found, archive, series, nodules };
    const unread = isSlice(preview) ? [] : [preview];
    const viewed: SeriesSeen = {
      series: found,
      frames: series.stack.frames,
      preview: isSlice(preview) ? preview : null,
      nodules: nodules("graders"),
      regions: asksOfRegions(marks) ? "graders" : null,
      notes: [...series.stack.notes, ...marks.notes, ...unread],
    };
    this.store.setState({ viewed });
    return viewed;
  }

  /** What the regions of an RTSTRUCT are: graders of one nodule, or nodules of one grader. */
  takeRegions(regions: RegionsMeaning): void {
    const { viewed } = this.store.getState();
    if (!viewed || !this.looked || viewed.regions === null) return;
    this.store.setState({ viewed: { ...viewed, regions, nodules: this.looked.nodules(regions) } });
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
    await this.run(nodule ? say`Reading ${nodule.name}` : say`Opening the series`, async (_, signal) => {
      opened = await this.openSeries(looked, nodule, readBy, signal);
    });
    return opened;
  }

  private async openSeries(
    { archive, series, found }: Looked,
    nodule: ArchiveNodule | null,
    readBy: number | null,
    signal: AbortSignal,
    start?: number,
  ): Promise<boolean> {
    const { openNodule } = await import("../../io/dicomweb/nodules/open-nodule.ts");
    const all = Array.from({ length: series.stack.frames }, (_, frame) => frame);
    const plain = { stack: series.stack, frames: all };
    const { stack, frames } = nodule ? await openNodule(archive, series, nodule, readBy, { signal }) : plain;
    const shown = start === undefined ? stack : { ...stack, start };
    const became = await this.opening.openStack(shown, say`Fetching the first slice`);
    if (became === null) return false;
    const { study, site, sites } = this.store.getState();
    const patient = study?.patientName || study?.patientId || say`this patient`;
    const host = sites.length > 1 ? (site?.host ?? null) : null;
    const place = { host, study: found.study, series: found.series };
    const link = site?.links ? { ...place, nodule: nodule?.key ?? null, readBy } : null;
    this.origins.set(became, { archive, study: found.study, patient, link });
    void this.coming.fetch(archive, series, frames, became);
    return true;
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
    await this.run(say`Opening what the link names`, async (archive, signal) => {
      const [{ found: studies }, series] = await Promise.all([
        archive.studies({ study: link.study }, 0, 1, { signal }),
        archive.series(link.study, { signal }),
      ]);
      this.store.setState({ study: studies[0] ?? null, series });
      const found = series.find((one) => one.series === link.series);
      if (!found) throw notThere(archive.host, say`the series that the link names`);
      const seen = await this.lookAt(found, archive, signal);
      const { looked } = this;
      if (!seen || !looked) return;
      const nodule = [...seen.nodules, ...looked.nodules("file")].find(({ key }) => key === link.nodule) ?? null;
      if (link.nodule !== null && !nodule) throw notThere(archive.host, say`the nodule that the link names`);
      const { stack } = looked.series;
      const all = Array.from({ length: stack.frames }, (_, frame) => frame);
      const start = all.find((frame) => stack.place(frame).sopInstanceUid === link.sop);
      expectSlice(this.page, own, start === undefined ? intent : { ...intent, frame: start });
      opened = await this.openSeries(looked, nodule, link.readBy, signal, start);
      if (opened) openSheet(this.page, null);
    });
    const { setback } = this.store.getState();
    if (opened || !setback) return;
    tell(this.page, "alert", say`The link could not be followed. ${fromPlain(setback).sentence}`);
    openSheet(this.page, "archive");
  }

  /** Slices that are not here yet come when somebody goes there. */
  cancelLoading(): void {
    this.coming.cancel();
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

  private async run(what: Text, work: (archive: Archive, signal: AbortSignal) => Promise<void>): Promise<void> {
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

/** The archive that a link is about; a sentence where the page may open none. */
function siteOf({ host }: ArchiveLink, sites: readonly ArchiveSite[]): ArchiveSite | Text {
  const about = say`This link names a series in an archive`;
  if (sites.length === 0) {
    return say`${about}, and this page has none: start it with npm start -- --dicomweb ADDRESS --link-archive.`;
  }
  const site = host === null ? sites[0] : sites.find((one) => one.host === host);
  if (!site) return say`${about} that this page may not ask: ${host ?? ""}. Find the series through Archive.`;
  if (!site.links) return say`${about}, and whoever serves this page allows no such links. Find it through Archive.`;
  return site;
}

function isSite(found: ArchiveSite | Text): found is ArchiveSite {
  return typeof found === "object" && "base" in found;
}

function isSlice(found: Slice | Text): found is Slice {
  return typeof found === "object" && "width" in found;
}

function notThere(file: string, what: Text): GraderspaceError {
  const remedy = say`search it through Archive; it may have been moved or removed`;
  return new GraderspaceError("ArchiveNotFound", { file, problem: say`it does not have ${what}`, remedy });
}
