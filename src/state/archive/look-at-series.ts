import type { Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { Archive, SeriesFound } from "../../io/dicomweb/archive.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules/nodules.ts";
import type { ArchiveSeries } from "../../io/dicomweb/series-stack.ts";
import type { RegionsMeaning } from "../../io/marks/regions-of-file.ts";
import { sentenceOf } from "../app/notices.ts";
import type { SeriesSeen } from "./desk-state.ts";

/** A series that was looked at, as it is opened. */
export interface Looked {
  readonly found: SeriesFound;
  readonly archive: Archive;
  readonly series: ArchiveSeries;
  readonly seen: SeriesSeen;
  nodules(regions: RegionsMeaning): readonly ArchiveNodule[];
}

/** A series' middle slice, and the nodules that readers marked on it. `ofStudy`: all series of its study. */
export async function lookAtSeries(
  archive: Archive,
  found: SeriesFound,
  ofStudy: readonly SeriesFound[],
  signal: AbortSignal,
): Promise<Looked> {
  const [{ openArchiveSeries }, { marksOfSeries }, { asksOfRegions, nodulesOf }] = await Promise.all([
    import("../../io/dicomweb/series-stack.ts"),
    import("../../io/dicomweb/nodules/found-marks.ts"),
    import("../../io/dicomweb/nodules/nodules.ts"),
  ]);
  const series = await openArchiveSeries(archive, found, { signal });
  const marks = await marksOfSeries(archive, found, series.frameOfReference, ofStudy, { signal });
  const preview = await series.stack.slice(series.stack.start).catch((error: unknown) => sentenceOf(error));
  const unread = isSlice(preview) ? [] : [preview];
  const nodules = (regions: RegionsMeaning) => nodulesOf(marks, regions);
  const seen: SeriesSeen = {
    series: found,
    frames: series.stack.frames,
    preview: isSlice(preview) ? preview : null,
    nodules: nodules("graders"),
    regions: asksOfRegions(marks) ? "graders" : null,
    notes: [...series.stack.notes, ...marks.notes, ...unread],
  };
  return { found, archive, series, seen, nodules };
}

function isSlice(found: Slice | Text): found is Slice {
  return typeof found === "object" && "width" in found;
}
