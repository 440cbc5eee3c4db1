import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sha256Hex } from "../../../src/core/config/sha256.ts";

test("the hash of abc is the one in FIPS 180-4", () => {
  expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("any bytes hash as Node's crypto says, whatever their length in the last block", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(sha256Hex(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }),
  );
});

test("a view into a larger buffer hashes alone", () => {
  const all = Uint8Array.from({ length: 200 }, (_, i) => i);
  expect(sha256Hex(all.subarray(7, 140))).toBe(sha256Hex(all.slice(7, 140)));
});
