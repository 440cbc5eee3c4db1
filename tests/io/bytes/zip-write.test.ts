import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";

test("files come back under their paths, and a zip of the same files has the same bytes on any day", () => {
  const files = { "a/one.txt": Uint8Array.from([1, 2, 3]), "two.png": Uint8Array.from([4]) };
  const zip = writeZip(files);
  expect(unzipSync(zip)).toEqual(files);
  // Bytes 10–13 of the first local header: DOS time 00:00:00, DOS date 1980-01-01 (0 << 9 | 1 << 5 | 1 = 0x0021).
  expect([...zip.subarray(10, 14)]).toEqual([0, 0, 0x21, 0]);
});

test("what is compressed already is stored, everything else deflated", () => {
  // Bytes 8–9 of the local header: the method, 0 stored or 8 deflated.
  const methodOf = (name: string) => writeZip({ [name]: new Uint8Array(100) })[8];
  expect(["a.png", "a.npz", "a.nii.gz", "a.zip"].map(methodOf)).toEqual([0, 0, 0, 0]);
  expect(["a.csv", "a.json", "png", "a.png.txt"].map(methodOf)).toEqual([8, 8, 8, 8]);
});
