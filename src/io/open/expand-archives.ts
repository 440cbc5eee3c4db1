import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { inflatedLimit, mebibytes } from "../bytes/limits.ts";
import { headOf, type SourceFile } from "../bytes/source-file.ts";
import { holdsTar } from "./gzip-format.ts";
import { formatOf } from "./recognise.ts";

/** Archives are told by so many of their first bytes; of a zip with thousands of entries each head is unpacked. */
const HEAD_BYTES = 512;
const ARCHIVES = new Set(["zip", "tar", "gzip"]);

/**
 * Archives among files (zip, tar, tar.gz) are replaced by what they hold; an npz stays one file, and so does a single file
 * that gzip has packed. A broken one stays, whose reason is told with the others'. `nested`: the files themselves are of
 * an archive; all of theirs together may unpack to no more than one archive of their size may.
 */
export async function expandArchives(files: readonly SourceFile[], nested = false): Promise<SourceFile[]> {
  const expanded: SourceFile[] = [];
  let [packed, unpacked] = [0, 0];
  for (const file of files) {
    try {
      const inside = (await isArchive(file)) ? await opened(file, nested) : null;
      if (nested && inside) {
        packed += file.packed ?? file.size;
        unpacked += Math.max(
          file.size,
          inside.reduce((sum, { packed: its, size }) => sum + (its ?? size), 0),
        );
        if (unpacked > inflatedLimit(packed)) throw tooMuch(file.name, inflatedLimit(packed));
      }
      expanded.push(...(inside ?? [file]));
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      expanded.push({ ...file, read: () => Promise.reject(error) });
    }
  }
  return expanded;
}

async function isArchive(file: SourceFile): Promise<boolean> {
  const head = await headOf(file, HEAD_BYTES);
  const kind = formatOf(head)?.kind ?? "";
  return kind === "gzip" ? holdsTar(head) : ARCHIVES.has(kind);
}

/** The files of an archive, those of archives in it too where it is none itself; null for an npz. */
async function opened(file: SourceFile, nested: boolean): Promise<readonly SourceFile[] | null> {
  const content = await formatOf(await headOf(file, HEAD_BYTES))?.open(file);
  if (content?.holds !== "files") return null;
  const named = nested ? content.files.map((one) => ({ ...one, name: `${file.name}/${one.name}` })) : content.files;
  return nested ? named : expandArchives(named, true);
}

function tooMuch(file: string, most: number): GraderspaceError {
  return new GraderspaceError("TooLarge", {
    file,
    problem: say`with the other archives beside it, it unpacks to more than ${mebibytes(most)}`,
    remedy: say`unpack it and open a part of it`,
  });
}
