import type { StoreApi } from "zustand/vanilla";
import { say, type Text } from "../../core/language/say.ts";
import type { Archive } from "../../io/dicomweb/archive.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules/nodules.ts";
import type { CaseId } from "../app/identity.ts";
import type { StateStore } from "../app/store.ts";
import type { Opening } from "../cases/open.ts";
import type { DeskState } from "./desk-state.ts";
import type { ArchiveLink } from "./link.ts";
import type { Looked } from "./look-at-series.ts";
import { SlicesComing } from "./slices-coming.ts";

/** Where a case that is open came from. */
export interface CaseOrigin {
  readonly archive: Archive;
  readonly study: string;
  /** Whose study it is, for people. */
  readonly patient: Text;
  /** As a link names it, but for the picture on the screen; null where the host allows no such link. */
  readonly link: Omit<ArchiveLink, "sop"> | null;
}

/** What of a series that was looked at is opened. */
interface Wanted {
  /** Null: the series without any. */
  readonly nodule: ArchiveNodule | null;
  /** How many people are said to have read it; null: not known. */
  readonly readBy: number | null;
  /** The frame that is shown first; else the stack's own. */
  readonly start?: number | undefined;
}

/** Series that became cases: where each came from, and the slices of the last one on their way. */
export class SeriesOpened {
  private readonly opening: Pick<Opening, "openStack">;
  private readonly desk: Pick<StoreApi<DeskState>, "getState">;
  private readonly coming: SlicesComing;
  private readonly origins = new Map<CaseId, CaseOrigin>();

  constructor(page: StateStore, opening: Pick<Opening, "openStack">, desk: Pick<StoreApi<DeskState>, "getState">) {
    this.opening = opening;
    this.desk = desk;
    this.coming = new SlicesComing(page);
  }

  /** True where it is on the screen. */
  async open({ archive, series, found }: Looked, { nodule, readBy, start }: Wanted, signal: AbortSignal) {
    const { openNodule } = await import("../../io/dicomweb/nodules/open-nodule.ts");
    const all = Array.from({ length: series.stack.frames }, (_, frame) => frame);
    const plain = { stack: series.stack, frames: all };
    const { stack, frames } = nodule ? await openNodule(archive, series, nodule, readBy, { signal }) : plain;
    const shown = start === undefined ? stack : { ...stack, start };
    const became = await this.opening.openStack(shown, say`Fetching the first slice`);
    if (became === null) return false;
    const { study, site, sites } = this.desk.getState();
    const patient = study?.patientName || study?.patientId || say`this patient`;
    const host = sites.length > 1 ? (site?.host ?? null) : null;
    const place = { host, study: found.study, series: found.series };
    const link = site?.links ? { ...place, nodule: nodule?.key ?? null, readBy } : null;
    this.origins.set(became, { archive, study: found.study, patient, link });
    void this.coming.fetch(archive, series, frames, became);
    return true;
  }

  /** Where a case came from; null where it did not come from an archive. */
  originOf(id: CaseId): CaseOrigin | null {
    return this.origins.get(id) ?? null;
  }

  /** Slices that are not here yet come when somebody goes there. */
  cancelLoading(): void {
    this.coming.cancel();
  }
}
