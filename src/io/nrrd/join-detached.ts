import { concat } from "../bytes/concat.ts";
import { startsWith } from "../bytes/letters.ts";
import { baseName, headOf, type SourceFile } from "../bytes/source-file.ts";

/** Headers are under this; a longer one is left as it is. */
const HEADER = 65_536;
const DATA_FILE = /^data ?file:[ \t]*(.+?)[ \t]*\r?$/im;

/** An NRRD whose numbers lie in another file of those given becomes one with them (.nhdr and .raw). */
export async function joinDetached(files: readonly SourceFile[]): Promise<SourceFile[]> {
  const joined = new Map<SourceFile, SourceFile>();
  const taken = new Set<SourceFile>();
  for (const file of files) {
    // Little of each file first: of a zip with thousands of entries each head is unpacked.
    if (!startsWith(await headOf(file, 8), "NRRD000")) continue;
    const head = await headOf(file, HEADER);
    const blank = /\r?\n\r?\n/.exec(new TextDecoder("latin1").decode(head));
    const header = new TextDecoder().decode(blank ? head.subarray(0, blank.index) : head);
    const named = DATA_FILE.exec(header)?.[1];
    const data = named && files.find((other) => other !== file && baseName(other.name) === baseName(named));
    if (!data) continue;
    taken.add(data);
    joined.set(file, together(file, header.replace(DATA_FILE, "#").trimEnd(), data));
  }
  return files.filter((file) => !taken.has(file)).map((file) => joined.get(file) ?? file);
}

function together({ name }: SourceFile, header: string, data: SourceFile): SourceFile {
  const before = new TextEncoder().encode(`${header}\n\n`);
  const read = async () => concat(Uint8Array, [before, await data.read()]);
  return { name, size: before.length + data.size, read };
}
