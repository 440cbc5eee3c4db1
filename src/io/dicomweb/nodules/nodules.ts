import type { RegionsMeaning } from "../../marks/regions-of-file.ts";
import type { FoundMarks, FoundSegment, MarksOfSeries } from "./found-marks.ts";
import type { ReportedFinding } from "./reported-findings.ts";

/** Who marked a nodule: one segment of one file, numbered within the nodule alone. */
export interface NoduleReader {
  /** "Reader 1"; the file's own label where one file holds them all. */
  readonly name: string;
  readonly file: FoundMarks;
  readonly segment: FoundSegment;
  readonly reported: ReportedFinding | null;
}

export interface ArchiveNodule {
  /** What tells it from the others of its series: its tracking UID, else its name, else its file. */
  readonly key: string;
  readonly name: string;
  readonly readers: readonly NoduleReader[];
  /** The pictures that any of them marks, as `FoundSegment.sops`. */
  readonly sops: readonly string[];
}

/**
 * Marks as nodules with their readers: segments of one TrackingUniqueIdentifier belong together; without one, those
 * whose label begins alike ("Nodule 1 - Annotation 4"), else those of one file. LIDC's readers have no identity beyond
 * a nodule: "Reader 1" of one is not that of another. What a program made is no reader's.
 * @param regions what the regions of one RTSTRUCT are: a grader each of one nodule, or nodules that the file's one author
 *   drew; then regions of one name are one nodule in all files
 */
export function nodulesOf({ marks, findings }: MarksOfSeries, regions: RegionsMeaning = "graders"): ArchiveNodule[] {
  const groups = new Map<string, { readonly file: FoundMarks; readonly segment: FoundSegment }[]>();
  for (const file of marks) {
    for (const segment of file.segments.filter(({ automatic }) => !automatic)) {
      const key = segment.trackingUid ?? nameIn(segment.label) ?? keyOf(file, segment, regions);
      groups.set(key, [...(groups.get(key) ?? []), { file, segment }]);
    }
  }
  const nodules = [...groups].map(([key, members]): ArchiveNodule => {
    const sorted = members.sort((a, b) => inOrder(a.segment.label, b.segment.label));
    const files = new Set(sorted.map(({ file }) => file));
    const readers = sorted.map(({ file, segment }, i) => ({
      name: files.size === 1 && sorted.length > 1 ? segment.label : `Reader ${i + 1}`,
      file,
      segment,
      reported: reportOf(findings, file, segment, sorted.length),
    }));
    return { key, name: nameOf(sorted), readers, sops: [...new Set(sorted.flatMap(({ segment }) => segment.sops))] };
  });
  return nodules.sort((a, b) => inOrder(a.name, b.name));
}

function keyOf(file: FoundMarks, { label }: FoundSegment, regions: RegionsMeaning): string {
  return file.kind === "RTSTRUCT" && regions === "file" ? `region ${label}` : `file ${file.address.sop}`;
}

/** Whether an RTSTRUCT has several regions, so that `regions` of `nodulesOf` is a question. */
export function asksOfRegions({ marks }: MarksOfSeries): boolean {
  return marks.some(({ kind, segments }) => kind === "RTSTRUCT" && segments.length > 1);
}

/** By the segment that it names; by the lesion alone only where one reader marked it. */
function reportOf(
  findings: readonly ReportedFinding[],
  { address }: FoundMarks,
  { number, trackingUid }: FoundSegment,
  readers: number,
): ReportedFinding | null {
  const measured = findings.find(({ segment }) => segment?.sop === address.sop && segment.number === number);
  if (measured) return measured;
  const about = findings.filter((one) => one.trackingUid !== null && one.trackingUid === trackingUid);
  return readers === 1 && about.length === 1 ? (about[0] ?? null) : null;
}

function nameIn(label: string): string | null {
  return /^(.+?)\s+-\s+annotation\b/i.exec(label)?.[1] ?? null;
}

function nameOf(members: readonly { readonly file: FoundMarks; readonly segment: FoundSegment }[]): string {
  const [first] = members;
  if (!first) return "";
  const { label, trackingId } = first.segment;
  const alike = members.every(({ segment }) => segment.label === label);
  return nameIn(label) ?? trackingId ?? (alike ? label : first.file.description || first.file.kind);
}

function inOrder(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
