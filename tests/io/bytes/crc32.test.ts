import { crc32 as zlibCrc32 } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "../../../src/io/bytes/crc32.ts";

test("the checksum of 123456789 is the one by which CRCs are told apart", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

test.skipIf(zlibCrc32 === undefined)("any bytes have zlib's checksum", () => {
  return fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
});

test("of bytes in two parts it is that of the whole, wherever the cut lies", () => {
  const bytes = Uint8Array.from({ length: 41 }, (_, i) => (i * 97) & 255);
  for (let cut = 0; cut <= 41; cut++)
    expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crc32(bytes));
});
