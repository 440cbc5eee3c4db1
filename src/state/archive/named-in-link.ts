import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Archive, SeriesFound } from "../../io/dicomweb/archive.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules/nodules.ts";
import type { ArchiveSite } from "./desk-state.ts";
import type { ArchiveLink } from "./link.ts";
import type { Looked } from "./look-at-series.ts";

/** What a link names, found among what the page and the archive have. */

/** The archive that a link is about; a sentence where the page may open none. */
export function siteOf({ host }: ArchiveLink, sites: readonly ArchiveSite[]): ArchiveSite | Text {
  const about = say`This link names a series in an archive`;
  if (sites.length === 0) {
    return say`${about}, and this page has none: start it with npm start -- --dicomweb ADDRESS --link-archive.`;
  }
  const site = host === null ? sites[0] : sites.find((one) => one.host === host);
  if (!site) return say`${about} that this page may not ask: ${host ?? ""}. Find the series through Archive.`;
  if (!site.links) return say`${about}, and whoever serves this page allows no such links. Find it through Archive.`;
  return site;
}

export function isSite(found: ArchiveSite | Text): found is ArchiveSite {
  return typeof found === "object" && "base" in found;
}

/** @throws GraderspaceError ArchiveNotFound where the study does not have it */
export function seriesNamed(link: ArchiveLink, ofStudy: readonly SeriesFound[], archive: Archive): SeriesFound {
  const found = ofStudy.find((one) => one.series === link.series);
  if (!found) throw notThere(archive.host, say`the series that the link names`);
  return found;
}

/**
 * Null where the link names none.
 * @throws GraderspaceError ArchiveNotFound where the series does not have it
 */
export function noduleNamed(link: ArchiveLink, { seen, nodules, archive }: Looked): ArchiveNodule | null {
  const nodule = [...seen.nodules, ...nodules("file")].find(({ key }) => key === link.nodule) ?? null;
  if (link.nodule !== null && !nodule) throw notThere(archive.host, say`the nodule that the link names`);
  return nodule;
}

/** The frame with the picture that the link names, from 0; undefined where it names none that the series has. */
export function frameNamed({ sop }: ArchiveLink, { series: { stack } }: Looked): number | undefined {
  const all = Array.from({ length: stack.frames }, (_, frame) => frame);
  return all.find((frame) => stack.place(frame).sopInstanceUid === sop);
}

function notThere(file: string, what: Text): GraderspaceError {
  const remedy = say`search it through Archive; it may have been moved or removed`;
  return new GraderspaceError("ArchiveNotFound", { file, problem: say`it does not have ${what}`, remedy });
}
