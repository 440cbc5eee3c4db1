import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Slice } from "../../../src/core/values/slice.ts";
import { openDicomImage } from "../../../src/io/dicom/image.ts";
import { datasetBytes, dicomBytes, headerBytes, metaBytes, tinyCt, type Written } from "../../support/dicom-bytes.ts";
import { english } from "../../support/english.ts";
import { SEED_SIZE, seedValues } from "../hostile/seed-values.ts";

const EXPLICIT = "1.2.840.10008.1.2.1";
const IMPLICIT = "1.2.840.10008.1.2";
const BIG = "1.2.840.10008.1.2.2";
const DEFLATED = "1.2.840.10008.1.2.1.99";
const RLE = "1.2.840.10008.1.2.5";
/** Stored 0, 24, 1024, 1064, 2024, 4095 minus 1024. */
const HU = [-1024, -1000, 0, 40, 1000, 3071];

async function read(bytes: Uint8Array, frame = 0): Promise<Slice> {
  return (await openDicomImage(bytes, "tiny.dcm")).slice(frame);
}

async function refusal(bytes: Uint8Array, frame = 0): Promise<GraderspaceError> {
  try {
    await read(bytes, frame);
  } catch (error) {
    if (error instanceof GraderspaceError) return error;
    throw error;
  }
  throw new Error("it was read");
}

const values = async (bytes: Uint8Array, frame = 0) => [...(await read(bytes, frame)).values];
const ct = (...more: Written[]) => dicomBytes(EXPLICIT, tinyCt(undefined, ...more));
const pixels = (vr: string, numbers: number[]): Written => [0x7fe00010, vr, numbers];

describe("encodings", () => {
  it.each([
    ["explicit little endian", EXPLICIT],
    ["implicit little endian", IMPLICIT],
    ["explicit big endian", BIG],
    ["deflated", DEFLATED],
  ])("reads %s", async (_, syntax) => {
    const slice = await read(dicomBytes(syntax, tinyCt()));
    expect([...slice.values]).toEqual(HU);
    expect(slice).toMatchObject({ width: 3, height: 2, unit: "HU", modality: "CT", padding: null });
    // Pixel Spacing is [between rows, between columns].
    expect(slice.spacingMm).toEqual([0.7, 0.6]);
    expect(slice.geometry?.position).toEqual([-10, 20.5, -75.7]);
  });

  it("reads a data set without preamble and without meta header, in each encoding", async () => {
    for (const coding of [{ explicit: true }, { explicit: false }, { bigEndian: true }]) {
      expect(await values(datasetBytes(tinyCt(), coding))).toEqual(HU);
    }
  });

  it("reads a meta header without preamble", async () => {
    expect(await values(dicomBytes(EXPLICIT, tinyCt()).subarray(132))).toEqual(HU);
  });

  it("believes the bytes where the meta header names another encoding than they have", async () => {
    const bytes = Buffer.concat([metaBytes(EXPLICIT), datasetBytes(tinyCt(), { explicit: false })]);
    expect(await values(bytes)).toEqual(HU);
  });

  it("skips sequences of known and of undefined length, and an Extended Offset Table (VR OV)", async () => {
    const items = { items: [[[0x00081150, "UI", "1.2"]], []] as Written[][] };
    const bytes = ct(
      [0x00081140, "SQ", items],
      [0x00082112, "SQ", { ...items, undefinedLength: true }],
      [0x7fe00001, "OV", [0]],
    );
    expect(await values(bytes)).toEqual(HU);
  });

  it("unpacks RLE: two byte planes, the high one first", async () => {
    // 6 pixels 0x0102: high plane 6 × 01 = [257 − 6 = 251, 1]; low plane literal 2 3 4 5 6 7 = [5, …].
    const segment = [251, 1, 5, 2, 3, 4, 5, 6, 7, 0];
    const header = new Uint32Array(16);
    header.set([2, 64, 66]);
    const frame = Buffer.concat([Buffer.from(header.buffer), Buffer.from(segment)]);
    const bytes = encapsulated(RLE, [frame]);
    expect(await values(bytes)).toEqual([258, 259, 260, 261, 262, 263].map((stored) => stored - 1024));
  });
});

