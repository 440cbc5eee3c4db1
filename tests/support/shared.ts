import { existsSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../../shared");

/** Absolute path of a file beside the checkout that only some machines have; null where it is missing. */
export function sharedFile(path: string): string | null {
  const file = resolve(root, path);
  return existsSync(file) ? file : null;
}

/** Says loudly why a suite is skipped, so that a green run cannot hide it. Pass the result to `describe.skipIf`. */
export function missing(path: string, why: string): boolean {
  if (sharedFile(path)) return false;
  console.warn(`SKIPPED: ../shared/${path} is not here; ${why}`);
  return true;
}
