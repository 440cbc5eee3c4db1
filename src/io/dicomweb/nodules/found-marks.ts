import { GraderspaceError, isAbort } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import type { Archive, InstanceAddress, SeriesFound } from "../archive.ts";
import type { JsonDataset } from "../dicom-json.ts";
import type { Asked } from "../transport.ts";
import { type ReportedFinding, reportedFindings } from "./reported-findings.ts";

const MANUFACTURER = 0x00080070;

/** One segment of a SEG, or one structure of an RTSTRUCT. */
export interface FoundSegment {
  /** From 0, in the file's order. */
  readonly index: number;
  /** As the file numbers it. */
  readonly number: number;
  readonly label: string;
  /** Names the lesion in all objects about it; null where the file does not. */
  readonly trackingUid: string | null;
  readonly trackingId: string | null;
  /** Whether a program made it: then it is no reader's. */
  readonly automatic: boolean;
  /** SOP Instance UIDs of the pictures that it marks, as far as they are named; "UID#3" for the third of a file's frames. */
  readonly sops: readonly string[];
}

/** An object of the study in which graders' marks of a series are. */
export interface FoundMarks {
  readonly kind: "SEG" | "RTSTRUCT";
  readonly address: InstanceAddress;
  readonly description: string;
  /** Whether it names the series, or lies in its frame of reference alone. */
  readonly by: "reference" | "frame of reference";
  readonly segments: readonly FoundSegment[];
}

/** What graders left of a series in its study. */
export interface MarksOfSeries {
  readonly marks: readonly FoundMarks[];
  /** What structured reports say of them. */
  readonly findings: readonly ReportedFinding[];
  /** What could not be looked at, as sentences. */
  readonly notes: readonly Text[];
}

/**
 * SEG, RTSTRUCT and SR of the study that name the series, else lie in its frame of reference, from their metadata alone.
 * One that cannot be read is said and does not end the others. What this program stored is left out, which is said: its
 * graders are copies of readers who are there already, and its samples are no reader's.
 * @throws as `ArchiveWire.ask`
 */
export async function marksOfSeries(
  archive: Archive,
  { study, series }: Omit<InstanceAddress, "sop">,
  frameOfReference: string | null,
  all: readonly SeriesFound[],
  asked: Asked = {},
): Promise<MarksOfSeries> {
  const beside = all.filter(({ modality }) => ["SEG", "RTSTRUCT", "SR"].includes(modality));
  const notes: Text[] = [];
  const read = await Promise.all(
    beside.map(async (one) => {
      try {
        return { one, instances: await archive.metadata(one, asked) };
      } catch (error) {
        const ends = isAbort(error) || !(error instanceof GraderspaceError) || error.tag === "ArchiveLogin";
        if (ends) throw error;
        notes.push(say`${one.modality} "${one.description}" was left out: ${error.message}`);
        return { one, instances: [] };
      }
    }),
  );
  const marks: FoundMarks[] = [];
  const findings: ReportedFinding[] = [];
  let ours = 0;
  for (const { one, instances } of read) {
    for (const json of instances) {
      if (json.text(MANUFACTURER) === "Graderspace") ours += one.modality === "SR" ? 0 : 1;
      else if (one.modality === "SR") findings.push(...reportedFindings(json));
      else {
        const found = foundIn(json, one, study, series, frameOfReference);
        if (found) marks.push(found);
      }
    }
  }
  if (ours > 0) {
    const [objects, hold] = ours === 1 ? ["1 object was", "it holds"] : [`${ours} objects were`, "they hold"];
    notes.push(
      say`${objects} stored by Graderspace and left out: ${hold} samples, and copies of readers. Open the file to see them.`,
    );
  }
  // What names the series itself counts before what lies in its frame of reference.
  const named = marks.filter(({ by }) => by === "reference");
  return { marks: named.length > 0 ? named : marks, findings, notes };
}

