import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { readCsv } from "../../src/cli/lesion/read-csv.ts";
import { type Shard, shareOf } from "../../src/cli/shards/shard.ts";
import { openZip } from "../../src/io/bytes/zip.ts";
import { readersLayout } from "../../src/io/dataset/layouts.ts";
import { spreadOver } from "../../src/io/dataset/marked-parts.ts";
import { type ImagePart, openImageParts, partsOfImages } from "../../src/io/dataset/read-images.ts";
import {
  beginsAsSeg,
  openTracked,
  sightOf,
  type TrackedPart,
  trackedNodules,
  trackedParts,
} from "../../src/io/dataset/tracked-nodules.ts";
import type { LidcRead } from "../../src/io/marks/lidc/lidc-xml.ts";
import { openCases } from "../../src/io/numpy/cases-npz.ts";
import { OPENERS } from "../../src/io/open/open.ts";
import type { OpenedCase } from "../../src/io/pack/pack.ts";
import {
  CROPS_CHANGED,
  type LesionPart,
  LIDC_ATTRIBUTION,
  LIDC_TITLE,
  lesionPartsOfCrops,
  openCropParts,
  openLesionParts,
  partsOfCrops,
  type RowPart,
  SEGS_CHANGED,
  SERIES_CHANGED,
} from "../lidc-pack.ts";
import {
  type DownloadedFile,
  openSeriesParts,
  partsOfSeries,
  readsBySeries,
  type SeriesFolder,
  type SeriesPart,
} from "../lidc-series.ts";
import { checkThere, type PackOrder, wrong } from "./pack-order.ts";
import { downloaded, namesBelow, tableBeside } from "./source.ts";

/** What could be a case, by what kind of source it is; plain values, which a file can hold. */
export type Found =
  | { readonly kind: "crops"; readonly parts: readonly RowPart[] }
  | { readonly kind: "lesions"; readonly parts: readonly LesionPart[] }
  | { readonly kind: "series"; readonly parts: readonly SeriesPart[] }
  | { readonly kind: "segs"; readonly parts: readonly TrackedPart[] }
  | { readonly kind: "images" | "hpu-net crops"; readonly parts: readonly ImagePart[] };

interface Opened {
  readonly cases: readonly OpenedCase[];
  readonly title: string;
  readonly attribution: string;
}

const ONLY_SEGS = "--readers goes with a folder of series and one SEG a nodule and reader";
const DICOM = /\.dcm$|(^|\/)[^./]+$/i;
const tell = (sentence: string) => console.error(sentence);

/** What could be a case in the shard's share of a source: a data set with several readers' masks by its names, else LIDC. @throws GraderspaceError */
export async function findIn({ source, wish, lesions, readers }: PackOrder, shard: Shard): Promise<Found> {
  checkThere(source);
  if (statSync(source).isDirectory()) {
    if (lesions) throw wrong("a folder has no table of lesions, so --lesions does not go with it");
    return findInFolder(source, wish.split, readers, shard);
  }
  if (readers !== null) throw wrong(ONLY_SEGS);
  const { cases, table } = await cropsOf(source);
  tell(`${source}: ${cases.rows} slices`);
  if (!lesions) return { kind: "crops", parts: await partsOfCrops(cases, wish.split, shard) };
  return { kind: "lesions", parts: await lesionPartsOfCrops(cases, table, "cases.csv", wish.split, shard) };
}

