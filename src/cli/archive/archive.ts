import { GraderspaceError } from "../../core/errors.ts";
import { inEnglish } from "../../core/language/say.ts";
import type { Archive } from "../../io/dicomweb/archive.ts";
import { studiesOfCollection } from "../../io/dicomweb/collection.ts";
import idc from "../../io/dicomweb/idc.json" with { type: "json" };
import { marksOfSeries } from "../../io/dicomweb/nodules/found-marks.ts";
import { nodulesOf } from "../../io/dicomweb/nodules/nodules.ts";
import { openArchiveSeries } from "../../io/dicomweb/series-stack.ts";
import { readArguments } from "../arguments.ts";
import { archiveAt } from "./archive-address.ts";

const SEARCHED = ["patient", "date", "modality", "description"] as const;
const STUDIES_A_PAGE = 25;
const PATIENTS_A_PAGE = 10;

/**
 * `archive --server URL [--collection LIDC-IDRI] [--patient TEXT] [--date YYYYMMDD[-YYYYMMDD]] [--modality CT] [--description TEXT] [--page 1]`: studies;
 * with `--collection` a public collection's, with their nodules; with `--study UID` its series; with `--series UID` too, what readers marked on that series, nodule by nodule.
 */
export async function archive(words: readonly string[]): Promise<object> {
  const args = readArguments(words, {
    positionals: [],
    options: ["server", ...SEARCHED, "page", "collection", "study", "series"],
  });
  const page = args.whole("page", 1, 1, 1e6);
  const [study, series] = [args.text("study"), args.text("series")];
  const opened = archiveAt(args.text("server"));
  if (study === undefined) {
    if (series !== undefined) {
      throw new GraderspaceError("BadArgument", { problem: "--series needs --study", remedy: "give both" });
    }
    const named = args.text("collection");
    if (named !== undefined) {
      const collection = idc.collections.find(({ name }) => name === named);
      const remedy = `give one of ${idc.collections.map(({ name }) => name).join(", ")}`;
      if (!collection) throw new GraderspaceError("BadArgument", { problem: `--collection is "${named}"`, remedy });
      const { found, more } = await studiesOfCollection(opened, collection, page - 1, PATIENTS_A_PAGE);
      return { collection: named, studies: found, page, more };
    }
    const query = Object.fromEntries(SEARCHED.map((name) => [name, args.text(name) ?? ""]));
    const { found, more } = await opened.studies(query, (page - 1) * STUDIES_A_PAGE, STUDIES_A_PAGE);
    return { studies: found, page, more };
  }
  if (series === undefined) return { series: await opened.series(study) };
  return nodulesIn(opened, study, series);
}

async function nodulesIn(opened: Archive, study: string, series: string): Promise<object> {
  const [{ stack, frameOfReference }, all] = await Promise.all([
    openArchiveSeries(opened, { study, series }),
    opened.series(study),
  ]);
  const found = await marksOfSeries(opened, { study, series }, frameOfReference, all);
  const nodules = nodulesOf(found).map(({ name, readers, sops }) => ({
    name,
    slices: sops.length,
    readers: readers.map((reader) => ({
      name: reader.name,
      label: reader.segment.label,
      marks: `dicomweb:${study}/${reader.file.address.series}`,
      kind: reader.file.kind,
      by: reader.file.by,
      volume_mm3: reader.reported?.volumeMm3 ?? null,
      diameter_mm: reader.reported?.diameterMm ?? null,
      ratings: reader.reported?.ratings ?? {},
    })),
  }));
  return { frames: stack.frames, nodules, notes: [...stack.notes, ...found.notes].map(inEnglish) };
}
