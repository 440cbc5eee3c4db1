import { type DicomItem, decimalString, item, writeDicomFile } from "../../src/io/dicom/write.ts";

/** A CT slice to be written as DICOM. Stored values are value + 1024, unsigned, so HU from −1024 on. */
export interface CtSlice {
  readonly width: number;
  readonly height: number;
  /** HU, row-major; whole numbers. */
  readonly values: ArrayLike<number>;
  readonly spacingMm: readonly [number, number];
  readonly position: readonly [number, number, number];
  readonly rowDirection: readonly [number, number, number];
  readonly columnDirection: readonly [number, number, number];
  readonly thicknessMm: number;
  readonly sopInstanceUid?: string;
}

export const PATIENT = "DOE^JANE";

/** A CT image as a scanner writes it, explicit VR little endian, with a patient's name and number. */
export function ctDicom(slice: CtSlice): Uint8Array {
  const pixels = new DataView(new ArrayBuffer(2 * slice.width * slice.height));
  for (let i = 0; i < slice.width * slice.height; i++)
    pixels.setUint16(2 * i, (slice.values[i] as number) + 1024, true);
  const decimals = (numbers: readonly number[]) => numbers.map(decimalString).join("\\");
  const dataset: DicomItem = item(
    [0x00080005, "CS", "ISO_IR 100"],
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"],
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"],
    [0x00080018, "UI", slice.sopInstanceUid ?? "1.2.3.4.5.1"],
    [0x00080020, "DA", "20200102"],
    [0x00080023, "DA", "20200102"],
    [0x00080030, "TM", "101112"],
    [0x00080033, "TM", "101113"],
    [0x00080050, "SH", "ACC1"],
    [0x00080060, "CS", "CT"],
    [0x00080070, "LO", "Maker"],
    [0x00080090, "PN", "WHO^DOC"],
    [0x00100010, "PN", PATIENT],
    [0x00100020, "LO", "ID-77"],
    [0x00100030, "DA", "19500101"],
    [0x00100040, "CS", "F"],
    [0x00180050, "DS", decimalString(slice.thicknessMm)],
    [0x00180060, "DS", "120"],
    [0x00185100, "CS", "HFS"],
    [0x0020000d, "UI", "1.2.3.4"],
    [0x0020000e, "UI", "1.2.3.4.5"],
    [0x00200010, "SH", "ST1"],
    [0x00200011, "IS", "2"],
    [0x00200012, "IS", "1"],
    [0x00200013, "IS", "7"],
    [0x00200032, "DS", decimals(slice.position)],
    [0x00200037, "DS", decimals([...slice.rowDirection, ...slice.columnDirection])],
    [0x00200052, "UI", "1.2.3.4.99"],
    [0x00201040, "LO", ""],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280010, "US", [slice.height]],
    [0x00280011, "US", [slice.width]],
    [0x00280030, "DS", decimals(slice.spacingMm)],
    [0x00280100, "US", [16]],
    [0x00280101, "US", [16]],
    [0x00280102, "US", [15]],
    [0x00280103, "US", [0]],
    [0x00281052, "DS", "-1024"],
    [0x00281053, "DS", "1"],
    [0x7fe00010, "OW", new Uint8Array(pixels.buffer)],
  );
  return writeDicomFile(dataset, { uid: "1.2.3", version: "TEST" });
}

/** Directions turned by three angles in degrees: oblique; with `flip` the rows run from the patient's left to right. */
export function turned(
  angles: readonly [number, number, number],
  flip = false,
): Pick<CtSlice, "rowDirection" | "columnDirection"> {
  const [a, b, c] = angles.map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  const row: [number, number, number] = [ca * cb, sa * cb, -sb];
  const column: [number, number, number] = [ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc];
  return flip
    ? { rowDirection: row.map((v) => -v) as [number, number, number], columnDirection: column }
    : { rowDirection: row, columnDirection: column };
}
