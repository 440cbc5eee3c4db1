import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { open, readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { DownloadedFile } from "../lidc-series.ts";

/** All files below a folder, by their paths in it with "/", in the order of their names. */
export async function namesBelow(folder: string, within = folder): Promise<string[]> {
  const entries = await readdir(within, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const below = entries.map((entry) => {
    const path = join(within, entry.name);
    if (entry.isDirectory()) return namesBelow(folder, path);
    return entry.isFile() ? [relative(folder, path).replaceAll("\\", "/")] : [];
  });
  return (await Promise.all(below)).flat();
}

/** A file of a folder, under its path in it. */
export function downloaded(folder: string, name: string): DownloadedFile {
  const path = join(folder, name);
  return {
    name,
    size: statSync(path).size,
    read: () => readFile(path),
    head: async (count) => {
      const file = await open(path);
      try {
        const { buffer, bytesRead } = await file.read(new Uint8Array(count), 0, count, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
  };
}

/** The table beside a file of crops. */
export function tableBeside(source: string): string {
  return resolve(dirname(source), "cases.csv");
}

/**
 * What tells one source from another: of a folder the paths and sizes of its files, of crops their bytes and their table's.
 * A folder's bytes are not read for it: there may be 133 GB.
 */
export async function sourceIdentity(source: string): Promise<string> {
  const hash = createHash("sha256");
  if (statSync(source).isDirectory()) {
    for (const name of await namesBelow(source)) hash.update(`${name}\0${statSync(join(source, name)).size}\n`);
  } else {
    hash.update(await readFile(source));
    const table = tableBeside(source);
    hash.update(existsSync(table) ? await readFile(table) : "no table");
  }
  return `sha256 ${hash.digest("hex")}`;
}
