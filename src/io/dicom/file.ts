import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { inflateAll } from "../bytes/inflate.ts";
import { inflatedLimit } from "../bytes/limits.ts";
import { type DicomDataset, type DicomEncoding, hex } from "./dataset/dataset.ts";
import { readDataset, readMeta } from "./dataset/read-dataset.ts";
import { hasPreamble, lettersAt } from "./signature.ts";

export const SYNTAX = {
  implicitLittle: "1.2.840.10008.1.2",
  explicitLittle: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  explicitBig: "1.2.840.10008.1.2.2",
  rle: "1.2.840.10008.1.2.5",
  /** Deflated Image Frame Compression: each frame for itself. */
  deflatedFrames: "1.2.840.10008.1.2.8.1",
} as const;

/** A DICOM file with its header read. */
export interface DicomFile {
  readonly name: string;
  readonly dataset: DicomDataset;
  /** Transfer syntax UID: as the file says, or as its bytes look where it does not. */
  readonly syntax: string;
  /** SOP Class UID: the data set's, else the meta header's; "" where neither says. */
  readonly sopClass: string;
  /** Sentences about what was missing. */
  readonly notes: readonly Text[];
}

/**
 * Reads the header of a DICOM file: any of its four encodings, deflated too, with or without preamble and meta header.
 * @throws DamagedFile, TooLarge
 */
export async function openDicom(bytes: Uint8Array, name: string): Promise<DicomFile> {
  const notes: Text[] = [];
  let at = hasPreamble(bytes) ? 132 : 0;
  if (at === 0) notes.push(say`it has no DICOM preamble`);
  let syntax: string | null = null;
  let storage: string | null = null;
  try {
    const { meta, end } = readMeta(bytes, at);
    syntax = meta.text(0x00020010);
    storage = meta.text(0x00020002);
    if (meta.elements.size > 0) at = end;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // No group 2 in explicit form: the data set itself begins here.
  }
  if (syntax === null) {
    syntax = guessSyntax(bytes, at);
    notes.push(say`it does not say how it is encoded, which was told from its bytes`);
  }
  const told = syntax;
  const found = (dataset: DicomDataset): DicomFile => {
    const twice = [...dataset.repeated].slice(0, 3).map(hex).join(", ");
    if (twice) notes.push(say`its header holds ${twice} twice, with two values; the last one counts`);
    return { name, syntax: told, notes, dataset, sopClass: dataset.text(0x00080016) ?? storage ?? "" };
  };
  if (syntax === SYNTAX.deflated) {
    const packed = bytes.subarray(at);
    const unpacked = await inflateAll(packed, "deflate-raw", inflatedLimit(packed.length), name);
    return found(readDataset(unpacked, 0, encodingOf(syntax), name));
  }
  return found(readDataset(bytes, at, trueEncoding(bytes, at, syntax), name));
}

function encodingOf(syntax: string): DicomEncoding {
  return { explicit: syntax !== SYNTAX.implicitLittle, bigEndian: syntax === SYNTAX.explicitBig };
}

/** Some writers declare an explicit syntax and write an implicit one, or the other way round: the bytes are believed. */
function trueEncoding(bytes: Uint8Array, at: number, syntax: string): DicomEncoding {
  const said = encodingOf(syntax);
  if (said.bigEndian || at + 8 > bytes.length) return said;
  return { explicit: lettersAt(bytes, at + 4), bigEndian: false };
}

function guessSyntax(bytes: Uint8Array, at: number): string {
  if (bytes[at] === 0 && bytes[at + 1] !== 0) return SYNTAX.explicitBig;
  return lettersAt(bytes, at + 4) ? SYNTAX.explicitLittle : SYNTAX.implicitLittle;
}

const DIRECTORY = "1.2.840.10008.1.3.10";

/** True for a DICOMDIR: it lists files that lie beside it. */
export function isDirectory({ sopClass, dataset }: DicomFile): boolean {
  return sopClass === DIRECTORY || dataset.elements.has(0x00041220);
}

/** What a SOP class that holds no picture of measurements is called. */
const NO_IMAGE: readonly (readonly [string, Text])[] = [
  [DIRECTORY, say`a directory of DICOM files (DICOMDIR)`],
  ["1.2.840.10008.5.1.4.1.1.66.4", say`a segmentation`],
  ["1.2.840.10008.5.1.4.1.1.4.2", say`spectroscopy: signals, not pixels`],
  ["1.2.840.10008.5.1.4.1.1.67", say`a map of real world values`],
  ["1.2.840.10008.5.1.4.1.1.68", say`a surface scan`],
  ["1.2.840.10008.5.1.4.1.1.66", say`a registration or fiducials`],
  ["1.2.840.10008.5.1.4.1.1.88", say`a structured report`],
  ["1.2.840.10008.5.1.4.1.1.104", say`an encapsulated document`],
  ["1.2.840.10008.5.1.4.1.1.11", say`a presentation state`],
  ["1.2.840.10008.5.1.4.1.1.481.5", say`a radiotherapy plan`],
  ["1.2.840.10008.5.1.4.1.1.9", say`a waveform`],
];

/** The sentence for a file without pixel data. */
export function withoutPixels(file: DicomFile): GraderspaceError {
  const sopClass = isDirectory(file) ? DIRECTORY : file.sopClass;
  const known = NO_IMAGE.find(([uid]) => sopClass === uid || sopClass.startsWith(`${uid}.`));
  const declared = file.dataset.has(0x00280010);
  if (declared && !known) {
    return new GraderspaceError("TruncatedFile", {
      file: file.name,
      problem: say`it ends before its pixel data`,
      remedy: say`download or export it again`,
    });
  }
  return new GraderspaceError("NotAnImage", {
    file: file.name,
    problem: known ? say`it is ${known[1]}, not a picture` : say`it holds no picture`,
    remedy: sopClass === DIRECTORY ? say`open the files that it lists` : say`open a CT or MR image`,
  });
}
