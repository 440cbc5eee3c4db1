import { startsWith } from "../bytes/letters.ts";

export function isNpy(bytes: Uint8Array): boolean {
  return startsWith(bytes, "\x93NUMPY");
}
