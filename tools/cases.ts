import { existsSync, statSync } from "node:fs";
import { open, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readCsv } from "../src/cli/lesion/read-csv.ts";
import { GraderspaceError } from "../src/core/errors.ts";
import { openZip } from "../src/io/bytes/zip.ts";
import { writeZip } from "../src/io/bytes/zip-write.ts";
import { readersLayout } from "../src/io/dataset/layouts.ts";
import { spreadOver } from "../src/io/dataset/marked-parts.ts";
import { casesFromReadImages } from "../src/io/dataset/read-images.ts";
import { beginsAsSeg, casesFromTracked, trackedNodules } from "../src/io/dataset/tracked-nodules.ts";
import { openCases } from "../src/io/numpy/cases-npz.ts";
import { OPENERS } from "../src/io/open/open.ts";
import type { OpenedCase } from "../src/io/pack/pack.ts";
import { writePack } from "../src/io/pack/pack-write.ts";
import {
  CROPS_CHANGED,
  casesFromCrops,
  LIDC_ATTRIBUTION,
  LIDC_TITLE,
  lesionsFromCrops,
  SEGS_CHANGED,
  SERIES_CHANGED,
  type Wish,
} from "./lidc-pack.ts";
import { casesFromSeries, type DownloadedFile, readsBySeries, type SeriesFolder } from "./lidc-series.ts";

const USAGE = "npm run cases -- SOURCE [--split val] [--pick 24] [--lesions] [--readers 4] --out FILE.zip";
const MOST = 1000;
const MOST_READERS = 100;

interface Order {
  readonly source: string;
  readonly out: string;
  readonly wish: Wish;
  /** `pick` whole lesions, each with all its slices, instead of single slices. */
  readonly lesions: boolean;
  /** How many people read each series; null where it is not said. */
  readonly readers: number | null;
}

function orderOf(args: readonly string[]): Order {
  const { values, positionals } = parsed(args);
  const [source, ...more] = positionals;
  const pick = Number(values.pick ?? 24);
  if (source === undefined || more.length > 0)
    throw wrong("it needs one source: an npz of crops, or a folder of LIDC or of images with several readers' masks");
  if (values.out === undefined) throw wrong("it needs --out FILE.zip");
  if (!Number.isInteger(pick) || pick < 1 || pick > MOST) throw wrong(`--pick is not a whole number from 1 to ${MOST}`);
  const readers = values.readers === undefined ? null : Number(values.readers);
  if (readers !== null && !(Number.isInteger(readers) && readers >= 2 && readers <= MOST_READERS))
    throw wrong(`--readers is not a whole number from 2 to ${MOST_READERS}`);
  const wish = { split: values.split ?? null, pick };
  return { source, out: values.out, wish, lesions: values.lesions === true, readers };
}

function parsed(args: readonly string[]) {
  try {
    const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
    const options = { split: text, pick: text, out: text, readers: text, lesions: flag } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}

function wrong(problem: string): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem, remedy: USAGE });
}

const ONLY_SEGS = "--readers goes with a folder of series and one SEG a nodule and reader";

interface Found {
  readonly cases: readonly OpenedCase[];
  readonly title: string;
  readonly attribution: string;
}

async function readSource({ source, wish, lesions, readers }: Order): Promise<Found> {
  if (!existsSync(source)) throw wrong(`there is no ${source}`);
  if (statSync(source).isDirectory()) {
    if (lesions) throw wrong("a folder has no table of lesions, so --lesions does not go with it");
    return fromFolder(source, wish, readers);
  }
  if (readers !== null) throw wrong(ONLY_SEGS);
  return lidc(await fromCrops(source, wish, lesions), CROPS_CHANGED);
}

function lidc(cases: readonly OpenedCase[], changed: string): Found {
  return { cases, title: LIDC_TITLE, attribution: LIDC_ATTRIBUTION + changed };
}

