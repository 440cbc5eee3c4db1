import { deflateSync } from "node:zlib";
import { expect, it } from "vitest";
import { adler32 } from "../../../src/io/bytes/adler32.ts";

it("two sums: of the bytes, and of those sums", () => {
  // "ab": a = 1 + 97 + 98 = 196 (0xc4), b = 98 + 196 = 294 (0x126)
  expect(adler32(Uint8Array.of(97, 98))).toBe(0x012600c4);
  expect(adler32(new Uint8Array(0))).toBe(1);
});

it("goes on where it ended, and is what zlib writes at the end", () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => 255 - (i % 7));
  const zlib = deflateSync(bytes);
  expect(adler32(bytes)).toBe(zlib.readUInt32BE(zlib.length - 4));
  expect(adler32(bytes.subarray(6000), adler32(bytes.subarray(0, 6000)))).toBe(adler32(bytes));
});