it("reads compressed pixels that were given a length, which the standard forbids", async () => {
  const bytes = Buffer.from(readFileSync(resolve(import.meta.dirname, "../hostile/seeds/rle.dcm")));
  const at = bytes.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  bytes.writeUInt32LE(bytes.length - at - 12, at + 8);
  expect(await values(bytes)).toEqual(seedValues(16));
});

/** Pixel data in fragments behind an empty offset table. */
function encapsulated(syntax: string, fragments: readonly Uint8Array[], ...more: Written[]): Uint8Array {
  const [, ...rest] = [null, ...tinyCt(undefined, ...more)].filter((e) => e === null || e[0] !== 0x7fe00010);
  const tag = { explicit: false };
  return Buffer.concat([
    metaBytes(syntax),
    datasetBytes(rest as Written[]),
    headerBytes(0x7fe00010, "OB", 0xffffffff, {}),
    headerBytes(0xfffee000, "", 0, tag),
    ...fragments.flatMap((fragment) => [headerBytes(0xfffee000, "", fragment.length, tag), fragment]),
    headerBytes(0xfffee0dd, "", 0, tag),
  ]);
}

describe("fragments", () => {
  const seed = new Uint8Array(readFileSync(resolve(import.meta.dirname, "../hostile/seeds/jpeg-2000.dcm")));
  const at = Buffer.from(seed).indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
  const end = Buffer.from(seed).indexOf(Buffer.from([0xff, 0xd9]), at) + 2;
  const stream = seed.subarray(at, end + ((end - at) % 2));
  const parts = [stream.subarray(0, 200), stream.subarray(200)];
  const [width, height] = SEED_SIZE;
  const size: Written[] = [
    [0x00280008, "IS", "2"],
    [0x00280010, "US", [height]],
    [0x00280011, "US", [width]],
    [0x00281052, "DS", "0"],
  ];

  it("of two frames without an offset table are told apart by where a stream begins", async () => {
    const bytes = encapsulated("1.2.840.10008.1.2.4.90", [...parts, ...parts], ...size);
    for (const frame of [0, 1]) expect(await values(bytes, frame)).toEqual(seedValues(16));
  });

  it("are told apart by the Extended Offset Table", async () => {
    // Second frame: behind two item headers of 8 bytes and the first stream.
    const table: Written = [0x7fe00001, "OV", [0, 16 + stream.length]];
    // Its first two bytes alone do not tell that a stream begins there.
    const fragments = [...parts, stream.subarray(0, 2), stream.subarray(2)];
    const bytes = encapsulated("1.2.840.10008.1.2.4.90", fragments, ...size, table);
    expect(await values(bytes, 1)).toEqual(seedValues(16));
  });
});

