import { crc32, deflateSync, gzipSync } from "node:zlib";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writeSession } from "../../../src/io/session/session.ts";
import { dicomBytes, type Written } from "../../support/dicom-bytes.ts";
import { SEED_SIZE, seedValues } from "./seed-values.ts";

const [WIDTH, HEIGHT] = SEED_SIZE;
const text = (value: string) => new TextEncoder().encode(value);

/** One PNG chunk: length, type, body, checksum. */
export function pngChunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}

export function pngHeader(width: number, height: number, depth: number, colourType: number, interlaced = 0): Buffer {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width, 0);
  body.writeUInt32BE(height, 4);
  body.set([depth, colourType, 0, 0, interlaced], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), pngChunk("IHDR", body)]);
}

/** Rows of any colour type and depth, each behind filter 0. */
export function pngOf(
  width: number,
  height: number,
  depth: number,
  colourType: number,
  rows: readonly Uint8Array[],
  palette?: Uint8Array,
): Uint8Array {
  const raw = Buffer.concat(rows.flatMap((row) => [Buffer.from([0]), row]));
  return Buffer.concat([
    pngHeader(width, height, depth, colourType),
    ...(palette ? [pngChunk("PLTE", palette)] : []),
    pngChunk("tEXt", text("Title\0<img src=x onerror=alert(1)>")),
    pngChunk("IDAT", deflateSync(raw)),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

/** The seed picture as PNG. Colour types: 0 grey, 2 RGB, 3 palette. */
export function pngBytes(colourType: 0 | 2 | 3, depth: 4 | 8 | 16): Uint8Array {
  const samples = seedValues(8);
  const rows = Array.from({ length: HEIGHT }, (_, y) => {
    const row = samples.slice(y * WIDTH, (y + 1) * WIDTH);
    if (depth === 4)
      return Uint8Array.from(
        { length: WIDTH / 2 },
        (_, i) => (((row[2 * i] as number) >> 4) << 4) | ((row[2 * i + 1] as number) >> 4),
      );
    return Uint8Array.from(
      row.flatMap((value) => (depth === 16 ? [value, value] : colourType === 2 ? [value, value, value] : [value])),
    );
  });
  const palette = colourType === 3 ? Uint8Array.from({ length: 48 }, (_, i) => 17 * Math.floor(i / 3)) : undefined;
  return pngOf(WIDTH, HEIGHT, depth, colourType, rows, palette);
}

export function niftiBytes(little: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(352 + 2 * WIDTH * HEIGHT));
  view.setInt32(0, 348, little);
  for (const [i, side] of [3, WIDTH, HEIGHT, 1, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * i, side, little);
  view.setInt16(70, 4, little);
  view.setInt16(72, 16, little);
  for (const [i, size] of [1, 0.5, 0.75, 2].entries()) view.setFloat32(76 + 4 * i, size, little);
  view.setFloat32(108, 352, little);
  view.setInt16(252, 1, little);
  view.setInt16(254, 1, little);
  for (const [i, value] of [0.5, 0, 0, 10, 0, 0.75, 0, 20, 0, 0, 2, 30].entries())
    view.setFloat32(280 + 4 * i, value, little);
  for (const [i, letter] of [0x6e, 0x2b, 0x31].entries()) view.setUint8(344 + i, letter);
  for (const [i, value] of seedValues(16).entries()) view.setInt16(352 + 2 * i, value, little);
  return new Uint8Array(view.buffer);
}

export function nrrdBytes(kind: "raw" | "gzip" | "seg"): Uint8Array {
  const bytes = Uint8Array.from(seedValues(8), (value) => (kind === "seg" ? Number(value > 120) : value));
  const header = [
    "NRRD0004",
    "type: uchar",
    "dimension: 3",
    `sizes: ${WIDTH} ${HEIGHT} 1`,
    "space: left-posterior-superior",
    "space directions: (0.5,0,0) (0,0.75,0) (0,0,2)",
    "kinds: domain domain domain",
    "space origin: (1,2,3)",
    `encoding: ${kind === "gzip" ? "gzip" : "raw"}`,
    ...(kind === "seg"
      ? ["Segment0_ID:=s", "Segment0_Name:=<b>Grader</b>", "Segment0_LabelValue:=1", "Segment0_Layer:=0"]
      : []),
  ];
  return Buffer.concat([text(`${header.join("\n")}\n\n`), kind === "gzip" ? gzipSync(bytes) : bytes]);
}

/** Both formats of text headers with their numbers in another file, in a zip. */
export function detachedZip(): Uint8Array {
  const header = (whole: Uint8Array, end: string) => {
    const said = new TextDecoder("latin1").decode(whole);
    return said.slice(0, said.indexOf(end));
  };
  const meta = header(metaImageBytes("raw"), "LOCAL");
  const nrrd = header(nrrdBytes("raw"), "\n\n");
  return writeZip({
    "a.mhd": text(`${meta}a.raw\n`),
    "a.raw": new Uint8Array(Int16Array.from(seedValues(16)).buffer),
    "labels.nhdr": text(`${nrrd}\ndata file: labels%d.raw 1 1 1\n`),
    "labels1.raw": Uint8Array.from(seedValues(8), (value) => Number(value > 120)),
  });
}

export function metaImageBytes(kind: "raw" | "zlib"): Uint8Array {
  const bytes = new Uint8Array(Int16Array.from(seedValues(16)).buffer);
  const packed = kind === "zlib" ? deflateSync(bytes) : bytes;
  const header = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    ...(kind === "zlib"
      ? ["CompressedData = True", `CompressedDataSize = ${packed.length}`]
      : ["CompressedData = False"]),
    "TransformMatrix = 1 0 0 0 1 0 0 0 1",
    "Offset = 1 2 3",
    "CenterOfRotation = 0 0 0",
    "AnatomicalOrientation = RAI",
    "ElementSpacing = 0.5 0.75 2",
    `DimSize = ${WIDTH} ${HEIGHT} 1`,
    "ElementType = MET_SHORT",
    "ElementDataFile = LOCAL",
  ];
  return Buffer.concat([text(`${header.join("\n")}\n`), packed]);
}

export function packZip(slice: Uint8Array, mask: Uint8Array): Uint8Array {
  const index = {
    version: 1,
    title: "<script>alert(1)</script>",
    attribution: "made up",
    cases: [
      {
        id: "1",
        title: "one",
        slice: "001/slice.npy",
        spacingMm: [0.7, 0.6],
        unit: "HU",
        region: [20, 14],
        simulated: true,
        graders: [
          { name: "Grader <b>1</b>", mask: "001/grader-1.png", ratings: { malignancy: 3 } },
          { name: "Grader 2", mask: null },
        ],
      },
    ],
  };
  return writeZip({ "pack.json": text(JSON.stringify(index)), "001/slice.npy": slice, "001/grader-1.png": mask });
}

/** One reading session with a nodule, an exclusion and a single point, in LIDC's own shape. */
export function lidcXml(): Uint8Array {
  const edges = (points: [number, number][]) =>
    points.map(([x, y]) => `<edgeMap><xCoord>${x}</xCoord><yCoord>${y}</yCoord></edgeMap>`).join("");
  const roi = (inclusion: string, points: [number, number][]) =>
    `<roi><imageZposition>-75.7</imageZposition><imageSOP_UID>1.2.3.4</imageSOP_UID><inclusion>${inclusion}</inclusion>${edges(points)}</roi>`;
  const nodule = `<unblindedReadNodule><noduleID>1</noduleID><characteristics><subtlety>3</subtlety><malignancy>4</malignancy></characteristics>${roi(
    "TRUE",
    [
      [5, 5],
      [15, 5],
      [15, 15],
      [5, 15],
      [5, 5],
    ],
  )}${roi("FALSE", [
    [8, 8],
    [11, 8],
    [11, 11],
    [8, 11],
    [8, 8],
  ])}</unblindedReadNodule>`;
  const point = `<unblindedReadNodule><noduleID>2</noduleID>${roi("TRUE", [[20, 20]])}</unblindedReadNodule>`;
  const session = `<readingSession><annotationVersion>3.12</annotationVersion><servicingRadiologistID>&lt;b&gt;anon&lt;/b&gt;</servicingRadiologistID>${nodule}${point}</readingSession>`;
  return text(
    `<?xml version="1.0" encoding="UTF-8"?><LidcReadMessage uid="1.3" xmlns="http://www.nih.gov"><ResponseHeader><SeriesInstanceUid>1.2.3</SeriesInstanceUid><StudyInstanceUID>1.2</StudyInstanceUID></ResponseHeader>${session}${session}</LidcReadMessage>`,
  );
}

export function sessionBytes(): Uint8Array {
  return writeSession({
    version: 1,
    app: { version: "0.1.0", commit: "0" },
    model: { name: "tiny", sha256: "0".repeat(64) },
    slice: { sha256: "1".repeat(64), width: WIDTH, height: HEIGHT, frame: 0, spacingMm: [0.7, 0.6], geometry: null },
    region: [20, 14],
    choice: { kind: "z", seed: 1, count: 4, z: [0, 1, 2] },
    threshold: 0.5,
    backend: "cpu",
  });
}

/** Two regions of interest, the first with a contour on a named picture and one by its plane. */
export function rtStructBytes(): Uint8Array {
  const contour = (data: string, uid: string | null): Written[] => [
    ...(uid ? [[0x30060016, "SQ", { items: [[[0x00081155, "UI", uid]]] }] as Written] : []),
    [0x30060042, "CS", "CLOSED_PLANAR"],
    [0x30060046, "IS", "3"],
    [0x30060050, "DS", data],
  ];
  const contours = [contour("1\\2\\3\\9\\2\\3\\9\\9\\3", "1.2.3.4"), contour("1\\2\\3\\9.5\\2\\3\\9\\9\\3", null)];
  return dicomBytes("1.2.840.10008.1.2.1", [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
    [
      0x30060020,
      "SQ",
      {
        items: ["1", "2"].map((number): Written[] => [
          [0x30060022, "IS", number],
          [0x30060026, "LO", `Reader ${number}`],
        ]),
      },
    ],
    [
      0x30060039,
      "SQ",
      {
        items: [
          [
            [0x30060040, "SQ", { items: contours }],
            [0x30060084, "IS", "1"],
          ],
        ],
      },
    ],
  ]);
}
