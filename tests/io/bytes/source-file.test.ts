import { expect, test } from "vitest";
import { LIMITS } from "../../../src/io/bytes/limits.ts";
import { baseName, headOf, sourceFile } from "../../../src/io/bytes/source-file.ts";

test("bytes in hand are a file, and a Node Buffer among them is a plain array", async () => {
  const file = sourceFile({ name: "a", bytes: Buffer.from([1, 2, 3]) });
  expect(file.size).toBe(3);
  expect(await headOf(file, 2)).toEqual(Uint8Array.of(1, 2));
  expect((await file.read()).constructor).toBe(Uint8Array);
});

test("a file that cannot give its head alone is read", async () => {
  const file = { name: "a", size: 3, read: async () => Uint8Array.of(1, 2, 3) };
  expect(await headOf(file, 2)).toEqual(Uint8Array.of(1, 2));
});

test("a file over 2 GiB is refused by its size", () => {
  const file = { name: "a", size: LIMITS.fileBytes + 1, read: async () => new Uint8Array(0) };
  expect(() => sourceFile(file)).toThrow("it is 2049 MiB long, and files up to 2048 MiB are read");
});

test("a name is what stands behind the last folder", () => {
  expect([baseName("scan/0012.dcm"), baseName("a")]).toEqual(["0012.dcm", "a"]);
});