async function findInFolder(
  source: string,
  split: string | null,
  readers: number | null,
  shard: Shard,
): Promise<Found> {
  const fileAt = (name: string) => downloaded(source, name);
  const names = await namesBelow(source);
  const layout = readersLayout(names);
  if (layout) {
    if (readers !== null) throw wrong(ONLY_SEGS);
    const images = layout.images.filter((one) => split === null || one.split === split);
    if (images.length === 0) throw wrong(`the folder has no part called "${split}"`);
    tell(`${source}: ${layout.kind}, ${images.length} images with several readers`);
    const kind = layout.kind === "hpu-net crops" ? layout.kind : "images";
    return { kind, parts: await partsOfImages(shareOf(images, shard), fileAt, OPENERS, tell) };
  }
  if (split !== null) throw wrong("a folder has no splits, so --split does not go with it");
  const files = names.filter((name) => DICOM.test(name)).map(fileAt);
  const nodules = (await anySeg(files)) ? await trackedNodules(files, tell) : [];
  if (nodules.length > 0) {
    const seen = await trackedParts(shareOf(nodules, shard), readers, tell);
    return { kind: "segs", parts: seen.map(({ sight: _, ...part }) => part) };
  }
  if (readers !== null) throw wrong(ONLY_SEGS);
  const folders = shareOf(seriesIn(files), shard);
  return { kind: "series", parts: await partsOfSeries(folders, await readsIn(source, names, tell), tell) };
}

/** One file after the other: no system opens a quarter of a million at once. */
async function anySeg(files: readonly DownloadedFile[]): Promise<boolean> {
  for (const file of files) if (await beginsAsSeg(file)) return true;
  return false;
}

/** Chooses among what was found in the whole source, and reads what was chosen. @throws GraderspaceError */
export async function openFound({ source, wish, readers }: PackOrder, found: Found): Promise<Opened> {
  const fileAt = (name: string) => downloaded(source, name);
  const choose = spreadOver(wish.pick);
  switch (found.kind) {
    case "crops": {
      const { cases, table } = await cropsOf(source);
      return lidc(await openCropParts(cases, table, found.parts, wish), CROPS_CHANGED);
    }
    case "lesions": {
      const { cases, table } = await cropsOf(source);
      return lidc(await openLesionParts(cases, table, found.parts, wish), CROPS_CHANGED);
    }
    case "series": {
      // what cannot be read was told of when the parts were found
      const reads = await readsIn(source, await namesBelow(source), () => undefined);
      return lidc(await openSeriesParts(found.parts, fileAt, reads, wish.pick), SERIES_CHANGED);
    }
    case "segs":
      return lidc(await openTracked(found.parts, choose, (part) => sightOf(part, fileAt, readers)), SEGS_CHANGED);
    case "hpu-net crops":
      return lidc(
        await openImageParts(found.parts, fileAt, OPENERS, choose),
        "cropped, scaled to 8 bits, contours rasterised (HPU-Net).",
      );
    case "images": {
      const cases = await openImageParts(found.parts, fileAt, OPENERS, choose);
      return { cases, title: basename(resolve(source)), attribution: "" };
    }
  }
}

function lidc(cases: readonly OpenedCase[], changed: string): Opened {
  return { cases, title: LIDC_TITLE, attribution: LIDC_ATTRIBUTION + changed };
}

async function cropsOf(source: string) {
  const table = tableBeside(source);
  const rows = existsSync(table) ? readCsv(await readFile(table, "utf8")) : [];
  const cases = openCases(openZip(await readFile(source), source), source);
  return { cases, table: rows.length === cases.rows ? rows : [] };
}

/** LIDC as TCIA gives it: DICOM series in folders, XML reads beside them or in a tree of their own. */
function seriesIn(files: readonly DownloadedFile[]): SeriesFolder[] {
  const series = new Map<string, DownloadedFile[]>();
  for (const file of files) {
    const folder = dirname(file.name);
    const known = series.get(folder);
    if (known) known.push(file);
    else series.set(folder, [file]);
  }
  return [...series].map(([name, its]) => ({ name, files: its }));
}

function readsIn(
  source: string,
  names: readonly string[],
  said: (sentence: string) => void,
): Promise<ReadonlyMap<string, LidcRead>> {
  const xml = names.filter((name) => /\.xml$/i.test(name)).map((name) => downloaded(source, name));
  return readsBySeries(xml, said);
}
