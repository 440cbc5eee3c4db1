import { baseName } from "../bytes/source-file.ts";

/** One picture or volume of a data set, and what each reader drew on it, by their paths. */
export interface ReadImage {
  /** Its name without folder and ending. */
  readonly id: string;
  readonly patient: string;
  /** "train", "val", …; null where the data set has no parts. */
  readonly split: string | null;
  readonly image: string;
  /** At least two. */
  readonly readers: readonly { readonly name: string; readonly file: string }[];
}

interface Layout {
  readonly kind: "hpu-net crops" | "nnU-Net" | "BIDS";
  readonly images: readonly ReadImage[];
}

/**
 * The layout of a folder that holds pictures with several readers' masks each; null where it is none of these:
 * - the crops of LIDC that came with the HPU-Net (Kohl et al. 2019, arXiv:1905.13077): `images/PATIENT/NAME.png` and
 *   `gt/PATIENT/NAME_l0.png` … `_l3.png`, below `train`, `val` and `test` or not;
 * - derivatives of BIDS: `sub-…_desc-READER_mask.nii.gz` (or `dseg`) and the image of the same entities without `desc`;
 * - as nnU-Net has them, with a folder of labels for each reader: `imagesTr/NAME_0000.nii.gz`, `READER/NAME.nii.gz`.
 */
export function readersLayout(paths: readonly string[]): Layout | null {
  for (const [kind, read] of [
    ["hpu-net crops", crops],
    ["BIDS", bids],
    ["nnU-Net", folders],
  ] as const) {
    const images = read(paths).filter(({ readers }) => readers.length >= 2);
    if (images.length > 0) return { kind, images: [...images].sort((a, b) => (a.image < b.image ? -1 : 1)) };
  }
  return null;
}

type Found = Omit<ReadImage, "readers"> & { readonly readers: { name: string; file: string }[] };

/** What is found of each image, readers in the order of their names. */
function gathered(found: ReadonlyMap<string, Found>): ReadImage[] {
  return [...found.values()].map((one) => ({
    ...one,
    readers: one.readers.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
  }));
}

function crops(paths: readonly string[]): ReadImage[] {
  const there = new Set(paths);
  const found = new Map<string, Found>();
  for (const file of paths) {
    const [, before = "", stem, number] = /^(|.*\/)gt\/(.+)_l(\d{1,2})\.png$/i.exec(file) ?? [];
    const image = `${before}images/${stem}.png`;
    if (stem === undefined || !there.has(image)) continue;
    const part = baseName(before.slice(0, -1));
    const patient = stem.includes("/") ? (stem.split("/")[0] as string) : stem;
    const one = found.get(image) ?? {
      id: baseName(stem),
      patient,
      split: part === "" ? null : part,
      image,
      readers: [],
    };
    one.readers.push({ name: `Grader ${Number(number) + 1}`, file });
    found.set(image, one);
  }
  return gathered(found);
}

const VOLUME = /\.(nii|nii\.gz|mha|mhd|nrrd|nhdr|png)$/i;

function bids(paths: readonly string[]): ReadImage[] {
  const images = new Map<string, string>();
  const labels: { key: string; reader: string; file: string; patient: string }[] = [];
  for (const file of paths) {
    const name = baseName(file);
    const parts = name.replace(VOLUME, "").split("_");
    const suffix = parts.pop() ?? "";
    if (!VOLUME.test(name) || !/^sub-[^-]+$/.test(parts[0] ?? "")) continue;
    const key = parts.filter((part) => !/^(desc|label|space|res)-/.test(part)).join("_");
    const reader = parts.find((part) => part.startsWith("desc-"))?.slice(5);
    if (!/^(mask|dseg|seg)$/.test(suffix)) {
      if (reader === undefined && !images.has(key)) images.set(key, file);
    } else if (reader !== undefined) labels.push({ key, reader, file, patient: parts[0] as string });
  }
  const found = new Map<string, Found>();
  for (const { key, reader, file, patient } of labels) {
    const image = images.get(key);
    if (!image) continue;
    const one = found.get(key) ?? { id: key, patient, split: null, image, readers: [] };
    if (one.readers.every(({ name }) => name !== reader)) one.readers.push({ name: reader, file });
    found.set(key, one);
  }
  return gathered(found);
}

function folders(paths: readonly string[]): ReadImage[] {
  const found = new Map<string, Found>();
  for (const image of paths) {
    const [, before = "", part = "", stem] = /^(|.*\/)images([A-Za-z]*)\/([^/]+)$/.exec(image) ?? [];
    if (stem === undefined || !VOLUME.test(stem) || /_000[1-9]\.[^/]*$/.test(stem)) continue;
    const id = stem.replace(VOLUME, "").replace(/_0000$/, "");
    found.set(`${before}${id}`, { id, patient: id, split: part === "" ? null : part, image, readers: [] });
  }
  for (const file of paths) {
    const [, before = "", reader, name = ""] = /^(|.*\/)([^/]+)\/([^/]+)$/.exec(file) ?? [];
    if (reader === undefined || /^images/.test(reader) || !VOLUME.test(name)) continue;
    found.get(`${before}${name.replace(VOLUME, "")}`)?.readers.push({ name: reader, file });
  }
  return gathered(found);
}
