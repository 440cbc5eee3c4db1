import { code, type DicomItem, type DicomRow, item, writeDicomFile } from "../../../src/io/dicom/write.ts";

/** A study as a lab's archive has it: a CT series with a bright ball, and what readers made of it in the shape of IDC's objects. */
export const STUDY = "1.2.826.1";
export const SERIES = `${STUDY}.1`;
const FRAME_OF_REFERENCE = `${STUDY}.99`;
export const CT = "1.2.840.10008.5.1.4.1.1.2";
const SEG = "1.2.840.10008.5.1.4.1.1.66.4";
const SR = "1.2.840.10008.5.1.4.1.1.88.33";

export interface CtStudy {
  readonly slices: number;
  /** Columns and rows. */
  readonly size: number;
  /** Mixed into every UID, so that one archive holds several; "" for none. */
  readonly tag?: string;
}

export const sopOf = (slice: number, tag = "") => `${SERIES}${tag}.${slice + 1}`;

const studyRows = (tag: string): DicomRow[] => [
  [0x00080005, "CS", "ISO_IR 100"],
  [0x00080020, "DA", "20200102"],
  [0x00080030, "TM", "101112"],
  [0x00080050, "SH", "ACC1"],
  [0x00080090, "PN", "WHO^DOC"],
  [0x00081030, "LO", "CHEST"],
  [0x00100010, "PN", `DOE^JANE${tag.replaceAll(".", " ")}`],
  [0x00100020, "LO", `ID-77${tag}`],
  [0x00100030, "DA", "19500101"],
  [0x00100040, "CS", "F"],
  [0x00200010, "SH", "ST1"],
  [0x0020000d, "UI", `${STUDY}${tag}`],
];

const author = { uid: "1.2.3", version: "TEST" };

/** Slice k at z = 2k mm, pixels of 0.7 mm; −700 HU with grain, and a ball of 100 HU around the middle of the volume. */
export function ctFile(slice: number, { slices, size, tag = "" }: CtStudy): Uint8Array {
  const pixels = new DataView(new ArrayBuffer(2 * size * size));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = inBall(x, y, slice, slices, size, 8);
      const grain = (x * 7 + y * 13 + slice * 29) % 64;
      pixels.setUint16(2 * (y * size + x), 1024 + (inside ? 100 : -700) + grain, true);
    }
  }
  const dataset = item(
    ...studyRows(tag),
    [0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"],
    [0x00080016, "UI", CT],
    [0x00080018, "UI", sopOf(slice, tag)],
    [0x00080060, "CS", "CT"],
    [0x00080070, "LO", "Maker"],
    [0x0008103e, "LO", "Thin lung"],
    [0x00180050, "DS", "2"],
    [0x00180060, "DS", "120"],
    [0x00185100, "CS", "HFS"],
    [0x0020000e, "UI", `${SERIES}${tag}`],
    [0x00200011, "IS", "2"],
    [0x00200012, "IS", "1"],
    [0x00200013, "IS", String(slice + 1)],
    [0x00200032, "DS", `-90\\-80\\${2 * slice}`],
    [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
    [0x00200052, "UI", `${FRAME_OF_REFERENCE}${tag}`],
    [0x00201040, "LO", ""],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280010, "US", [size]],
    [0x00280011, "US", [size]],
    [0x00280030, "DS", "0.7\\0.7"],
    [0x00280100, "US", [16]],
    [0x00280101, "US", [16]],
    [0x00280102, "US", [15]],
    [0x00280103, "US", [0]],
    [0x00281052, "DS", "-1024"],
    [0x00281053, "DS", "1"],
    [0x7fe00010, "OW", new Uint8Array(pixels.buffer)],
  );
  return writeDicomFile(dataset, author);
}

function inBall(x: number, y: number, slice: number, slices: number, size: number, radius: number): boolean {
  const [dx, dy, dz] = [x - size / 2, y - size / 2, 3 * (slice - Math.floor(slices / 2))];
  return dx * dx + dy * dy + dz * dz <= radius * radius;
}

/** A reader's mask of a slice: the ball, larger by a pixel with each reader (from 1). */
export function readerBits(reader: number, slice: number, { slices, size }: CtStudy): Uint8Array {
  const radius = 6 + reader;
  if (3 * Math.abs(slice - Math.floor(slices / 2)) > radius) return new Uint8Array(size * size);
  return Uint8Array.from({ length: size * size }, (_, i) =>
    inBall(i % size, Math.floor(i / size), slice, slices, size, radius) ? 1 : 0,
  );
}

