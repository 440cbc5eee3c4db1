import type { PlainError } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import type { Page, SeriesFound, StudyFound, StudyQuery } from "../../io/dicomweb/archive.ts";
import type { Collection, StudyOfCollection } from "../../io/dicomweb/collection.ts";
import type { ArchiveNodule } from "../../io/dicomweb/nodules/nodules.ts";
import type { RegionsMeaning } from "../../io/marks/regions-of-file.ts";

/** An archive that this page may ask. */
export interface ArchiveSite {
  /** Base address of its DICOMweb service. */
  readonly base: string;
  /** Who answers in the end, for people. */
  readonly host: string;
  /** Another way to its files, as an imperative clause. */
  readonly instead?: string;
  /** Public collections that it holds. */
  readonly collections?: readonly Collection[];
  /** Whether a link may name studies, series and pictures of it: off unless whoever serves the page says so. */
  readonly links?: boolean;
}

/** A series that was looked at: how it looks, and what readers left of it. */
export interface SeriesSeen {
  readonly series: SeriesFound;
  readonly frames: number;
  /** The middle slice; null where it could not be read, which `notes` say. */
  readonly preview: Slice | null;
  readonly nodules: readonly ArchiveNodule[];
  /** What the regions of an RTSTRUCT of several are taken for; null where there is none. */
  readonly regions: RegionsMeaning | null;
  readonly notes: readonly Text[];
}

/** What a person looks for in an archive, and what was found. */
export interface DeskState {
  readonly sites: readonly ArchiveSite[];
  /** Which of them is asked. */
  readonly site: ArchiveSite | null;
  readonly query: Required<Pick<StudyQuery, "patient" | "date" | "modality" | "description">>;
  /** Page of `studies`, from 0. */
  readonly page: number;
  readonly studies: Page<StudyFound & Partial<Pick<StudyOfCollection, "nodules">>> | null;
  /** The collection that `studies` are of; null: what was searched. */
  readonly collection: Collection | null;
  readonly study: StudyFound | null;
  readonly series: readonly SeriesFound[] | null;
  readonly viewed: SeriesSeen | null;
  /** What is being asked, for people; null: nothing. */
  readonly doing: Text | null;
  readonly setback: PlainError | null;
}