describe("stored values", () => {
  it("takes slope and intercept as floats, and a negative slope", async () => {
    const bytes = ct([0x00281052, "DS", "0.5"], [0x00281053, "DS", "-0.25"]);
    // 24 · −0.25 + 0.5 = −5.5
    expect((await values(bytes)).slice(0, 3)).toEqual([0.5, -5.5, -255.5]);
  });

  it("reads 8 bits, signed and unsigned", async () => {
    const eight: Written[] = [
      [0x00280100, "US", [8]],
      [0x00280101, "US", [8]],
      [0x00280102, "US", [7]],
      [0x00281052, "DS", "0"],
    ];
    const body = pixels("OB", [0, 1, 127, 128, 254, 255]);
    expect(await values(dicomBytes(EXPLICIT, tinyCt(body, ...eight)))).toEqual([0, 1, 127, -128, -2, -1]);
    const unsigned = dicomBytes(EXPLICIT, tinyCt(body, ...eight, [0x00280103, "US", [0]]));
    expect(await values(unsigned)).toEqual([0, 1, 127, 128, 254, 255]);
  });

  it("reads 8-bit pixels written as big-endian words, which lie swapped in pairs", async () => {
    const eight: Written[] = [
      [0x00280100, "US", [8]],
      [0x00280101, "US", [8]],
      [0x00280102, "US", [7]],
      [0x00281052, "DS", "0"],
      [0x00280103, "US", [0]],
    ];
    const bytes = dicomBytes(BIG, tinyCt([0x7fe00010, "OW", Uint8Array.of(2, 1, 4, 3, 6, 5)], ...eight));
    expect(await values(bytes)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("masks off what lies above BitsStored, and extends the sign of 12 bits", async () => {
    const twelve: Written[] = [
      [0x00280101, "US", [12]],
      [0x00280102, "US", [11]],
      [0x00281052, "DS", "0"],
    ];
    // 0xf801: an overlay in the upper nibble, 0x801 = −2047 in 12 signed bits.
    const body = pixels("OW", [0xf801, 0x0801, 0x07ff, 0xf000, 0x1fff, 0x0fff]);
    expect(await values(dicomBytes(EXPLICIT, tinyCt(body, ...twelve)))).toEqual([-2047, -2047, 2047, 0, -1, -1]);
  });

  it("shifts down where HighBit is not BitsStored − 1", async () => {
    const high: Written[] = [
      [0x00280101, "US", [12]],
      [0x00280102, "US", [15]],
      [0x00280103, "US", [0]],
      [0x00281052, "DS", "0"],
    ];
    const body = pixels("OW", [0x0010, 0xfff0, 0x0020, 0, 0, 0]);
    expect((await values(dicomBytes(EXPLICIT, tinyCt(body, ...high)))).slice(0, 3)).toEqual([1, 4095, 2]);
  });

  it("reads 32 bits, signed and unsigned, and float pixel data", async () => {
    const wide: Written[] = [
      [0x00280100, "US", [32]],
      [0x00280101, "US", [32]],
      [0x00280102, "US", [31]],
      [0x00281052, "DS", "0"],
    ];
    const raw = new Uint8Array(Int32Array.of(-5, 70000, -70000, 1, 2, 3).buffer);
    expect((await values(dicomBytes(EXPLICIT, tinyCt([0x7fe00010, "OW", raw], ...wide)))).slice(0, 3)).toEqual([
      -5, 70000, -70000,
    ]);
    const unsigned = dicomBytes(EXPLICIT, tinyCt([0x7fe00010, "OW", raw], ...wide, [0x00280103, "US", [0]]));
    // 2³² − 5, which float32 rounds to 2³²: that is said.
    expect((await values(unsigned))[0]).toBe(2 ** 32);
    const stack = await openDicomImage(unsigned, "wide.dcm");
    await stack.slice(0);
    expect(english(stack.notesOf?.(0)).join()).toContain("above 2²⁴");
    const float = tinyCt([0x7fe00008, "OF", [0.5, -1.25, 0, 1, 2, 3]], ...wide);
    expect((await values(dicomBytes(EXPLICIT, float))).slice(0, 2)).toEqual([0.5, -1.25]);
  });

  it("looks stored values up in a modality LUT, whose ends go on", async () => {
    const lut: Written = [
      0x00283000,
      "SQ",
      {
        items: [
          [
            [0x00283002, "US", [3, 23, 16]],
            [0x00283004, "LO", "HU"],
            [0x00283006, "US", [100, 200, 300]],
          ],
        ],
      },
    ];
    const elements = tinyCt(undefined, lut).filter(([tag]) => tag !== 0x00281052 && tag !== 0x00281053);
    const slice = await read(dicomBytes(EXPLICIT, elements));
    // 0 < 23 → first entry; 24 → second; 1024 > 25 → last.
    expect([...slice.values].slice(0, 3)).toEqual([100, 200, 300]);
    expect(slice.unit).toBe("HU");
  });

  it("is in stored units where nothing says Hounsfield", async () => {
    expect((await read(ct([0x00080060, "CS", "MR"]))).unit).toBe("stored");
    expect((await read(ct([0x00281054, "LO", "US"]))).unit).toBe("stored");
    const bare = tinyCt().filter(([tag]) => tag !== 0x00281052 && tag !== 0x00281053);
    expect((await read(dicomBytes(EXPLICIT, bare))).unit).toBe("stored");
  });

  it("shows stored values and says so where the slope is 0", async () => {
    const stack = await openDicomImage(ct([0x00281053, "DS", "0"]), "tiny.dcm");
    expect([...(await stack.slice(0)).values].slice(0, 2)).toEqual([0, 24]);
    expect(english(stack.notesOf?.(0)).join()).toContain("slope");
  });

  it("keeps values and says that they are shown inverted for MONOCHROME1", async () => {
    const slice = await read(ct([0x00280004, "CS", "MONOCHROME1"]));
    expect([...slice.values]).toEqual(HU);
    expect(slice.inverted).toBe(true);
    expect((await read(ct())).inverted).toBeUndefined();
  });

  it("marks padding by its stored value, and by a range", async () => {
    expect([...((await read(ct([0x00280120, "SS", [24]]))).padding ?? [])]).toEqual([0, 1, 0, 0, 0, 0]);
    const range = ct([0x00280120, "SS", [0]], [0x00280121, "SS", [1024]]);
    expect([...((await read(range)).padding ?? [])]).toEqual([1, 1, 1, 0, 0, 0]);
    expect([...(await read(range)).values]).toEqual(HU);
    const reversed = ct([0x00280120, "SS", [1024]], [0x00280121, "SS", [0]]);
    expect([...((await read(reversed)).padding ?? [])]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it("marks padding by all of a pixel's bits too: scanners write it beyond BitsStored", async () => {
    const twelve: Written[] = [
      [0x00280101, "US", [12]],
      [0x00280102, "US", [11]],
      [0x00280120, "SS", [-32768]],
    ];
    // 0x8000 is −32768 in all 16 bits, and 0 in the 12 that are stored.
    const slice = await read(dicomBytes(EXPLICIT, tinyCt(pixels("OW", [0x8000, 0, 1, 2, 3, 4]), ...twelve)));
    expect([...(slice.padding ?? [])]).toEqual([1, 0, 0, 0, 0, 0]);
  });
});

describe("place", () => {
  it("never takes the imager's spacing for the patient's", async () => {
    const elements = tinyCt(undefined, [0x00181164, "DS", "0.1\\0.1"]).filter(([tag]) => tag !== 0x00280030);
    expect((await read(dicomBytes(EXPLICIT, elements))).spacingMm).toBeNull();
  });

  it("leaves spacing and place out where they are no numbers", async () => {
    const slice = await read(ct([0x00280030, "DS", "0\\abc"], [0x00200037, "DS", "1\\0\\0\\1\\0\\0"]));
    expect(slice.spacingMm).toBeNull();
    expect(slice.geometry).toBeNull();
  });

  it("finds rescale, spacing and place of each frame in the functional groups", async () => {
    const frame = (z: number, intercept: number): Written[] => [
      [0x00209113, "SQ", { items: [[[0x00200032, "DS", `0\\0\\${z}`]]] }],
      [
        0x00289145,
        "SQ",
        {
          items: [
            [
              [0x00281052, "DS", `${intercept}`],
              [0x00281053, "DS", "2"],
            ],
          ],
        },
      ],
    ];
    const shared: Written[] = [
      [0x00209116, "SQ", { items: [[[0x00200037, "DS", "1\\0\\0\\0\\0\\-1"]]] }],
      [
        0x00289110,
        "SQ",
        {
          items: [
            [
              [0x00180050, "DS", "1.5"],
              [0x00280030, "DS", "0.5\\0.4"],
            ],
          ],
        },
      ],
    ];
    const gone = new Set([0x00200032, 0x00200037, 0x00280030, 0x00281052, 0x00281053]);
    const elements = tinyCt(
      pixels("OW", [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]),
      [0x00280008, "IS", "2"],
      [0x52009229, "SQ", { items: [shared] }],
      [0x52009230, "SQ", { items: [frame(5, 0), frame(-7.5, -1000)] }],
    ).filter(([tag]) => !gone.has(tag));
    for (const syntax of [EXPLICIT, IMPLICIT, BIG]) {
      const stack = await openDicomImage(dicomBytes(syntax, elements), "enhanced.dcm");
      expect(stack.frames).toBe(2);
      const second = await stack.slice(1);
      // 11 · 2 − 1000
      expect(second.values[0]).toBe(-978);
      expect(second.spacingMm).toEqual([0.5, 0.4]);
      expect(second.geometry).toEqual({
        position: [0, 0, -7.5],
        rowDirection: [1, 0, 0],
        columnDirection: [0, 0, -1],
        thicknessMm: 1.5,
      });
      expect(stack.label(1)).toBe("2 of 2 · z −7.5 mm");
    }
  });
});

describe("what is refused says why", () => {
  it("a colour picture", async () => {
    const error = await refusal(ct([0x00280002, "US", [3]], [0x00280004, "CS", "RGB"]));
    expect(error.tag).toBe("UnsupportedPixels");
    expect(error.message).toContain("tiny.dcm: it is a colour picture (RGB)");
  });

  it("a file without a picture, by what it is", async () => {
    const report = dicomBytes(EXPLICIT, [
      [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.88.22"],
      [0x00080060, "CS", "SR"],
    ]);
    expect((await refusal(report)).message).toContain("a structured report, not a picture");
    expect((await refusal(report)).tag).toBe("NotAnImage");
  });

  it("a syntax that no kept codec reads, by its name", async () => {
    const error = await refusal(encapsulated("1.2.840.10008.1.2.4.201", [Buffer.from([0xff, 0x4f, 0xff, 0x51])]));
    expect(error.tag).toBe("UnsupportedPixels");
    expect(error.message).toContain("High-Throughput JPEG 2000");
  });

  it("a frame that is not there", async () => {
    expect((await refusal(ct(), 1)).tag).toBe("NoSuchFrame");
  });

  it("a size past the limits, before a buffer is made for it", async () => {
    const huge = ct([0x00280010, "US", [65535]], [0x00280011, "US", [65535]]);
    expect((await refusal(huge)).tag).toBe("TooLarge");
  });

  it("sequences nested past the limit", async () => {
    let inner: Written[] = [[0x00081150, "UI", "1.2"]];
    for (let i = 0; i < 40; i++) inner = [[0x00081140, "SQ", { items: [inner], undefinedLength: true }]];
    expect((await refusal(ct(...(inner as Written[])))).message).toContain("nested");
  });
});

describe("truncated pixel data", () => {
  const whole = dicomBytes(EXPLICIT, tinyCt());

  it("is opened with a warning where the last row has begun: missing pixels are 0 and count as padding", async () => {
    const stack = await openDicomImage(whole.subarray(0, whole.length - 4), "cut.dcm");
    const slice = await stack.slice(0);
    expect([...slice.values]).toEqual([-1024, -1000, 0, 40, 0, 0]);
    expect([...(slice.padding ?? [])]).toEqual([0, 0, 0, 0, 1, 1]);
    expect(english(stack.notesOf?.(0)).join()).toContain("the last 2 pixels are shown as 0");
  });

  it("is refused where a row is missing, with the number of rows", async () => {
    const error = await refusal(whole.subarray(0, whole.length - 6));
    expect(error.tag).toBe("TruncatedFile");
    expect(error.message).toContain("ends after 1 of 2 rows");
  });

  it("is refused where there is none at all, and where the header itself is cut", async () => {
    expect((await refusal(whole.subarray(0, whole.length - 12))).tag).toBe("TruncatedFile");
    expect((await refusal(whole.subarray(0, whole.length - 40))).tag).toBe("TruncatedFile");
  });

  it("leaves the whole frames of a file readable", async () => {
    const two = dicomBytes(
      EXPLICIT,
      tinyCt(pixels("OW", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), [0x00280008, "IS", "3"]),
    );
    const stack = await openDicomImage(two, "frames.dcm");
    expect(english(stack.notes).join()).toContain("only 2 of its 3 frames");
    expect((await stack.slice(1)).values[0]).toBe(7 - 1024);
    expect((await refusal(two, 2)).tag).toBe("TruncatedFile");
  });
});
