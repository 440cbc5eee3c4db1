import { sha256 } from "@noble/hashes/sha2.js";
import { concat } from "../bytes/concat.ts";

/**
 * A UID out of what it names: 2.25 and a UUID as a decimal (PS3.5 B.2; RFC 9562 version 8, the bits from SHA-256).
 * Same content, same UID: an export made twice is the same object, and one that differs never is.
 */
export function uidFor(...content: readonly (string | Uint8Array)[]): string {
  const parts = content.map((part) => sha256(typeof part === "string" ? new TextEncoder().encode(part) : part));
  const uuid = sha256(concat(Uint8Array, parts)).subarray(0, 16);
  uuid[6] = ((uuid[6] as number) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] as number) & 0x3f) | 0x80;
  return `2.25.${uuid.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)}`;
}

/** Names this program in the meta header of every file that it writes (PS3.10 §7.1). */
export const IMPLEMENTATION = { uid: uidFor("Graderspace"), version: "GRADERSPACE" } as const;