/** A data set with several readers' masks by its names, else LIDC as TCIA gives it. */
async function fromFolder(source: string, { split, pick }: Wish, readers: number | null): Promise<Found> {
  const tell = (sentence: string) => console.error(sentence);
  const paths = await walk(source);
  const layout = readersLayout(paths.map((path) => relative(source, path).replaceAll("\\", "/")));
  if (!layout) {
    if (split !== null) throw wrong("a folder has no splits, so --split does not go with it");
    const nodules = await fromSegs(paths, pick, readers, tell);
    if (nodules) return lidc(nodules, SEGS_CHANGED);
    if (readers !== null) throw wrong(ONLY_SEGS);
    return lidc(await fromSeries(paths, pick, tell), SERIES_CHANGED);
  }
  if (readers !== null) throw wrong(ONLY_SEGS);
  const images = layout.images.filter((one) => split === null || one.split === split);
  if (images.length === 0) throw wrong(`the folder has no part called "${split}"`);
  tell(`${source}: ${layout.kind}, ${images.length} images with several readers`);
  const cases = await casesFromReadImages(
    images,
    (path) => downloaded(join(source, path)),
    OPENERS,
    spreadOver(pick),
    tell,
  );
  if (layout.kind === "hpu-net crops") return lidc(cases, "cropped, scaled to 8 bits, contours rasterised (HPU-Net).");
  return { cases, title: basename(resolve(source)), attribution: "" };
}

async function fromCrops(source: string, wish: Wish, lesions: boolean): Promise<OpenedCase[]> {
  const table = resolve(dirname(source), "cases.csv");
  const rows = existsSync(table) ? readCsv(await readFile(table, "utf8")) : [];
  const cases = openCases(openZip(await readFile(source), source), source);
  console.error(`${source}: ${cases.rows} slices`);
  const said = rows.length === cases.rows ? rows : [];
  return lesions ? lesionsFromCrops(cases, said, "cases.csv", wish) : casesFromCrops(cases, said, wish);
}

/** LIDC as the IDC gives it: one SEG a nodule and reader. Null where there are none. */
async function fromSegs(
  paths: readonly string[],
  pick: number,
  readers: number | null,
  tell: (sentence: string) => void,
): Promise<OpenedCase[] | null> {
  const files = paths.filter((path) => /\.dcm$|(^|\/)[^./]+$/i.test(path)).map(downloaded);
  const segs = await Promise.all(files.map(beginsAsSeg));
  if (!segs.includes(true)) return null;
  const nodules = await trackedNodules(files, tell);
  return nodules.length === 0 ? null : casesFromTracked(nodules, spreadOver(pick), readers, tell);
}

/** LIDC as TCIA gives it: DICOM series in folders, XML reads beside them or in a tree of their own. */
async function fromSeries(
  paths: readonly string[],
  pick: number,
  tell: (sentence: string) => void,
): Promise<OpenedCase[]> {
  const series = new Map<string, DownloadedFile[]>();
  const xml: DownloadedFile[] = [];
  for (const path of paths) {
    const file = downloaded(path);
    if (/\.xml$/i.test(path)) xml.push(file);
    else if (/\.dcm$|(^|\/)[^./]+$/i.test(path))
      series.set(dirname(path), [...(series.get(dirname(path)) ?? []), file]);
  }
  const folders: SeriesFolder[] = [...series].map(([name, files]) => ({ name, files }));
  return casesFromSeries(folders, await readsBySeries(xml, tell), pick, tell);
}

/** All files below a folder, in the order of their names. */
async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const below = entries.map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(below)).flat();
}

function downloaded(path: string): DownloadedFile {
  return {
    name: path,
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

try {
  const order = orderOf(process.argv.slice(2));
  const { cases, title, attribution } = await readSource(order);
  const zip = writeZip(writePack(title, attribution, cases));
  await writeFile(order.out, zip);
  const drew = cases.map(({ graders }) => graders.filter(({ mask }) => mask !== null).length);
  const byGraders = Object.fromEntries([2, 3, 4].map((count) => [count, drew.filter((n) => n === count).length]));
  console.log(JSON.stringify({ cases: cases.length, by_graders: byGraders, out: order.out, bytes: zip.length }));
} catch (error) {
  if (!(error instanceof GraderspaceError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