export interface IdcSeg {
  readonly nodule: number;
  readonly reader: number;
  /** Rows stored from the bottom up, the geometry saying so: as dcmqi's are. */
  readonly flipped?: boolean;
  /** The series that it names; missing: the CT's. */
  readonly references?: string;
}

export const trackingOf = (nodule: number, tag = "") => `${STUDY}${tag}.500.${nodule}`;
export const segSop = ({ nodule, reader }: IdcSeg, tag = "") => `${STUDY}${tag}.7.${nodule}.${reader}`;

/** As in IDC's "DICOM-LIDC-IDRI-Nodules": one file a nodule and reader, the nodule's tracking UID in each. */
export function idcSeg(seg: IdcSeg, ct: CtStudy): Uint8Array {
  const { nodule, reader, flipped = false } = seg;
  const { slices, size, tag = "" } = ct;
  const series = seg.references ?? `${SERIES}${tag}`;
  const marked = Array.from({ length: slices }, (_, k) => k).filter((k) => readerBits(reader, k, ct).includes(1));
  const bits = new Uint8Array(Math.ceil((marked.length * size * size) / 8));
  for (const [f, k] of marked.entries()) {
    const mask = readerBits(reader, k, ct);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const at = f * size * size + (flipped ? size - 1 - y : y) * size + x;
        if (mask[y * size + x] === 1) bits[at >>> 3] = (bits[at >>> 3] as number) | (1 << (at & 7));
      }
    }
  }
  const top = flipped ? -80 + 0.7 * (size - 1) : -80;
  const image = (k: number) => item([0x00081150, "UI", CT], [0x00081155, "UI", sopOf(k, tag)]);
  const frame = (k: number) =>
    item(
      [
        0x00089124,
        "SQ",
        [
          item(
            [
              0x00082112,
              "SQ",
              [
                item(
                  [0x00081150, "UI", CT],
                  [0x00081155, "UI", sopOf(k, tag)],
                  [0x0040a170, "SQ", [code("121322", "DCM", "Source image for image processing operation")]],
                ),
              ],
            ],
            [0x00089215, "SQ", [code("113076", "DCM", "Segmentation")]],
          ),
        ],
      ],
      [0x00209111, "SQ", [item([0x00209157, "UL", [1, k + 1]])]],
      [0x00209113, "SQ", [item([0x00200032, "DS", `-90\\${top}\\${2 * k}`])]],
      [0x0062000a, "SQ", [item([0x0062000b, "US", [1]])]],
    );
  const segment = item(
    [0x00620003, "SQ", [code("49755003", "SCT", "Morphologically Abnormal Structure")]],
    [0x00620004, "US", [1]],
    [0x00620005, "LO", `Nodule ${nodule} - Annotation ${reader}`],
    [0x00620008, "CS", "MANUAL"],
    [0x0062000f, "SQ", [code("27925004", "SCT", "Nodule")]],
    [0x00620020, "UT", `Nodule ${nodule}`],
    [0x00620021, "UI", trackingOf(nodule, tag)],
  );
  const shared = item(
    [0x00209116, "SQ", [item([0x00200037, "DS", flipped ? "1\\0\\0\\0\\-1\\0" : "1\\0\\0\\0\\1\\0"])]],
    [0x00289110, "SQ", [item([0x00180050, "DS", "2"], [0x00180088, "DS", "2"], [0x00280030, "DS", "0.7\\0.7"])]],
  );
  const dataset = item(
    ...studyRows(tag),
    [0x00080016, "UI", SEG],
    [0x00080018, "UI", segSop(seg, tag)],
    [0x00080023, "DA", "20200102"],
    [0x00080033, "TM", "101112"],
    [0x00080060, "CS", "SEG"],
    [0x00080070, "LO", "Maker"],
    [0x0008103e, "LO", `Segmentation of Nodule ${nodule} - Annotation ${reader}`],
    [0x00081115, "SQ", [item([0x0008114a, "SQ", marked.map(image)], [0x0020000e, "UI", series])]],
    [0x0020000e, "UI", `${segSop(seg, tag)}.0`],
    [0x00200011, "IS", "300"],
    [0x00200013, "IS", "1"],
    [0x00200052, "UI", `${FRAME_OF_REFERENCE}${tag}`],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280008, "IS", String(marked.length)],
    [0x00280010, "US", [size]],
    [0x00280011, "US", [size]],
    [0x00280100, "US", [1]],
    [0x00280101, "US", [1]],
    [0x00280102, "US", [0]],
    [0x00280103, "US", [0]],
    [0x00620001, "CS", "BINARY"],
    [0x00620002, "SQ", [segment]],
    [0x52009229, "SQ", [shared]],
    [0x52009230, "SQ", marked.map(frame)],
    [0x7fe00010, "OB", bits],
  );
  return writeDicomFile(dataset, author);
}

