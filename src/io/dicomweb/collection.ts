import { GraderspaceError } from "../../core/errors.ts";
import type { Archive, Page, StudyFound } from "./archive.ts";
import type { Asked } from "./transport.ts";

/** Patients of a public collection, by how their IDs are made: "LIDC-IDRI-0001" … "LIDC-IDRI-1012". */
export interface Collection {
  readonly name: string;
  readonly prefix: string;
  readonly first: number;
  readonly last: number;
  readonly digits: number;
}

/** A study of a collection, and what its segmentations' descriptions say of its nodules. */
export interface StudyOfCollection extends StudyFound {
  readonly nodules: readonly { readonly name: string; readonly readers: number }[];
}

/** "Segmentation of Nodule 2 - Annotation 123" */
const SEGMENTED = /(Nodule\s+\d+)\s+-\s+Annotation\b/i;

/**
 * A page of a collection's studies, each with its nodules, out of queries alone (QIDO-RS): studies by the beginning of the
 * patient's ID, and from an archive that takes no wildcard, or finds nothing by one, patient by patient; then each
 * study's series, of which a SEG is a nodule and reader by its description.
 * @param page from 0
 * @param count patients a page
 * @throws as `ArchiveWire.ask`
 */
export async function studiesOfCollection(
  archive: Archive,
  collection: Collection,
  page: number,
  count: number,
  asked: Asked = {},
): Promise<Page<StudyOfCollection>> {
  const { found, more } = await byWildcard(archive, collection, page, count, asked);
  const studies = found.map(async (study): Promise<StudyOfCollection> => {
    const series = await archive.series(study.study, asked);
    const names = series.flatMap(({ modality, description }) => {
      const name = modality === "SEG" ? SEGMENTED.exec(description)?.[1] : undefined;
      return name === undefined ? [] : [name];
    });
    const nodules = [...new Set(names)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const readers = (name: string) => names.filter((other) => other === name).length;
    return { ...study, nodules: nodules.map((name) => ({ name, readers: readers(name) })) };
  });
  return { found: await Promise.all(studies), more };
}

async function byWildcard(
  archive: Archive,
  collection: Collection,
  page: number,
  count: number,
  asked: Asked,
): Promise<Page<StudyFound>> {
  try {
    const patientId = `${collection.prefix}*`;
    const found = await archive.studies({ patientId }, page * count, count, asked);
    if (found.found.length > 0) return found;
    // The page after the last one is empty, too: then the first one is not.
    if (page > 0 && (await archive.studies({ patientId }, 0, 1, asked)).found.length > 0) return found;
  } catch (error) {
    if (!(error instanceof GraderspaceError) || error.tag !== "ArchiveAnswer") throw error;
  }
  return byPatient(archive, collection, page, count, asked);
}

async function byPatient(
  archive: Archive,
  { prefix, first, last, digits }: Collection,
  page: number,
  count: number,
  asked: Asked,
): Promise<Page<StudyFound>> {
  const from = first + page * count;
  const until = Math.min(last, from + count - 1);
  const ids = Array.from({ length: Math.max(0, until - from + 1) }, (_, i) => String(from + i).padStart(digits, "0"));
  const found = await Promise.all(ids.map((id) => archive.studies({ patientId: prefix + id }, 0, count, asked)));
  return { found: found.flatMap((one) => one.found), more: until < last };
}
