import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Geometry } from "../../core/values/slice.ts";
import { checkPictureSize, LIMITS } from "../bytes/limits.ts";
import { isLength, lengthsDiffer, spacingOf } from "../geometry/length.ts";
import { cross, dot } from "../geometry/vector.ts";
import type { DicomDataset } from "./dataset/dataset.ts";
import { type DicomFile, withoutPixels } from "./file.ts";

/** How the pixels of every frame of a file lie in its bytes (PS3.3 C.7.6.3). */
export interface PixelLayout {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly bitsAllocated: 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Pixel Data, Float Pixel Data or Double Float Pixel Data. */
  readonly tag: number;
  readonly float: boolean;
  /** MONOCHROME1: low values are shown bright. */
  readonly inverted: boolean;
  /** What is declared and cannot be, as sentences. */
  readonly notes: readonly Text[];
}

/** What turns one frame's stored values into measurements, and where it lies. */
export interface FrameHeader {
  readonly slope: number;
  readonly intercept: number;
  readonly lut: ModalityLut | null;
  readonly unit: "HU" | "stored";
  readonly spacingMm: readonly [number, number] | null;
  readonly geometry: Geometry | null;
  /** Stored values from…to that hold no measurement. */
  readonly padding: readonly [number, number] | null;
  readonly modality: string | null;
  readonly notes: readonly Text[];
}

/** Modality LUT (PS3.3 C.11.1.1): stored value `first` + i becomes values[i]; the ends go on. */
export interface ModalityLut {
  readonly first: number;
  readonly values: Float64Array;
}

const FLOAT_PIXELS = 0x7fe00008;
const DOUBLE_PIXELS = 0x7fe00009;
const PIXELS = 0x7fe00010;

/**
 * @throws NotAnImage, TruncatedFile (no pixel data), UnsupportedPixels (colour, odd depths), DamagedFile, TooLarge
 */
export function readPixelLayout(file: DicomFile): PixelLayout {
  const { dataset, name } = file;
  const tag = [PIXELS, FLOAT_PIXELS, DOUBLE_PIXELS].find((pixels) => dataset.elements.has(pixels));
  if (tag === undefined) throw withoutPixels(file);
  const sopClass = dataset.text(0x00080016);
  if (sopClass === "1.2.840.10008.5.1.4.1.1.66.4" || sopClass === "1.2.840.10008.5.1.4.1.1.66.7") {
    throw withoutPixels(file);
  }
  const samples = dataset.integer(0x00280002) ?? 1;
  const photometric = (dataset.text(0x00280004) ?? "MONOCHROME2").toUpperCase();
  if (samples !== 1 || !photometric.startsWith("MONOCHROME")) {
    throw new GraderspaceError("UnsupportedPixels", {
      file: name,
      problem: say`it is a colour picture (${photometric}), and colours are no measurement`,
      remedy: say`open the scan itself, not a screenshot of it`,
    });
  }
  const height = dataset.integer(0x00280010) ?? 0;
  const width = dataset.integer(0x00280011) ?? 0;
  const frames = dataset.has(0x00280008) ? (dataset.decimal(0x00280008) ?? Number.NaN) : 1;
  checkPictureSize(name, width, height, frames);
  const float = tag !== PIXELS;
  const bitsAllocated = tag === DOUBLE_PIXELS ? 64 : tag === FLOAT_PIXELS ? 32 : dataset.integer(0x00280100);
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32 && !(float && bitsAllocated === 64)) {
    throw new GraderspaceError("UnsupportedPixels", {
      file: name,
      problem: say`its pixels take ${bitsAllocated ?? say`an unknown number of`} bits, and 8, 16 and 32 are read`,
      remedy: say`export it again with 16 bits allocated`,
    });
  }
  const stored = dataset.integer(0x00280101) ?? bitsAllocated;
  const bitsStored = stored >= 1 && stored <= bitsAllocated ? stored : bitsAllocated;
  const taken = `it declares ${stored} bits stored of ${bitsAllocated}, so all ${bitsAllocated} are taken`;
  const high = dataset.integer(0x00280102) ?? bitsStored - 1;
  const highBit = high >= bitsStored - 1 && high < bitsAllocated ? high : bitsStored - 1;
  const signed = dataset.integer(0x00280103) === 1;
  const inverted = photometric === "MONOCHROME1";
  const notes = bitsStored === stored ? [] : [taken];
  return { width, height, frames, bitsAllocated, bitsStored, highBit, signed, tag, float, inverted, notes };
}

