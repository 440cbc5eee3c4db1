import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { constants, crc32, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { datasetBytes, dicomBytes, headerBytes, metaBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { tarEntry } from "../../support/tar-bytes.ts";
import { pngChunk, pngHeader } from "./seed-files.ts";
import { encapsulated } from "./structured/dicom/frames.ts";

const MIB = 1 << 20;
const text = (value: string) => new TextEncoder().encode(value);

/** A deflated zip entry whose declared size need not be true. */
export function zipOf(
  entries: readonly { name: string; packed: Uint8Array; size: number; method?: number }[],
): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, packed, size, method = 8 } of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, tail, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, all, end]);
}

const NOTHING = Buffer.alloc(MIB);

/** `head` and then so many MiB of zeros, deflated without ever being held: one packed MiB, over and over. */
function rawZeros(mebibytes: number, head: Uint8Array = Buffer.alloc(0)): Buffer {
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const block = deflateRawSync(NOTHING, flush);
  const end = Buffer.from([3, 0]);
  return Buffer.concat([deflateRawSync(head, flush), ...Array.from({ length: mebibytes }, () => block), end]);
}

function gzipZeros(mebibytes: number, head: Uint8Array = Buffer.alloc(0)): Buffer {
  let sum = crc32(head);
  for (let i = 0; i < mebibytes; i++) sum = crc32(NOTHING, sum);
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(sum, 0);
  tail.writeUInt32LE(head.length + mebibytes * MIB, 4);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), rawZeros(mebibytes, head), tail]);
}

function zlibZeros(mebibytes: number): Buffer {
  // Adler-32 of n zeros: a = 1, b = n mod 65521.
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE((((mebibytes * MIB) % 65_521) * 65_536 + 1) >>> 0);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), rawZeros(mebibytes), tail]);
}

/** The header of a tar's entry that declares so many bytes. */
function tarHead(size: number): Buffer {
  return tarEntry("a.bin", new Uint8Array(0), { size: `${size.toString(8).padStart(11, "0")}\0` });
}

function png(header: Buffer, packed: Uint8Array): Buffer {
  return Buffer.concat([header, pngChunk("IDAT", packed), pngChunk("IEND", Buffer.alloc(0))]);
}

function npyOf(shape: string, bytes: number): Buffer {
  const header = `${`{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from("NUMPY"),
    Buffer.from([1, 0, 118, 0]),
    Buffer.from(header),
    Buffer.alloc(bytes),
  ]);
}

/** Sequences one in the other, from the inside outwards. */
function nestedSequences(depth: number, undefinedLength: boolean): Uint8Array {
  const item = { explicit: false };
  let inner = datasetBytes([[0x00081150, "UI", "1.2"]]);
  for (let i = 0; i < depth; i++) {
    const length = undefinedLength ? 0xffffffff : inner.length;
    const ends = undefinedLength ? [headerBytes(0xfffee00d, "", 0, item), headerBytes(0xfffee0dd, "", 0, item)] : [];
    const sequence = headerBytes(0x00081140, "SQ", undefinedLength ? length : length + 8, {});
    inner = Buffer.concat([sequence, headerBytes(0xfffee000, "", length, item), inner, ...ends]);
  }
  return Buffer.concat([metaBytes("1.2.840.10008.1.2.1"), inner, datasetBytes(tinyCt())]);
}

/** Contours of 65,536 points each, which go to and fro. */
function wideContours(count: number): Uint8Array {
  const data = "-1e9\\-1e9\\3\\1e9\\1e9\\3\\".repeat(1 << 15).slice(0, -1);
  const contour: Written[] = [
    [0x30060042, "CS", "CLOSED_PLANAR"],
    [0x30060050, "UN", text(data)],
  ];
  return dicomBytes("1.2.840.10008.1.2.1", [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3"],
    [0x30060020, "SQ", { items: [[[0x30060022, "IS", "1"]]] }],
    [
      0x30060039,
      "SQ",
      {
        items: [
          [
            [0x30060040, "SQ", { items: Array.from({ length: count }, () => contour) }],
            [0x30060084, "IS", "1"],
          ],
        ],
      },
    ],
  ]);
}

/** Frames of bits, deflated each: 2 MiB of zeros in 2 KiB. */
function segOfNothing(frames: number): Uint8Array {
  const elements: Written[] = [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.4"],
    [0x00280008, "IS", `${frames}`],
    [0x00280010, "US", [4096]],
    [0x00280011, "US", [4096]],
    [0x00280100, "US", [1]],
    [0x00620001, "CS", "BINARY"],
    [0x00620002, "SQ", { items: [[[0x00620004, "US", [1]]]] }],
    [0x52009229, "SQ", { items: [[[0x0062000a, "SQ", { items: [[[0x0062000b, "US", [1]]]] }]]] }],
  ];
  const packed = rawZeros(2);
  const frame = packed.length % 2 === 0 ? packed : Buffer.concat([packed, Buffer.of(0)]);
  return Buffer.concat([
    dicomBytes("1.2.840.10008.1.2.8.1", elements),
    encapsulated(Array.from({ length: frames }, () => frame)),
  ]);
}

