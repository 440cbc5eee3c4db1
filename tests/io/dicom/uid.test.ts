import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { uidFor } from "../../../src/io/dicom/uid.ts";

test("the same content has the same UID, another has another, and parts do not run into one another", () => {
  expect(uidFor("a", Uint8Array.of(1))).toBe(uidFor("a", Uint8Array.of(1)));
  expect(uidFor("a", "b")).not.toBe(uidFor("ab"));
  expect(uidFor("a", "b")).not.toBe(uidFor("b", "a"));
});

test("a UID is 2.25 and the number of a UUID of version 8 out of SHA-256", () => {
  const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();
  const hex = sha256(sha256(Buffer.from("a")))
    .toString("hex")
    .slice(0, 32);
  const uuid = `${hex.slice(0, 12)}8${hex.slice(13, 16)}${((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16)}${hex.slice(17)}`;
  expect(uidFor("a")).toBe(`2.25.${BigInt(`0x${uuid}`)}`);
  expect(uidFor("a").length).toBeLessThanOrEqual(64);
});
