import { GraderspaceError } from "../../core/errors.ts";
import type { Grader, Mask, Slice } from "../../core/values/slice.ts";
import { headOf, type SourceFile } from "../bytes/source-file.ts";
import type { DicomDataset } from "../dicom/dataset/dataset.ts";
import { openDicom } from "../dicom/file.ts";
import { geometryOf } from "../dicom/header.ts";
import { openDicomImage } from "../dicom/image.ts";
import { isSeg, readSeg } from "../dicom/seg/seg-read.ts";
import { hasPreamble } from "../dicom/signature.ts";
import { type Attributes, type FoundMarks, segmentsOfSeg } from "../dicomweb/nodules/found-marks.ts";
import { type ArchiveNodule, nodulesOf } from "../dicomweb/nodules/nodules.ts";
import { spacingOf } from "../geometry/length.ts";
import type { MarkTarget, PixelMarks } from "../marks/mark-plane.ts";
import { planeGradersOn } from "../marks/resample-marks.ts";
import type { OpenedCase } from "../pack/pack.ts";
import { type Choose, markedParts, type ReadPart } from "./marked-parts.ts";

/** Longer than the headers of CT files; what lies behind is pixels. */
const HEADER_BYTES = 1 << 16;
const MANUFACTURER = 0x00080070;

/** A picture of a series by its header; its values are not read. */
interface Picture {
  readonly file: SourceFile;
  readonly patient: string;
  readonly target: MarkTarget;
}

/** A nodule of a series with the files of its readers, who are numbered within it alone. */
export interface TrackedNodule {
  readonly nodule: ArchiveNodule;
  readonly patient: string;
  /** The pictures that are here and that any reader marks. */
  readonly pictures: readonly Picture[];
  readonly segs: ReadonlyMap<string, SourceFile>;
}