function metaImageHeader(size: string, type: string, compressed: boolean): string {
  const packed = `CompressedData = ${compressed ? "True" : "False"}`;
  return `ObjectType = Image\nNDims = 3\n${packed}\nDimSize = ${size}\nElementType = ${type}\nElementDataFile = LOCAL\n`;
}

function billionLaughs(): Uint8Array {
  const entities = Array.from({ length: 12 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("");
  return text(
    `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${entities}]><LidcReadMessage>&l12;</LidcReadMessage>`,
  );
}

function niftiOf(columns: number, rows: number, slices: number): Buffer {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  for (const [i, side] of [3, columns, rows, slices].entries()) header.writeInt16LE(side, 40 + 2 * i);
  header.writeInt16LE(2, 70);
  header.writeFloatLE(352, 108);
  header.write("n+1", 344);
  return header;
}

const HUGE: Written[] = [
  [0x00280010, "US", [4096]],
  [0x00280011, "US", [4096]],
  [0x00280008, "IS", "20000"],
];

const EDGES = "<edgeMap><xCoord>1e9</xCoord><yCoord>-1e9</yCoord></edgeMap>".repeat(3);
const WIDE = `<LidcReadMessage><ResponseHeader><SeriesInstanceUid>1.2.3</SeriesInstanceUid></ResponseHeader><readingSession><unblindedReadNodule><roi><imageSOP_UID>1.2.3.4</imageSOP_UID><inclusion>TRUE</inclusion>${EDGES}</roi></unblindedReadNodule></readingSession></LidcReadMessage>`;

/** Files that are evil as they are, made when their turn comes: each must end quickly and in little memory. */
export const BOMBS: readonly (readonly [name: string, make: () => Uint8Array, honestMiB?: number])[] = [
  [
    "npz that unpacks a thousandfold",
    () => zipOf([{ name: "a.npy", packed: rawZeros(64, npyOf("64, 1024, 1024", 0)), size: 64 * MIB + 128 }]),
  ],
  [
    "npz that declares 4 GB",
    () => zipOf([{ name: "images.npy", packed: rawZeros(64, npyOf("4000, 1024, 1024", 0)), size: 4e9 }]),
  ],
  [
    "npz of 180 pictures of 1 MiB",
    () => zipOf([{ name: "image.npy", packed: rawZeros(180, npyOf("180, 1024, 1024", 0)), size: 180 * MIB + 128 }]),
  ],
  [
    "zip that lies about its sizes",
    () =>
      zipOf([
        { name: "a.dcm", packed: rawZeros(64), size: 100 },
        { name: "b.dcm", packed: rawZeros(64), size: 4e9 },
      ]),
  ],
  [
    "zip of 2000 entries of 1 GB",
    () => zipOf(Array.from({ length: 2000 }, (_, i) => ({ name: `${i}.dcm`, packed: rawZeros(1), size: 1e9 }))),
  ],
  [
    "zip in a zip in a zip",
    () =>
      zipOf([
        {
          name: "z.zip",
          packed: deflateRawSync(zipOf([{ name: "z.zip", packed: rawZeros(64), size: 64 * MIB }])),
          size: 70_000,
        },
      ]),
  ],
  ["honest NIfTI of 176 MiB of nothing", () => gzipZeros(176, niftiOf(4000, 4000, 11)), 176],
  ["NIfTI that unpacks past its end", () => gzipZeros(300, niftiOf(64, 64, 4))],
  ["gzip of 300 MiB of zeros", () => gzipZeros(300)],
  ["tar.gz of 300 MiB of zeros", () => gzipZeros(300, tarEntry("a.dcm", new Uint8Array(0)))],
  ["tar.gz whose file is as long as it says, and far too long", () => gzipZeros(250, tarHead(250 * MIB))],
  [
    "60 archives of 180 MiB in a zip",
    () => {
      const packed = deflateRawSync(gzipZeros(180, tarHead(180 * MIB)));
      const size = gzipZeros(180, tarHead(180 * MIB)).length;
      return zipOf(Array.from({ length: 60 }, (_, i) => ({ name: `${i}.tgz`, packed, size })));
    },
    180,
  ],
  ["gzip in a gzip", () => gzipSync(gzipZeros(64))],
  ["PNG of 8 × 8 pixels that unpacks to 128 MiB", () => png(pngHeader(8, 8, 8, 0), zlibZeros(128))],
  ["PNG of 4096 × 4096 pixels of 64 bits", () => png(pngHeader(4096, 4096, 16, 6), zlibZeros(129))],
  ["PNG of 2³¹ pixels a side", () => png(pngHeader(2 ** 31 - 1, 2 ** 31 - 1, 16, 6), deflateSync(Buffer.alloc(9)))],
  ["DICOM that is deflated to nothing", () => Buffer.concat([dicomBytes("1.2.840.10008.1.2.1.99", []), rawZeros(300)])],
  ["RTSTRUCT of a million points, in contours a billion millimetres wide", () => wideContours(20)],
  ["SEG of 2,000 frames of 4096 × 4096 in a kilobyte each", () => segOfNothing(2000)],
  ["sequences 30 deep", () => nestedSequences(30, true)],
  ["sequences 5000 deep", () => nestedSequences(5000, true)],
  ["sequences 60 deep, with lengths", () => nestedSequences(60, false)],
  ["20,000 native frames of 4096 × 4096", () => dicomBytes("1.2.840.10008.1.2.1", tinyCt(undefined, ...HUGE))],
  ...["jpeg-2000", "jpeg-ls", "jpeg-lossless", "jpeg-baseline", "rle"].map(
    (name) => [`${name} of 4096 × 4096`, () => hugeStream(name)] as const,
  ),
  ["a billion laughs", billionLaughs],
  ["XML 100,000 deep", () => text(`<LidcReadMessage>${"<a>".repeat(100_000)}`)],
  ["contours a billion pixels wide", () => text(WIDE)],
  ["JSON 200,000 deep", () => text(`{"cases":${"[".repeat(200_000)}`)],
  ["pack that points outside", () => text(`{"version":1,"cases":[{"slice":"../../../../etc/passwd"}]}`)],
  [
    "NRRD without its data",
    () => text("NRRD0004\ntype: double\ndimension: 3\nsizes: 4096 4096 20000\nencoding: raw\n\n"),
  ],
  ["NRRD of 10²⁷ voxels", () => text("NRRD0004\ntype: uchar\ndimension: 3\nsizes: 1e9 1e9 1e9\nencoding: gzip\n\n")],
  [
    "NRRD that unpacks past its end",
    () =>
      Buffer.concat([
        text("NRRD0004\ntype: uchar\ndimension: 2\nsizes: 4096 4096\nencoding: gzip\n\n"),
        gzipZeros(250),
      ]),
  ],
  ["MetaImage without its data", () => text(metaImageHeader("4096 4096 20000", "MET_DOUBLE", false))],
  ["MetaImage of 10²⁷ voxels", () => text(metaImageHeader("1e9 1e9 1e9", "MET_UCHAR", true))],
  [
    "MetaImage that unpacks past its end",
    () => Buffer.concat([text(metaImageHeader("4096 4096 1", "MET_UCHAR", true)), zlibZeros(250)]),
  ],
  [
    "headers that name a million files, or one with a name of a million letters",
    () =>
      zipOf(
        ["%d.raw 1 999999 1", "%0999999d.raw 1 9 1", "LIST\n".padEnd(60_000, "a\n")].map((said, i) => {
          const size = Buffer.from(metaImageHeader("9 9 9", "MET_UCHAR", false).replace("LOCAL", said));
          return { name: `${i}.mhd`, packed: size, size: size.length, method: 0 };
        }),
      ),
  ],
  [
    "300 files of 1 MiB of nothing that one header asks for",
    () => {
      const names = Array.from({ length: 300 }, (_, i) => `${i}.raw`);
      const header = metaImageHeader("1024 1024 300", "MET_UCHAR", false).replace("LOCAL", `LIST\n${names.join("\n")}`);
      return writeZip({ "a.mhd": text(header), ...Object.fromEntries(names.map((name) => [name, NOTHING])) });
    },
  ],
  ["npy of 2¹⁰⁶ items", () => npyOf("9007199254740993, 9007199254740993", 8)],
  ["npy of seven axes", () => npyOf("1, 1, 1, 1, 1, 65535, 65535", 8)],
];

/** Files that once broke a reader, each named for what it did. */
export const KEPT: typeof BOMBS = readdirSync(resolve(import.meta.dirname, "kept")).map((name) => [
  `kept: ${name}`,
  () => new Uint8Array(readFileSync(resolve(import.meta.dirname, "kept", name))),
]);

/** A sound small stream whose own header, and the file's, say 4096 × 4096. */
function hugeStream(name: string): Uint8Array {
  const bytes = Uint8Array.from(readFileSync(resolve(import.meta.dirname, `seeds/${name}.dcm`)));
  const view = new DataView(bytes.buffer);
  // Rows 28 and columns 40: of the data set little-endian, of JPEG streams big-endian words, of JPEG 2000 longs.
  for (let at = 132; at + 4 <= bytes.length; at++) {
    const rowsTag = view.getUint32(at, true) === 0x00100028 || view.getUint32(at, true) === 0x00110028;
    if (rowsTag && at + 10 <= bytes.length) view.setUint16(at + 8, 4096, true);
    if (view.getUint32(at) === 0x001c0028) view.setUint32(at, 0x10001000);
    if (at + 8 <= bytes.length && view.getUint32(at) === 40 && view.getUint32(at + 4) === 28) {
      view.setUint32(at, 4096);
      view.setUint32(at + 4, 4096);
    }
  }
  return bytes;
}