/**
 * Rescale, spacing and place of frame `frame`. In multi-frame objects they lie in the functional groups: the frame's
 * own, else the shared ones, else the top level (PS3.3 C.7.6.16).
 */
export function readFrameHeader(dataset: DicomDataset, frame: number, layout: PixelLayout): FrameHeader {
  const own = dataset.items(0x52009230)[frame];
  const shared = dataset.items(0x52009229)[0];
  /** The first of the frame's group, the shared group and the data set itself that has the attribute. */
  const find = (group: number, tag: number): DicomDataset | null =>
    [own?.items(group)[0], shared?.items(group)[0], dataset].find((place) => place?.has(tag)) ?? null;
  const notes: Text[] = [];
  const modality = dataset.text(0x00080060);
  const declared = [own?.items(0x00289145)[0], shared?.items(0x00289145)[0], dataset].some(
    (place) => place?.elements.has(0x00281053) || place?.elements.has(0x00281052),
  );
  const lut = declared ? null : modalityLut(dataset, layout.signed);
  const rescale = rescaleOf(find(0x00289145, 0x00281053), find(0x00289145, 0x00281052), modality === "CT");
  if (declared && !rescale.known) notes.push(UNREAD_RESCALE);
  if (!declared && !lut && modality === "CT") notes.push(NO_RESCALE);
  const { slope, intercept } = rescale;
  const typeOf = find(0x00289145, 0x00281054)?.text(0x00281054);
  const type = (lut ? dataset.items(0x00283000)[0]?.text(0x00283004) : typeOf)?.toUpperCase();
  // CT images are in Hounsfield units unless they say otherwise (PS3.3 C.8.2.1); others only where they say so.
  const measured = lut !== null || (declared && rescale.known);
  const hounsfield = measured && (type === "HU" || (modality === "CT" && !type));
  const spacing = (find(0x00289110, 0x00280030)?.decimals(0x00280030) ?? []).slice(0, 2);
  const spacingMm = spacingOf(spacing[0], spacing[1]);
  if (spacing.length > 0 && !spacingMm) {
    notes.push(say`its pixel spacing is no pair of lengths of .001 to 1,000 mm and is left out`);
  }
  const orientation = find(0x00209116, 0x00200037)?.decimals(0x00200037) ?? [];
  if (spacingMm && lengthsDiffer(spacingMm[0], spacingMm[1])) {
    notes.push(say`its pixels are not square: ${spacingMm[0]} mm between rows, ${spacingMm[1]} mm between columns`);
  }
  const placed = find(0x00209113, 0x00200032);
  const first = placed?.decimals(0x00200032) ?? [];
  // One position for the whole file is that of its first frame alone.
  const position = placed === dataset ? movedBy(dataset, first, orientation, frame, layout.frames) : first;
  const thickness = find(0x00289110, 0x00180050)?.decimal(0x00180050) ?? null;
  if (first.length > 0 && orientation.length > 0 && !geometryOf(first, orientation, null)) {
    notes.push(
      say`its position and directions are no three and six numbers of a place in the patient and are left out`,
    );
  }
  return {
    slope,
    intercept,
    lut,
    unit: hounsfield ? "HU" : "stored",
    spacingMm,
    geometry: geometryOf(position, orientation, thickness),
    padding: paddingRange(dataset, layout),
    modality,
    notes,
  };
}

const UNREAD_RESCALE = say`its rescale slope and intercept cannot both be read as numbers, so stored values are shown, not HU`;
const NO_RESCALE = say`it is a CT without rescale slope and intercept, so stored values are shown, not HU`;

