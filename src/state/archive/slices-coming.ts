import { isAbort } from "../../core/errors.ts";
import { say, sayCount } from "../../core/language/say.ts";
import type { Archive } from "../../io/dicomweb/archive.ts";
import type { ArchiveSeries } from "../../io/dicomweb/series-stack.ts";
import type { CaseId } from "../app/identity.ts";
import { sentenceOf, tell } from "../app/notices.ts";
import type { StateStore } from "../app/store.ts";
import { hideJob, showJob } from "../app/work/tasks.ts";

/** Slices of the case that was opened last, on their way: nearest to the one on the screen first. */
export class SlicesComing {
  private readonly page: StateStore;
  private loading: AbortController | null = null;

  constructor(page: StateStore) {
    this.page = page;
  }

  async fetch(archive: Archive, series: ArchiveSeries, frames: readonly number[], id: CaseId): Promise<void> {
    const mine = new AbortController();
    this.loading?.abort();
    this.loading = mine;
    const show = (done: number) => {
      if (this.loading !== mine) return;
      const what = say`Fetching slices: ${done} of ${frames.length}`;
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
      const later = say`asked for again when you go there`;
      if (failed.length > 0) {
        const which = sayCount(failed.length, { one: "# slice", other: "# slices" });
        tell(
          this.page,
          "alert",
          say`${which} of ${frames.length} could not be fetched, and will be ${later}. ${sentenceOf(problem)}`,
        );
      } else if (left > 0) tell(this.page, "status", say`The other ${left} slices are fetched when you go there.`);
    } catch (error) {
      if (!isAbort(error)) tell(this.page, "alert", sentenceOf(error));
    }
    if (this.loading === mine) {
      this.loading = null;
      hideJob(this.page, "archive");
    }
  }

  /** Slices that are not here yet come when somebody goes there. */
  cancel(): void {
    this.loading?.abort();
    this.loading = null;
    hideJob(this.page, "archive");
  }
}