/** Whether a file is a DICOM SEG, by its first bytes. */
export async function beginsAsSeg(file: SourceFile): Promise<boolean> {
  const head = await headOf(file, 512);
  return hasPreamble(head) && /1\.2\.840\.10008\.5\.1\.4\.1\.1\.66\.[47]\0?(?![.\d])/.test(latin(head));
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/**
 * Nodules out of pictures and one SEG a nodule and reader, as the IDC has LIDC's: segments of one
 * TrackingUniqueIdentifier are readers of one nodule. Of a picture the header is read, of a SEG all. Empty where no
 * nodule has two files of readers on pictures that are here. What a program made, and what this one stored, is no reader's.
 */
export async function trackedNodules(
  files: readonly SourceFile[],
  tell: (sentence: string) => void,
): Promise<TrackedNodule[]> {
  const pictures = new Map<string, Picture>();
  const marks = new Map<string, FoundMarks[]>();
  const segs = new Map<string, SourceFile>();
  for (const file of files) {
    try {
      if (await beginsAsSeg(file)) {
        const { dataset } = await openDicom(await file.read(), file.name);
        const found = marksIn(dataset, file.name);
        if (!found) continue;
        segs.set(found.address.sop, file);
        marks.set(found.series, [...(marks.get(found.series) ?? []), found]);
      } else {
        const picture = await pictureIn(file);
        if (picture) pictures.set(picture.target.sopInstanceUid ?? "", picture);
      }
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      tell(`left out: ${error.message}`);
    }
  }
  const found: TrackedNodule[] = [];
  for (const all of marks.values()) {
    for (const nodule of nodulesOf({ marks: all, findings: [], notes: [] })) {
      // a file of one picture is named with its first frame, too
      const marked = new Set(nodule.sops.map((sop) => sop.replace(/#1$/, "")));
      const here = [...marked].flatMap((sop) => pictures.get(sop) ?? []);
      const patient = here[0]?.patient;
      if (patient !== undefined) found.push({ nodule, patient, pictures: here, segs });
    }
  }
  const joined = found.some(({ nodule }) => new Set(nodule.readers.map(({ file }) => file.address.sop)).size > 1);
  return joined ? found.sort((a, b) => inOrder(a.patient, b.patient)) : [];
}

function inOrder(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** A SEG about one series; null where this program stored it. @throws DamagedFile where it names no series or segment */
function marksIn(dataset: DicomDataset, file: string): (FoundMarks & { readonly series: string }) | null {
  const series = dataset.items(0x00081115)[0]?.text(0x0020000e) ?? null;
  const sop = dataset.text(0x00080018);
  if (dataset.text(MANUFACTURER) === "Graderspace") return null;
  const segments = segmentsOfSeg(attributes(dataset));
  if (!isSeg(dataset) || series === null || sop === null || segments.length === 0) {
    const problem = "it names no series that it is about, or no segment";
    throw new GraderspaceError("DamagedFile", { file, problem, remedy: "download it again" });
  }
  const address = { study: dataset.text(0x0020000d) ?? "", series: dataset.text(0x0020000e) ?? "", sop };
  const description = dataset.text(0x0008103e) ?? "";
  return { kind: "SEG", address, description, by: "reference", segments, series };
}

function attributes(dataset: DicomDataset): Attributes {
  return {
    text: (tag) => dataset.text(tag),
    number: (tag) => dataset.integer(tag),
    numbers: (tag) => dataset.decimals(tag),
    items: (tag) => dataset.items(tag).map(attributes),
  };
}

/** Null for what is no picture of a series. */
async function pictureIn(file: SourceFile): Promise<Picture | null> {
  const head = await headOf(file, HEADER_BYTES);
  if (!hasPreamble(head)) return null;
  const { dataset } = await openDicom(head, file.name);
  const [sopInstanceUid, seriesInstanceUid] = [dataset.text(0x00080018), dataset.text(0x0020000e)];
  const [height, width] = [dataset.integer(0x00280010), dataset.integer(0x00280011)];
  if (sopInstanceUid === null || seriesInstanceUid === null || !height || !width) return null;
  const slice: Slice = {
    width,
    height,
    values: new Float32Array(0),
    unit: "HU",
    spacingMm: spacingOf(...(dataset.decimals(0x00280030) as [number, number])),
    geometry: geometryOf(dataset.decimals(0x00200032), dataset.decimals(0x00200037), null),
    padding: null,
    modality: dataset.text(0x00080060) ?? "",
    name: file.name,
  };
  const patient = dataset.text(0x00100020) ?? seriesInstanceUid;
  return { file, patient, target: { slice, sopInstanceUid, seriesInstanceUid, frame: null } };
}

/** A nodule on a picture, by the names of files: it can be kept in a file and looked at later. */
export interface TrackedPart extends ReadPart {
  /** The nodule's name. */
  readonly name: string;
  readonly picture: string;
  readonly readers: readonly ReaderSegment[];
}

interface ReaderSegment {
  readonly file: string;
  /** Its place among the file's segments, from 0. */
  readonly index: number;
}

/** What there is to see of a part. */
interface Sight {
  readonly picture: Picture;
  readonly graders: readonly Grader[];
}

/**
 * Cases out of tracked nodules, chosen among the slices on which two of their readers drew.
 * @param readBy as `trackedParts`
 * @throws as `openTracked`
 */
export async function casesFromTracked(
  nodules: readonly TrackedNodule[],
  choose: Choose,
  readBy: number | null,
  tell: (sentence: string) => void,
): Promise<OpenedCase[]> {
  return openTracked(await trackedParts(nodules, readBy, tell), choose, async ({ sight }) => sight);
}

/**
 * The slices on which two readers of a nodule drew. Where `readBy` people are said to have read the series, those beyond the
 * readers who are here drew nothing; else nobody is taken to have. Nodules whose SEGs cannot be read are told of and left out.
 */
export async function trackedParts(
  nodules: readonly TrackedNodule[],
  readBy: number | null,
  tell: (sentence: string) => void,
): Promise<(TrackedPart & { readonly sight: Sight })[]> {
  const parts: (TrackedPart & { readonly sight: Sight })[] = [];
  let alone = 0;
  for (const { nodule, patient, pictures, segs } of nodules) {
    const { name } = nodule;
    const files = nodule.readers.map(({ file }) => segs.get(file.address.sop) as SourceFile);
    const readers = nodule.readers.map(({ segment }, k) => ({ file: files[k]?.name ?? "", index: segment.index }));
    const marks = await toldOf(name, tell, () => marksOfReaders(readers, (_, k) => files[k] as SourceFile));
    if (!marks) continue;
    let most = 0;
    for (const picture of pictures) {
      const graders = gradersOn(marks, picture, readBy);
      const [part] = [...markedParts(graders)].sort((a, b) => b.pixels - a.pixels);
      const where = { patient, of: `${patient} ${nodule.key}`, name, picture: picture.file.name, readers };
      if (part) parts.push({ ...part, ...where, sight: { picture, graders } });
      most = Math.max(most, part?.drew ?? 0);
    }
    if (most < 2) alone++;
  }
  const left = alone === 0 ? "" : `; ${alone} that two readers nowhere drew on one slice are left out`;
  tell(`${nodules.length} nodules by their TrackingUniqueIdentifier, readers numbered within each${left}`);
  if (readBy === null) tell("who drew nothing is in no file: only readers who drew a nodule are counted");
  return parts;
}

/**
 * Looks at a part once more, from its files.
 * @throws DamagedFile where the picture is none any more; what reading its header and the SEGs throws
 */
export async function sightOf(
  part: TrackedPart,
  fileAt: (name: string) => SourceFile,
  readBy: number | null,
): Promise<Sight> {
  const picture = await pictureIn(fileAt(part.picture));
  if (!picture) {
    const problem = "it is no picture of a series any more";
    throw new GraderspaceError("DamagedFile", { file: part.picture, problem, remedy: "find the cases again" });
  }
  const marks = await marksOfReaders(part.readers, ({ file }) => fileAt(file));
  return { picture, graders: gradersOn(marks, picture, readBy) };
}

/**
 * Cases out of the parts of all nodules, of which those that are chosen are looked at.
 * @throws BadArgument where no slice has two readers who drew; what reading a chosen picture or a SEG throws
 */
export async function openTracked<P extends TrackedPart>(
  parts: readonly P[],
  choose: Choose,
  look: (part: P) => Promise<Sight>,
): Promise<OpenedCase[]> {
  if (parts.length === 0) {
    throw new GraderspaceError("BadArgument", {
      problem: "no slice has SEGs of two readers of one nodule",
      remedy: "open the series together with all SEGs about it",
    });
  }
  const scans = [...new Set(parts.map(({ patient }) => patient))];
  const cases: OpenedCase[] = [];
  for (const part of choose(parts)) {
    const { name, centre, patient, drew } = part;
    const { picture, graders } = await look(part);
    const { file, target } = picture;
    const slice = await (await openDicomImage(await file.read(), file.name)).slice(0);
    // LIDC's own numbers are public; anything else could be a name
    const whose = /^LIDC-IDRI-\d+$/.test(patient) ? patient : `Scan ${scans.indexOf(patient) + 1}`;
    const z = target.slice.geometry?.position[2];
    const where = z === undefined ? "" : `, z ${z.toFixed(1).replace("-", "−")} mm`;
    const title = `${whose}, ${name}${where} · ${drew} of ${graders.length} drew`;
    const region = [Math.round(centre[0]), Math.round(centre[1])] as const;
    cases.push({ id: `case-${cases.length + 1}`, title, simulated: false, slice, region, graders, patient: whose });
  }
  return cases;
}

/** Each reader's segment alone, under the reader's number in the nodule. @throws what reading a SEG throws */
async function marksOfReaders(
  readers: readonly ReaderSegment[],
  fileOf: (reader: ReaderSegment, k: number) => SourceFile,
): Promise<PixelMarks[]> {
  const all: PixelMarks[] = [];
  for (const [k, reader] of readers.entries()) {
    const seg = fileOf(reader, k);
    const marks = await readSeg(await openDicom(await seg.read(), seg.name));
    const own = marks.graders[reader.index];
    all.push({ ...marks, graders: own ? [{ ...own, name: `Reader ${k + 1}` }] : [] });
  }
  return all;
}

/** Null, which is told, where a nodule's files cannot be read. */
async function toldOf<T>(name: string, tell: (sentence: string) => void, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof GraderspaceError)) throw error;
    tell(`left out ${name}: ${error.message}`);
    return null;
  }
}

function gradersOn(marks: readonly PixelMarks[], picture: Picture, readBy: number | null): Grader[] {
  const graders: Grader[] = marks.map((one) => ({ name: one.graders[0]?.name ?? "", mask: maskOn(one, picture) }));
  for (let k = graders.length; k < (readBy ?? 0); k++) graders.push({ name: `Reader ${k + 1}`, mask: null });
  return graders;
}

function maskOn(marks: PixelMarks, { target }: Picture): Mask | null {
  return marks.graders.length > 0 ? (planeGradersOn(marks, target)[0]?.mask ?? null) : null;
}