/** Stored values stay as they are where either is there and is no number, or on a CT where either is missing. */
function rescaleOf(slopes: DicomDataset | null, intercepts: DicomDataset | null, both: boolean) {
  const [slope, intercept] = [slopes?.decimal(0x00281053), intercepts?.decimal(0x00281052)];
  const known = (value: number | null | undefined) => (value === undefined ? !both : Number.isFinite(value));
  if (slope === 0 || slope === null || intercept === null || !known(slope) || !known(intercept)) {
    return { slope: 1, intercept: 0, known: false };
  }
  return { slope: slope ?? 1, intercept: intercept ?? 0, known: true };
}

/**
 * Where frame `frame` lies: as far along the normal as Grid Frame Offset Vector says (PS3.3 C.8.8.3.2; an axial one may
 * hold z itself); nowhere for frames after the first without it.
 */
function movedBy(
  dataset: DicomDataset,
  first: readonly number[],
  orientation: readonly number[],
  frame: number,
  frames: number,
): readonly number[] {
  if (frames === 1) return first;
  const offsets = dataset.decimals(0x3004000c);
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = first;
  const [row, column] = [unit(orientation.slice(0, 3)), unit(orientation.slice(3, 6))];
  if (offsets.length !== frames || !offsets.every(Number.isFinite) || !row || !column) return frame === 0 ? first : [];
  const normal = cross(row, column);
  const start = offsets[0] as number;
  if (start !== 0 && (Math.abs(start - z) > 1e-3 || Math.abs(normal[2]) < 0.999)) return frame === 0 ? first : [];
  const far = (offsets[frame] as number) - start;
  if (start !== 0) return [x, y, z + far];
  return [x + far * normal[0], y + far * normal[1], z + far * normal[2]];
}

/** Null where position or directions are missing, or are no right angle of unit vectors. */
export function geometryOf(
  position: readonly number[],
  orientation: readonly number[],
  thickness: number | null,
): Geometry | null {
  if (position.length < 3 || orientation.length < 6) return null;
  const [x, y, z] = position as [number, number, number];
  const row = unit(orientation.slice(0, 3));
  const column = unit(orientation.slice(3, 6));
  if (![x, y, z].every(Number.isFinite) || !row || !column) return null;
  if (Math.abs(dot(row, column)) > 1e-2) return null;
  const thicknessMm = isLength(thickness) ? thickness : null;
  return { position: [x, y, z], rowDirection: row, columnDirection: column, thicknessMm };
}

/** Files round their cosines: brought back to length 1 where they nearly have it, else null. */
function unit(v: readonly number[]): [number, number, number] | null {
  const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = v;
  const length = Math.hypot(x, y, z);
  if (!(Math.abs(length - 1) < 0.05)) return null;
  return Math.abs(length - 1) < 1e-4 ? [x, y, z] : [x / length, y / length, z / length];
}

function paddingRange(dataset: DicomDataset, layout: PixelLayout): [number, number] | null {
  if (layout.float || layout.bitsAllocated === 32) return null;
  const value = dataset.integer(0x00280120, layout.signed);
  if (value === null) return null;
  const limit = dataset.integer(0x00280121, layout.signed) ?? value;
  return [Math.min(value, limit), Math.max(value, limit)];
}

function modalityLut(dataset: DicomDataset, signed: boolean): ModalityLut | null {
  const item = dataset.items(0x00283000)[0];
  if (!item) return null;
  const [declared = 0] = item.integers(0x00283002);
  const first = item.integers(0x00283002, signed)[1] ?? 0;
  const bits = item.integers(0x00283002)[2] ?? 16;
  const raw = item.raw(0x00283006);
  const count = declared === 0 ? 65_536 : declared;
  if (!raw || count > LIMITS.pixelsPerFrame) return null;
  const words = item.integers(0x00283006);
  // 8-bit entries may be packed two in a word (PS3.3 C.11.1.1.1): then there are as many bytes as entries.
  const values = bits === 8 && raw.length < 2 * count ? Float64Array.from(raw) : Float64Array.from(words);
  return values.length === 0 ? null : { first, values: values.subarray(0, count) };
}
