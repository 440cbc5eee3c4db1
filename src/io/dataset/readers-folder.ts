import { GraderspaceError } from "../../core/errors.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import type { OpenedCase, Pack } from "../pack/pack.ts";
import { readPack } from "../pack/pack.ts";
import { writePack } from "../pack/pack-write.ts";
import type { Stack } from "../stack/stack.ts";
import { readersLayout } from "./layouts.ts";
import { fullestOfEach } from "./marked-parts.ts";
import { casesFromReadImages, type Openers, openReadImage } from "./read-images.ts";
import { beginsAsSeg, casesFromTracked, trackedNodules } from "./tracked-nodules.ts";

/** Their slices are held: of 512 × 512 pixels half a mebibyte each. */
const MOST_CASES = 200;

/** A data set with several readers: one image with all its slices, or a pack of what was chosen of several. */
export type ReadersFolder = { readonly stack: Stack } | { readonly pack: Pack; readonly notes: readonly string[] };

/**
 * A folder as nnU-Net or BIDS have it, with labels of several readers; or series with one SEG a nodule and reader. Of
 * each image or nodule the slice on which most readers drew is a case. Null where the files are none of these, or are
 * better opened by themselves: one image that cannot be read with its labels, nodules that two readers nowhere share.
 * @throws TooLarge where there are more images than are held; as `casesFromReadImages`
 */
export async function readersFolder(
  files: readonly SourceFile[],
  name: string,
  openers: Openers,
): Promise<ReadersFolder | null> {
  const notes: string[] = [];
  const tell = (said: string) => {
    const sentence = said.charAt(0).toUpperCase() + said.slice(1);
    notes.push(sentence.endsWith(".") ? sentence : `${sentence}.`);
  };
  const layout = readersLayout(files.map((file) => file.name));
  if (layout) {
    const byPath = new Map(files.map((file) => [file.name, file]));
    const fileAt = (path: string) => byPath.get(path) as SourceFile;
    const [first] = layout.images;
    if (first && layout.images.length === 1)
      return orNull(async () => ({ stack: await openReadImage(first, fileAt, openers) }));
    checkCount(name, layout.images.length, "images");
    return packed(await casesFromReadImages(layout.images, fileAt, openers, fullestOfEach, tell), name, openers, notes);
  }
  const nodules = (await severalSegs(files)) ? await trackedNodules(files, tell) : [];
  if (nodules.length < 2) return null;
  checkCount(name, nodules.length, "nodules");
  return orNull(async () => packed(await casesFromTracked(nodules, fullestOfEach, null, tell), name, openers, notes));
}

/** What does not go together as a data set may still be opened as single files, which say what is wrong with each. */
async function orNull(open: () => Promise<ReadersFolder>): Promise<ReadersFolder | null> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof GraderspaceError) return null;
    throw error;
  }
}

async function severalSegs(files: readonly SourceFile[]): Promise<boolean> {
  let found = 0;
  for (const file of files) {
    if (await beginsAsSeg(file)) found++;
    if (found > 1) return true;
  }
  return false;
}

function checkCount(file: string, count: number, what: string): void {
  if (count <= MOST_CASES) return;
  const problem = `it has ${count} ${what} with several readers, and up to ${MOST_CASES} are opened together`;
  throw new GraderspaceError("TooLarge", {
    file,
    problem,
    remedy: "open a part of it, or make a pack of it with npm run cases",
  });
}

async function packed(
  cases: readonly OpenedCase[],
  name: string,
  openers: Openers,
  notes: readonly string[],
): Promise<ReadersFolder> {
  const files = Object.entries(writePack(name, "", cases)).map(
    ([path, bytes]): SourceFile => ({ name: path, size: bytes.length, read: async () => bytes }),
  );
  const open = async (file: SourceFile) => (await openers.picture(file)).slice(0);
  return { pack: await readPack(files, name, open), notes };
}
