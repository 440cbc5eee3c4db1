import { EXAMPLES_OPENING } from "./kept-places.ts";
import type { KeptStorage } from "./kept-storage.ts";

/** Files kept on this machine, in bytes; what was opened least recently goes first. */
export const MOST_KEPT_BYTES = 500e6;

/** Keeps the files of an opening, `bytes` in all; what was opened least recently gives way to them. */
export async function keepFiles(
  storage: KeptStorage,
  id: string,
  title: string,
  files: readonly File[],
  bytes: number,
): Promise<void> {
  await makeRoom(storage, bytes, id);
  await addFiles(storage, id, title, files);
}

/** The least recently opened go, until there is room for so many bytes more. */
async function makeRoom(storage: KeptStorage, bytes: number, mine: string): Promise<void> {
  const others = (await storage.list()).filter(({ id }) => id !== EXAMPLES_OPENING);
  let sum = bytes;
  for (const { id, bytes: size } of others) {
    sum += size;
    if (sum > MOST_KEPT_BYTES && id !== mine) await storage.forget(id);
  }
}

/** Where the disk is full, what was opened least recently gives way. */
async function addFiles(storage: KeptStorage, id: string, title: string, files: readonly File[]): Promise<void> {
  for (;;) {
    try {
      return await storage.addFiles(id, title, files);
    } catch (error) {
      const oldest = (await storage.list()).findLast((one) => one.id !== id && one.id !== EXAMPLES_OPENING);
      if (!(error instanceof Error) || error.name !== "QuotaExceededError" || !oldest) throw error;
      await storage.forget(oldest.id);
    }
  }
}
