import { describe, expect, it } from "vitest";
import { hasHuffmanTables, jpegHeader, markerSegments, word } from "../../../../src/io/dicom/codecs/jpeg-markers.ts";

/** SOI, a comment of two bytes behind a fill byte, SOF0 of 8 bits and 300 × 2 pixels in one component, SOS. */
const STREAM = [
  [0xff, 0xd8],
  [0xff, 0xff, 0xfe, 0, 4, 1, 2],
  [0xff, 0xc0, 0, 11, 8, 0, 2, 1, 44, 1, 0, 0x11, 0],
  [0xff, 0xda, 0, 3, 1],
  [7, 7],
].flat();

describe("the markers of a JPEG", () => {
  it("are walked up to the scan, each with its body and its end", () => {
    const found = [...markerSegments(Uint8Array.from(STREAM))].map(({ marker, body, end }) => [
      marker,
      body.length,
      end,
    ]);
    expect(found).toEqual([
      [0xfe, 2, 9],
      [0xc0, 9, 22],
      [0xda, 1, 27],
    ]);
  });

  it("give the frame header", () => {
    expect(jpegHeader(Uint8Array.from(STREAM))).toEqual({
      marker: 0xc0,
      precision: 8,
      height: 2,
      width: 300,
      components: 1,
    });
  });

  it("of JPEG-LS count too; tables are no frame header", () => {
    const withMarker = (marker: number) =>
      jpegHeader(Uint8Array.from(STREAM.map((byte) => (byte === 0xc0 ? marker : byte))));
    expect(withMarker(0xf7)?.marker).toBe(0xf7);
    for (const table of [0xc4, 0xc8, 0xcc]) expect(withMarker(table)).toBeNull();
  });

  it.each([
    ["another beginning", [0xff, 0xd9, ...STREAM.slice(2)]],
    ["bytes between segments", [...STREAM.slice(0, 9), 0, ...STREAM.slice(9)]],
    ["a segment that is cut", STREAM.slice(0, 20)],
    ["a length under 2", [...STREAM.slice(0, 9), 0xff, 0xc0, 0, 1, 8]],
    ["an end before the frame", [0xff, 0xd8, 0xff, 0xd9, ...STREAM.slice(9)]],
    ["nothing", []],
  ])("break at %s", (_, bytes) => {
    expect(jpegHeader(Uint8Array.from(bytes))).toBeNull();
  });

  it("hold big-endian words, 0 behind the end", () => {
    expect([word(Uint8Array.of(1, 2), 0), word(Uint8Array.of(1), 0), word(Uint8Array.of(1), 5)]).toEqual([258, 256, 0]);
  });
});

describe("the Huffman tables of a scan", () => {
  /** A table of one code: class and number in one byte, a code of one bit, its value. */
  const table = (id: number) => [0xff, 0xc4, 0, 20, id, 1, ...Array(15).fill(0), 0];
  const scan = (id: number) => [0xff, 0xda, 0, 8, 1, 1, id, 0, 63, 0];
  const has = (progressive: boolean, ...parts: number[][]) =>
    hasHuffmanTables(Uint8Array.from([0xff, 0xd8, ...parts.flat()]), progressive);

  it("stand before it: DC, and AC where the scan is not progressive", () => {
    expect(has(false, table(0x00), table(0x10), scan(0x00))).toBe(true);
    expect(has(false, table(0x00), scan(0x00))).toBe(false);
    expect(has(true, table(0x00), scan(0x00))).toBe(true);
    expect(has(false, table(0x00), table(0x10), scan(0x11))).toBe(false);
    expect(has(false, table(0x00), table(0x10))).toBe(false);
  });
});
