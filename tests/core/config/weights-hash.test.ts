import { expect, test } from "vitest";
import { sha256Hex, weightsHash } from "../../../src/core/config/weights-hash.ts";

const weights = (...hashes: string[]) => ({
  weights: hashes.map((sha256) => ({ file: "w.safetensors", dtype: "f16", sha256, bytes: 8 }) as const),
});

test("the hash of abc is the one in FIPS 180-4", () => {
  expect(sha256Hex(new TextEncoder().encode("abc"))).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("a view into a larger buffer hashes alone", () => {
  const all = Uint8Array.from({ length: 200 }, (_, i) => i);
  expect(sha256Hex(all.subarray(7, 140))).toBe(sha256Hex(all.slice(7, 140)));
});

test("one file of weights names its model, several by the hash of their hashes in a row", () => {
  expect(weightsHash(weights("a".repeat(64)))).toBe("a".repeat(64));
  expect(weightsHash(weights("a", "bc"))).toBe(sha256Hex(new TextEncoder().encode("abc")));
});