/** A report after TID 1500 on one reader's segment: 1234.5 mm³, 12.5 mm, malignancy 4, subtlety 5. */
export function idcReport(seg: IdcSeg, { tag = "" }: CtStudy): Uint8Array {
  const concept = (value: string, meaning: string): DicomRow => [0x0040a043, "SQ", [code(value, "DCM", meaning)]];
  const number = (value: string, meaning: string, amount: string, unit: string): DicomItem =>
    item([0x0040a010, "CS", "CONTAINS"], [0x0040a040, "CS", "NUM"], concept(value, meaning), [
      0x0040a300,
      "SQ",
      [item([0x004008ea, "SQ", [code(unit, "UCUM", unit)]], [0x0040a30a, "DS", amount])],
    ]);
  const rating = (meaning: string, said: string): DicomItem =>
    item([0x0040a010, "CS", "CONTAINS"], [0x0040a040, "CS", "CODE"], concept("C0", meaning), [
      0x0040a168,
      "SQ",
      [code("C1", "DCM", said)],
    ]);
  const container = (value: string, meaning: string, content: readonly DicomItem[]): DicomRow[] => [
    [0x0040a040, "CS", "CONTAINER"],
    concept(value, meaning),
    [0x0040a050, "CS", "SEPARATE"],
    [0x0040a730, "SQ", content],
  ];
  const uid = item(
    [0x0040a010, "CS", "HAS OBS CONTEXT"],
    [0x0040a040, "CS", "UIDREF"],
    concept("112040", "Tracking Unique Identifier"),
    [0x0040a124, "UI", trackingOf(seg.nodule, tag)],
  );
  const segment = item(
    [0x0040a010, "CS", "CONTAINS"],
    [0x0040a040, "CS", "IMAGE"],
    concept("121191", "Referenced Segment"),
    [0x00081199, "SQ", [item([0x00081150, "UI", SEG], [0x00081155, "UI", segSop(seg, tag)], [0x0062000b, "US", [1]])]],
  );
  const contains: DicomRow = [0x0040a010, "CS", "CONTAINS"];
  const group = item(
    contains,
    ...container("125007", "Measurement Group", [
      uid,
      segment,
      number("118565006", "Volume", "1234.5", "mm3"),
      number("M02550", "Diameter", "12.5", "mm"),
      number("118565006", "Volume of another unit", "1.2", "ml"),
      rating("Malignancy", "4 out of 5 (Moderately Suspicious for Cancer)"),
      rating("Subtlety score", "5 out of 5 (Obvious)"),
      rating("Finding site", "Lung"),
    ]),
  );
  const measurements = item(contains, ...container("126010", "Imaging Measurements", [group]));
  const sop = `${segSop(seg, tag)}.9`;
  const dataset = item(
    ...studyRows(tag),
    [0x00080016, "UI", SR],
    [0x00080018, "UI", sop],
    [0x00080023, "DA", "20200102"],
    [0x00080033, "TM", "101112"],
    [0x00080060, "CS", "SR"],
    [0x00080070, "LO", "Maker"],
    [0x0008103e, "LO", `Nodule ${seg.nodule} - Annotation ${seg.reader} evaluations`],
    [0x0020000e, "UI", `${sop}.0`],
    [0x00200011, "IS", "301"],
    [0x00200013, "IS", "1"],
    [0x0040a491, "CS", "COMPLETE"],
    [0x0040a493, "CS", "UNVERIFIED"],
    ...container("126000", "Imaging Measurement Report", [measurements]),
  );
  return writeDicomFile(dataset, author);
}

/** The CT, four readers' SEGs of nodule 1 (the second one flipped) and a report on reader 1's. */
export function idcStudy(ct: CtStudy): Uint8Array[] {
  return [
    ...Array.from({ length: ct.slices }, (_, k) => ctFile(k, ct)),
    ...[1, 2, 3, 4].map((reader) => idcSeg({ nodule: 1, reader, flipped: reader === 2 }, ct)),
    idcReport({ nodule: 1, reader: 1 }, ct),
  ];
}
