import { deflateRawSync } from "node:zlib";
import { datasetBytes, metaBytes, type Written } from "../../../../support/dicom-bytes.ts";
import { between, type Picture, pick, type Roll } from "../mutant.ts";

export const SYNTAX = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  big: "1.2.840.10008.1.2.2",
  deflated: "1.2.840.10008.1.2.1.99",
  rle: "1.2.840.10008.1.2.5",
  deflatedFrames: "1.2.840.10008.1.2.8.1",
} as const;
const NATIVE = [SYNTAX.implicit, SYNTAX.explicit, SYNTAX.explicit, SYNTAX.big, SYNTAX.deflated];

/** A CT picture of a few pixels: its elements, and what they mean. */
export interface Ct {
  readonly syntax: string;
  readonly elements: readonly Written[];
  readonly width: number;
  readonly height: number;
  readonly bits: 8 | 16;
  readonly signed: boolean;
  readonly stored: readonly number[];
  readonly slope: number;
  readonly intercept: number;
  readonly picture: Picture;
}

/** Row and column directions, as files write them. */
const ORIENTATIONS = [
  [1, 0, 0, 0, 1, 0],
  [0, 1, 0, 0, 0, -1],
  [-1, 0, 0, 0, 1, 0],
  [0.8, 0.6, 0, -0.6, 0.8, 0],
] as const;

interface Asked {
  readonly syntax?: string;
  readonly bits?: 8 | 16;
  readonly signed?: boolean;
}

export function ct(roll: Roll, asked: Asked = {}): Ct {
  const [width, height] = [between(roll, 2, 6), between(roll, 2, 6)];
  const bits = asked.bits ?? pick(roll, [8, 16, 16, 16] as const);
  const signed = asked.signed ?? (bits === 16 && roll(2) === 0);
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const stored = Array.from({ length: width * height }, () => low + roll(2 ** bits));
  const slope = pick(roll, [1, 1, 2, 0.5, 1.25]);
  const intercept = pick(roll, [-1024, 0, -1000.5, 37]);
  const mm = pick(roll, [0.5, 0.703125, 0.7, 1, 2.5]);
  const position = [between(roll, -200, 200), between(roll, -999, 999) / 10, between(roll, -5000, 5000) / 100] as const;
  const o = pick(roll, ORIENTATIONS);
  const thicknessMm = pick(roll, [null, 1, 2.5, 5]);
  const elements: Written[] = [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"],
    [0x00080018, "UI", `1.2.3.${between(roll, 1, 99999)}`],
    [0x00080060, "CS", "CT"],
    [0x00100010, "PN", "DOE^JANE"],
    ...(thicknessMm === null ? [] : [[0x00180050, "DS", `${thicknessMm}`] as const]),
    [0x0020000e, "UI", "1.2.3"],
    [0x00200032, "DS", position.join("\\")],
    [0x00200037, "DS", o.join("\\")],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280010, "US", [height]],
    [0x00280011, "US", [width]],
    [0x00280030, "DS", `${mm}\\${mm}`],
    [0x00280100, "US", [bits]],
    [0x00280101, "US", [bits]],
    [0x00280102, "US", [bits - 1]],
    [0x00280103, "US", [signed ? 1 : 0]],
    [0x00281052, "DS", `${intercept}`],
    [0x00281053, "DS", `${slope}`],
    pixels(bits, stored),
  ];
  const picture: Picture = {
    width,
    height,
    values: stored.map((value) => value * slope + intercept),
    unit: "HU",
    spacingMm: [mm, mm],
    geometry: { position, rowDirection: [o[0], o[1], o[2]], columnDirection: [o[3], o[4], o[5]], thicknessMm },
    padding: [],
    modality: "CT",
    inverted: false,
  };
  const syntax = asked.syntax ?? pick(roll, NATIVE);
  return { syntax, elements, width, height, bits, signed, stored, slope, intercept, picture };
}

export function pixels(bits: 8 | 16, values: readonly number[]): Written {
  return [0x7fe00010, bits === 8 ? "OB" : "OW", values];
}

/** The elements with those given in place of others of the same tag, in the order of their tags. */
export function withElements({ elements }: Pick<Ct, "elements">, ...given: Written[]): Written[] {
  const replaced = new Set(given.map(([tag]) => tag));
  return [...elements.filter(([tag]) => !replaced.has(tag)), ...given].sort((a, b) => a[0] - b[0]);
}

export function without({ elements }: Pick<Ct, "elements">, ...tags: number[]): Written[] {
  return elements.filter(([tag]) => !tags.includes(tag));
}

export function bodyOf(elements: readonly Written[], syntax: string): Uint8Array {
  return datasetBytes(elements, { explicit: syntax !== SYNTAX.implicit, bigEndian: syntax === SYNTAX.big });
}

/** Preamble, meta header, and a data set as its syntax wants it. */
export function wrapped(syntax: string, body: Uint8Array): Uint8Array {
  return Buffer.concat([metaBytes(syntax), syntax === SYNTAX.deflated ? deflateRawSync(body) : body]);
}

export function fileOf(elements: readonly Written[], syntax: string): Uint8Array {
  return wrapped(syntax, bodyOf(elements, syntax));
}
