import { readFile, stat, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { GraderspaceError } from "../core/errors.ts";
import type { SourceFile } from "../io/bytes/source-file.ts";

/** A file given on the command line, not yet read. @throws GraderspaceError BadArgument */
export async function fileAt(path: string): Promise<SourceFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw refused(path, error);
  });
  if (found.isDirectory()) {
    throw new GraderspaceError("BadArgument", {
      file: path,
      problem: "it is a folder",
      remedy: "give the path of a file",
    });
  }
  const read = () => readFile(path).catch((error: NodeJS.ErrnoException) => Promise.reject(refused(path, error)));
  return { name: basename(path), size: found.size, read: async () => new Uint8Array(await read()) };
}

/** The bytes of a file given on the command line. @throws GraderspaceError BadArgument */
export async function readBytes(path: string): Promise<{ name: string; bytes: Uint8Array }> {
  const file = await fileAt(path);
  return { name: file.name, bytes: await file.read() };
}

/** @throws GraderspaceError BadArgument */
export async function writeBytes(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeFile(path, bytes).catch((error: NodeJS.ErrnoException) => {
    throw unwritable(path, error);
  });
}

export function unwritable(path: string, { code }: NodeJS.ErrnoException): GraderspaceError {
  const problem = `it cannot be written (${code ?? "unknown reason"})`;
  return new GraderspaceError("BadArgument", {
    file: path,
    problem,
    remedy: "give a path in a folder that you may write to",
  });
}

function refused(path: string, { code }: NodeJS.ErrnoException): GraderspaceError {
  const missing = code === "ENOENT" || code === "ENOTDIR";
  const problem = missing ? "there is no such file" : `it cannot be read (${code ?? "unknown reason"})`;
  return new GraderspaceError("BadArgument", { file: path, problem, remedy: "give the path of a file" });
}
