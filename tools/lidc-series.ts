import { GraderspaceError } from "../src/core/errors.ts";
import { pickCases } from "../src/core/measures/pick-cases.ts";
import { REGION, regionStart } from "../src/core/values/region.ts";
import type { Slice } from "../src/core/values/slice.ts";
import type { SourceFile } from "../src/io/bytes/source-file.ts";
import { type MarkedPart, markedParts } from "../src/io/dataset/marked-parts.ts";
import { openDicom } from "../src/io/dicom/file.ts";
import { geometryOf } from "../src/io/dicom/header.ts";
import { openDicomImage } from "../src/io/dicom/image.ts";
import { lidcGradersOn } from "../src/io/marks/lidc/lidc-slice.ts";
import { type LidcRead, readLidcXml } from "../src/io/marks/lidc/lidc-xml.ts";
import type { MarkTarget } from "../src/io/marks/mark-plane.ts";
import type { OpenedCase } from "../src/io/pack/pack.ts";

/** A file of a download; `head` reads no more than its beginning. */
export interface DownloadedFile extends SourceFile {
  head(count: number): Promise<Uint8Array>;
}

/** The DICOM files of one folder: LIDC's downloads have one series in each. */
export interface SeriesFolder {
  readonly name: string;
  readonly files: readonly DownloadedFile[];
}

/** Longer than any header of LIDC's CT files. */
const HEADER_BYTES = 1 << 16;

/** A marked lesion on a slice, by the name of its file: it can be kept in a file and opened later. */
export interface SeriesPart extends MarkedPart {
  readonly file: string;
  readonly patient: string;
}

/** The reads of CT scans by their series. Files that are none are told of and left out. */
export async function readsBySeries(
  files: readonly SourceFile[],
  tell: (sentence: string) => void,
): Promise<Map<string, LidcRead>> {
  const reads = new Map<string, LidcRead>();
  for (const file of files) {
    try {
      const read = readLidcXml(await file.read(), file.name);
      if (read.seriesInstanceUid !== null) reads.set(read.seriesInstanceUid, read);
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      tell(`left out: ${error.message}`);
    }
  }
  return reads;
}

/** The lesions that two graders marked in a download of LIDC: one series at a time, of each file the header alone. */
export async function partsOfSeries(
  folders: readonly SeriesFolder[],
  reads: ReadonlyMap<string, LidcRead>,
  tell: (sentence: string) => void,
): Promise<SeriesPart[]> {
  const marked: SeriesPart[] = [];
  for (const folder of folders) {
    const found = await markedSlices(folder, reads);
    marked.push(...found);
    tell(`${folder.name}: ${folder.files.length} files, ${found.length} marked lesions with two graders or more`);
  }
  return marked;
}

/**
 * Cases out of the parts of all series, with the pixels of those that are picked. Each slice keeps its own size, in HU.
 * @throws BadArgument where no slice has two graders who drew; what reading a picked file throws
 */
export async function openSeriesParts(
  marked: readonly SeriesPart[],
  fileAt: (name: string) => DownloadedFile,
  reads: ReadonlyMap<string, LidcRead>,
  pick: number,
): Promise<OpenedCase[]> {
  if (marked.length === 0) {
    throw new GraderspaceError("BadArgument", {
      problem: "no slice of the folder has marks of two graders",
      remedy: "name a folder with LIDC's DICOM series and their XML files",
    });
  }
  const cases: OpenedCase[] = [];
  for (const [k, one] of pickCases(marked, pick).entries()) cases.push(await openCase(one, fileAt(one.file), reads, k));
  return cases;
}

async function markedSlices(folder: SeriesFolder, reads: ReadonlyMap<string, LidcRead>): Promise<SeriesPart[]> {
  const found: SeriesPart[] = [];
  for (const file of folder.files) {
    const known = await readOf(file, reads);
    if (!known) continue;
    const graders = lidcGradersOn(known.read, known.target).graders;
    for (const part of markedParts(graders)) found.push({ ...part, file: file.name, patient: known.patient });
  }
  return found;
}

/** A CT slice by its header, with the read of its series; null where it is none or has no read. */
async function readOf(file: DownloadedFile, reads: ReadonlyMap<string, LidcRead>) {
  const header = await headerOf(file);
  const read = header && reads.get(header.target.seriesInstanceUid ?? "");
  return header && read ? { ...header, read } : null;
}

/** Null for what is no CT slice. */
async function headerOf(file: DownloadedFile): Promise<{ patient: string; target: MarkTarget } | null> {
  try {
    const { dataset } = await openDicom(await file.head(HEADER_BYTES), file.name);
    const [height, width] = [dataset.integer(0x00280010), dataset.integer(0x00280011)];
    if (dataset.text(0x00080060) !== "CT" || !height || !width) return null;
    const slice: Slice = {
      width,
      height,
      values: new Float32Array(0), // not read yet
      unit: "HU",
      spacingMm: null,
      geometry: geometryOf(dataset.decimals(0x00200032), dataset.decimals(0x00200037), null),
      padding: null,
      modality: "CT",
      name: file.name,
    };
    const [sopInstanceUid, seriesInstanceUid] = [dataset.text(0x00080018), dataset.text(0x0020000e)];
    const target = { slice, sopInstanceUid, seriesInstanceUid, frame: null };
    return { patient: dataset.text(0x00100020) ?? seriesInstanceUid ?? file.name, target };
  } catch (error) {
    if (error instanceof GraderspaceError) return null;
    throw error;
  }
}

async function openCase(
  { centre, patient, drew }: SeriesPart,
  file: DownloadedFile,
  reads: ReadonlyMap<string, LidcRead>,
  k: number,
): Promise<OpenedCase> {
  const known = await readOf(file, reads);
  if (!known) {
    const problem = "it is no CT slice with a read any more";
    throw new GraderspaceError("DamagedFile", { file: file.name, problem, remedy: "find the cases again" });
  }
  const stack = await openDicomImage(await file.read(), file.name);
  const slice = await stack.slice(0);
  const region = [Math.round(centre[0]), Math.round(centre[1])] as const;
  const [x0, y0] = [regionStart(region[0], slice.width), regionStart(region[1], slice.height)];
  const graders = lidcGradersOn(known.read, known.target, { x0, y0, size: REGION }).graders;
  // LIDC's own numbers are public; anything else could be a name
  const whose = /^LIDC-IDRI-\d+$/.test(patient) ? patient : `Scan ${k + 1}`;
  const z = slice.geometry?.position[2];
  const where = z === undefined ? "" : `, z ${z.toFixed(1).replace("-", "−")} mm`;
  const title = `${whose}${where} · ${drew} of ${graders.length} drew`;
  return { id: `case-${k + 1}`, title, simulated: false, slice, region, graders };
}
