import { existsSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { GraderspaceError } from "./core/errors.ts";
import { openCases } from "./io/cases-npz.ts";
import { readCsv } from "./io/csv-read.ts";
import { casesFromCrops, LIDC_ATTRIBUTION, LIDC_TITLE, type Wish } from "./io/lidc-pack.ts";
import type { OpenedCase } from "./io/pack.ts";
import { writePack } from "./io/pack-write.ts";
import { openZip } from "./io/zip.ts";
import { writeZip } from "./io/zip-write.ts";

const USAGE = "npm run cases -- SOURCE [--split val] [--pick 24] --out FILE.zip";
const MOST = 1000;

interface Order {
  readonly source: string;
  readonly out: string;
  readonly wish: Wish;
}

function orderOf(args: readonly string[]): Order {
  const { values, positionals } = parsed(args);
  const [source, ...more] = positionals;
  const pick = Number(values.pick ?? 24);
  if (source === undefined || more.length > 0) throw wrong("it needs one source: an npz of crops, or a folder of LIDC");
  if (values.out === undefined) throw wrong("it needs --out FILE.zip");
  if (!Number.isInteger(pick) || pick < 1 || pick > MOST) throw wrong(`--pick is not a whole number from 1 to ${MOST}`);
  return { source, out: values.out, wish: { split: values.split ?? null, pick } };
}

function parsed(args: readonly string[]) {
  try {
    const options = { split: { type: "string" }, pick: { type: "string" }, out: { type: "string" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}

function wrong(problem: string): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem, remedy: USAGE });
}

async function readCases({ source, wish }: Order): Promise<OpenedCase[]> {
  if (!existsSync(source)) throw wrong(`there is no ${source}`);
  if (statSync(source).isDirectory()) throw wrong(`${source} is a folder`);
  const table = resolve(dirname(source), "cases.csv");
  const rows = existsSync(table) ? readCsv(await readFile(table, "utf8")) : [];
  const cases = openCases(openZip(await readFile(source), source), source);
  console.error(`${source}: ${cases.rows} slices`);
  return casesFromCrops(cases, rows.length === cases.rows ? rows : [], wish);
}

try {
  const order = orderOf(process.argv.slice(2));
  const cases = await readCases(order);
  const zip = writeZip(writePack(LIDC_TITLE, LIDC_ATTRIBUTION, cases));
  await writeFile(order.out, zip);
  const drew = cases.map(({ graders }) => graders.filter(({ mask }) => mask !== null).length);
  const byGraders = Object.fromEntries([2, 3, 4].map((count) => [count, drew.filter((n) => n === count).length]));
  console.log(JSON.stringify({ cases: cases.length, by_graders: byGraders, out: order.out, bytes: zip.length }));
} catch (error) {
  if (!(error instanceof GraderspaceError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
