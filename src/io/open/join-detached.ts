import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { concat } from "../bytes/concat.ts";
import { inflatedLimit, mebibytes } from "../bytes/limits.ts";
import { baseName, headOf, type SourceFile } from "../bytes/source-file.ts";
import type { Detached } from "./format.ts";
import { FORMATS } from "./registry.ts";

/** Headers are under this; a longer one is left as it is. */
const HEADER = 65_536;
/** Little of each file first: of a zip with thousands of entries each head is unpacked. */
const BEGINNING = 64;

/**
 * A header whose numbers lie in other files of those given becomes one file with them (.nhdr and .raw, .mhd and .raw).
 * Where some of several are missing, or they cannot be put together, reading it says so.
 */
export async function joinDetached(files: readonly SourceFile[]): Promise<SourceFile[]> {
  const formats = FORMATS.filter(({ detached }) => detached);
  const joined = new Map<SourceFile, SourceFile>();
  const taken = new Set<SourceFile>();
  let named: ReadonlyMap<string, readonly SourceFile[]> | null = null;
  for (const file of files) {
    const beginning = await headOf(file, BEGINNING);
    const format = formats.find(({ recognise }) => recognise(beginning));
    if (!format) continue;
    try {
      const detached = await format.detached?.(await headOf(file, HEADER), file.name);
      if (!detached) continue;
      named ??= byBaseName(files);
      const parts = partsOf(file, detached, named);
      if (!parts) continue;
      for (const part of parts) taken.add(part);
      joined.set(file, together(file, detached, parts));
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      joined.set(file, { ...file, read: () => Promise.reject(error) });
    }
  }
  return files.filter((file) => !taken.has(file)).map((file) => joined.get(file) ?? file);
}

function byBaseName(files: readonly SourceFile[]): ReadonlyMap<string, readonly SourceFile[]> {
  const named = new Map<string, SourceFile[]>();
  for (const file of files) {
    const others = named.get(baseName(file.name));
    if (others) others.push(file);
    else named.set(baseName(file.name), [file]);
  }
  return named;
}

/**
 * Files of numbers in their order; null where the only one is missing, which the reader says.
 * @throws BadArgument where one of several is missing, or named twice
 */
function partsOf(
  file: SourceFile,
  { names }: Detached,
  named: ReadonlyMap<string, readonly SourceFile[]>,
): SourceFile[] | null {
  const folder = file.name.slice(0, file.name.length - baseName(file.name).length);
  const found = names.map((name) => {
    const path = name.replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    const others = (named.get(baseName(path)) ?? []).filter((other) => other !== file);
    return others.find((other) => other.name === folder + path) ?? others[0];
  });
  const missing = found.indexOf(undefined);
  const twice = new Set(names).size < names.length ? names.find((name, i) => names.indexOf(name) !== i) : undefined;
  if (twice !== undefined) {
    throw new GraderspaceError("BadArgument", {
      file: file.name,
      problem: say`its header names ${twice.slice(0, 60)} twice`,
      remedy: say`save it again as one file`,
    });
  }
  if (missing < 0) return found as SourceFile[];
  if (names.length === 1) return null;
  throw new GraderspaceError("BadArgument", {
    file: file.name,
    problem: say`its numbers lie in ${names.length} files, and ${names[missing]?.slice(0, 60) ?? ""} is not among those given`,
    remedy: say`drop all of them together`,
  });
}

function together({ name }: SourceFile, { header, skip }: Detached, parts: readonly SourceFile[]): SourceFile {
  const before = new TextEncoder().encode(header);
  const lengths = parts.map(({ size }) => (skip < 0 ? Math.min(size, -skip) : Math.max(0, size - skip)));
  const size = lengths.reduce((sum, length) => sum + length, before.length);
  const most = inflatedLimit(parts.reduce((sum, part) => sum + (part.packed ?? part.size), 0));
  const read = async () => {
    if (size > most) {
      throw new GraderspaceError("TooLarge", {
        file: name,
        problem: say`its numbers are ${mebibytes(size)} long, and up to ${mebibytes(most)} of them are read`,
        remedy: say`save a part of it`,
      });
    }
    const data: Uint8Array[] = [before];
    for (const part of parts) data.push((await part.read()).subarray(skip));
    return concat(Uint8Array, data);
  };
  return { name, size, read };
}
