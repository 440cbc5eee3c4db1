import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { startsWith } from "../bytes/letters.ts";
import { headOf, type SourceFile } from "../bytes/source-file.ts";
import { type Pack, packOf } from "../pack/pack.ts";
import { readersLayout } from "./layouts.ts";

/** As many as a pack may hold. */
const MOST_CASES = 10_000;
/** A PNG's signature and the first of its chunks, which says its size (PNG, §11.2.1). */
const PNG_HEAD = 24;

/**
 * A folder of crops as they came with the HPU-Net, as a pack: each picture a case with its readers, the region in the middle.
 * Null where the files are none.
 * @throws TooLarge where there are more than a pack holds; DamagedFile where the first picture is no PNG
 */
export async function cropsPack(
  files: readonly SourceFile[],
  name: string,
  open: Parameters<typeof packOf>[3],
): Promise<Pack | null> {
  if (!files.some((file) => /(^|\/)gt\/.+_l\d{1,2}\.png$/i.test(file.name))) return null;
  const layout = readersLayout(files.map((file) => file.name));
  if (layout?.kind !== "hpu-net crops") return null;
  const { images } = layout;
  if (images.length > MOST_CASES) {
    const problem = say`it holds ${images.length} pictures, and up to ${MOST_CASES} are opened together`;
    throw new GraderspaceError("TooLarge", {
      file: name,
      problem,
      remedy: say`open one of its parts (train, val, test)`,
    });
  }
  const byPath = new Map(files.map((file) => [file.name, file]));
  const region = await middleOf(byPath.get(images[0]?.image ?? "") as SourceFile);
  const cases = images.map(({ id, patient, image, readers }) => ({
    id: image,
    title: `${patient} · ${id}`,
    slice: image,
    spacingMm: null,
    unit: "stored" as const,
    region,
    graders: readers.map((reader) => ({ name: reader.name, mask: reader.file })),
    simulated: false,
    patient,
  }));
  const index = { version: 1, title: name, attribution: "", cases } as const;
  return packOf(index, name, (path) => byPath.get(path), open);
}

/** Of a crop all are of one size. @throws DamagedFile */
async function middleOf(file: SourceFile): Promise<readonly [number, number]> {
  const head = await headOf(file, PNG_HEAD);
  if (head.length < PNG_HEAD || !startsWith(head, "\x89PNG")) {
    throw new GraderspaceError("DamagedFile", {
      file: file.name,
      problem: say`it is no PNG`,
      remedy: say`copy it again`,
    });
  }
  const view = new DataView(head.buffer, head.byteOffset, PNG_HEAD);
  return [view.getUint32(16) >> 1, view.getUint32(20) >> 1];
}
