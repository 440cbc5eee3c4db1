/** What a link says of an archive: identifiers all of them, so that only a host that allows it has such links. */
export interface ArchiveLink {
  /** Which of the page's archives, where it has several. */
  readonly host: string | null;
  readonly study: string;
  readonly series: string;
  /** SOP Instance UID of the picture on the screen; null: the first one that is shown. */
  readonly sop: string | null;
  /** `ArchiveNodule.key`; null: the series alone. */
  readonly nodule: string | null;
  /** How many people are said to have read the series; null: not known. */
  readonly readBy: number | null;
}

const UID = /^[0-9.]{1,64}$/;
/** "file " or "region " before a UID or label of 64 letters. */
const LONGEST_KEY = 80;
/** Readers that a person may name. */
const MOST_READERS = 20;

/** "&study=…&series=…&sop=…&nodule=…", for the end of an address's hash. */
export function archiveWords({ host, study, series, sop, nodule, readBy }: ArchiveLink): string {
  const words: readonly (readonly [string, string | null])[] = [
    ["archive", host],
    ["study", study],
    ["series", series],
    ["sop", sop],
    ["nodule", nodule],
    ["readers", readBy === null ? null : String(readBy)],
  ];
  return words.flatMap(([key, value]) => (value === null ? [] : [`&${key}=${encodeURIComponent(value)}`])).join("");
}

/** What a hash says of an archive; null where it names no study and series, or something else under their names. */
export function archiveLinkIn(hash: string): ArchiveLink | null {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const uid = (key: string): string | null => {
    const text = words.get(key) ?? "";
    return UID.test(text) ? text : null;
  };
  const [study, series] = [uid("study"), uid("series")];
  if (study === null || series === null) return null;
  const readers = words.get("readers") ?? "";
  return {
    host: words.get("archive") || null,
    study,
    series,
    sop: uid("sop"),
    nodule: words.get("nodule")?.slice(0, LONGEST_KEY) || null,
    readBy: /^\d{1,2}$/.test(readers) ? Math.min(MOST_READERS, Number(readers)) : null,
  };
}