function foundIn(
  json: JsonDataset,
  { modality, series: its, description }: SeriesFound,
  study: string,
  series: string,
  frameOfReference: string | null,
): FoundMarks | null {
  const kind = modality === "SEG" ? "SEG" : "RTSTRUCT";
  const referenced = kind === "SEG" ? seriesOfSeg(json) : seriesOfStructures(json);
  const frames = [json.text(0x00200052), ...json.items(0x30060010).map((one) => one.text(0x00200052))];
  const same = frameOfReference !== null && frames.includes(frameOfReference);
  const by = referenced.includes(series) ? "reference" : same ? "frame of reference" : null;
  const sop = json.text(0x00080018);
  if (by === null || sop === null) return null;
  const segments = kind === "SEG" ? segmentsOfSeg(json) : structuresOf(json);
  return { kind, address: { study, series: its, sop }, description, by, segments };
}

function seriesOfSeg(json: JsonDataset): readonly string[] {
  return json.items(0x00081115).flatMap((one) => one.text(0x0020000e) ?? []);
}

/** PS3.3 C.8.8.5: frame of reference → study → series. */
function seriesOfStructures(json: JsonDataset): readonly string[] {
  const series = json
    .items(0x30060010)
    .flatMap((frame) => frame.items(0x30060012).flatMap((one) => one.items(0x30060014)));
  return series.flatMap((one) => one.text(0x0020000e) ?? []);
}

/** A data set as an archive or a file has it. */
export interface Attributes {
  text(tag: number): string | null;
  number(tag: number): number | null;
  numbers(tag: number): readonly number[];
  items(tag: number): readonly Attributes[];
}

/** The segments of a SEG, each with the pictures that it marks. */
export function segmentsOfSeg(json: Attributes): FoundSegment[] {
  const shared = json.items(0x52009229)[0];
  const listed = json.items(0x00081115).flatMap((one) => one.items(0x0008114a));
  const marked = new Map<number, Set<string>>();
  for (const frame of json.items(0x52009230)) {
    const group = (tag: number) => frame.items(tag)[0] ?? shared?.items(tag)[0];
    const number = group(0x0062000a)?.number(0x0062000b) ?? 0;
    const images = group(0x00089124)?.items(0x00082112) ?? [];
    const sops = marked.get(number) ?? new Set<string>();
    for (const image of images) for (const sop of picturesOf(image)) sops.add(sop);
    marked.set(number, sops);
  }
  return json.items(0x00620002).map((segment, index) => {
    const own = [...(marked.get(segment.number(0x00620004) ?? 0) ?? [])].filter(Boolean);
    const named = own.length > 0 ? own : listed.flatMap(picturesOf);
    return {
      index,
      number: segment.number(0x00620004) ?? index + 1,
      label: segment.text(0x00620005) ?? `Segment ${index + 1}`,
      trackingUid: segment.text(0x00620021),
      trackingId: segment.text(0x00620020),
      automatic: segment.text(0x00620008) === "AUTOMATIC",
      sops: named,
    };
  });
}

/** The picture that an item refers to, or each of its frames that is named (PS3.3 table 10-3). */
function picturesOf(image: Attributes): readonly string[] {
  const sop = image.text(0x00081155);
  if (sop === null) return [];
  const frames = image.numbers(0x00081160).filter(Number.isInteger);
  return frames.length > 0 ? frames.map((frame) => `${sop}#${frame}`) : [sop];
}

function structuresOf(json: JsonDataset): FoundSegment[] {
  const contours = json.items(0x30060039);
  return json.items(0x30060020).map((structure, index) => {
    const number = structure.number(0x30060022);
    const drawn = contours.filter((one) => one.number(0x30060084) === number).flatMap((one) => one.items(0x30060040));
    const images = drawn.flatMap((contour) => contour.items(0x30060016));
    return {
      index,
      number: number ?? index + 1,
      label: structure.text(0x30060026) ?? `Structure ${index + 1}`,
      trackingUid: null,
      trackingId: null,
      automatic: false,
      sops: [...new Set(images.flatMap(picturesOf))],
    };
  });
}
