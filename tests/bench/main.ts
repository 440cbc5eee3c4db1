import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createServer } from "vite";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import { benchAgainst, benchStartAgainst } from "./against/main.ts";
import { Budget } from "./budget.ts";
import { benchBuiltPage, buildIfStale } from "./built-page.ts";
import { benchChromium } from "./chromium.ts";
import { combOf } from "./comb-case.ts";
import { benchCosts, costPicture } from "./costs.ts";
import { benchCrew } from "./crew.ts";
import { benchNode, type Model } from "./node.ts";
import { type Found, table } from "./rows.ts";
import { benchSlice } from "./slice.ts";
import { benchStart } from "./start/main.ts";
import { benchThrough } from "./through.ts";
import { benchTorch } from "./torch.ts";

/** The model whose graphs `models/training` exported for onnxruntime. */
const MODEL = "lidc-prob-unet";
const MODELS = resolve(import.meta.dirname, "../../models");
const ROUNDS = 7;
/** Systems whose work is shared by a crew, each in its way. */
const CREWS = ["lidc-dropout-unet", "lidc-unet-ensemble", "lidc-image2image-vae", MODEL];

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    quick: { type: "boolean", default: false },
    /** Only the waits of the page, beside those of the page as this commit built it. */
    against: { type: "string" },
    /** Only the start, with so many visits of each kind; with `--against`, of both trees. */
    start: { type: "string" },
    /** Where the picture of the costs goes. */
    picture: { type: "string", default: resolve(import.meta.dirname, "costs.svg") },
  },
});

const { default: first } = JSON.parse(readFileSync(`${MODELS}/index.json`, "utf8")) as { default: string };
if (values.start !== undefined) {
  const visits = Number(values.start);
  if (!Number.isInteger(visits) || visits < 1) throw new Error(`--start takes a number of visits, not ${values.start}`);
  buildIfStale();
  console.log(await benchStartAgainst(values.against ?? null, first, visits));
  process.exit(0);
}
if (values.against !== undefined) {
  buildIfStale();
  console.log(await benchAgainst(values.against, first, values.quick ? 1 : 3));
  process.exit(0);
}

const model = readModel(MODEL);
const { config } = model;
const comb = combOf(config, model.weights);
const found: Found = { rows: [], ratios: {} };
const add = ({ rows, ratios }: Found) => {
  found.rows.push(...rows);
  Object.assign(found.ratios, ratios);
};

/** A tenth is kept for what cannot be told beforehand. */
const budget = new Budget((values.quick ? 3 : 10) * 60_000 * 0.9);
add(await benchNode(model, comb, ROUNDS, values.quick, budget));
if (!values.quick && budget.allows("whole slice and plane", 60_000)) {
  for (const one of [readModel(defaultModel()), model]) add({ rows: await benchSlice(one, 3), ratios: {} });
}
add(await benchThrough(comb, 128, values.quick ? ROUNDS : 3 * ROUNDS));
add(await benchChromium(model, ROUNDS, values.quick, budget));
if (!values.quick && budget.allows("one worker and two", 120_000)) add(await benchCrew(MODELS, CREWS, ROUNDS));
const built = await benchBuiltPage(values.quick ? 3 : ROUNDS);
found.rows.push(...built.rows);
const start = await startTable();
if (!values.quick) {
  const costs = await benchCosts(comb, budget);
  writeFileSync(values.picture, costPicture(costs));
  const torch = budget.allows("PyTorch", 120_000) ? benchTorch(model.folder, ROUNDS) : [];
  add({ rows: [...torch, ...costs], ratios: {} });
}
add(await ownGpu([model, readModel(defaultModel())], ROUNDS));

const processors = cpus();
const machine = {
  cpu: processors[0]?.model ?? "unknown",
  cores: processors.length,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  model: config.name,
  widths: config.architecture.channels,
};
for (const [name, { value, reason, spread, atMost }] of Object.entries(found.ratios)) {
  const most = `${spread ? ` [${spread}]` : ""}${atMost === undefined ? "" : ` (at most ${atMost.toFixed(3)})`}`;
  console.error(`${name.padEnd(28)} ${value === null ? `not measured: ${reason}` : value.toFixed(3)}${most}`);
}
for (const [name, milliseconds] of Object.entries(built.page)) {
  const text =
    milliseconds === null ? `not measured: ${built.reasons[`page.${name}`]}` : `${milliseconds.toFixed(0)} ms`;
  console.error(`${`page.${name}`.padEnd(28)} ${text}`);
}
console.error(`\n${table(found.rows)}`);
if (start !== null) console.error(`\n${start}`);
for (const reason of budget.skipped) console.error(`left out: ${reason}`);
if (values.json) {
  const ratios = Object.fromEntries(Object.entries(found.ratios).map(([name, { value }]) => [name, value]));
  const reasons = {
    ...Object.fromEntries(
      Object.entries(found.ratios).flatMap(([name, { reason }]) => (reason ? [[name, reason]] : [])),
    ),
    ...built.reasons,
  };
  const all = { machine, rows: found.rows, ratios, page: built.page, reasons, skipped: budget.skipped };
  writeFileSync(values.json, `${JSON.stringify(all, null, 1)}\n`);
}
const missed = Object.entries(found.ratios).filter(
  ([, { value, atMost }]) => value !== null && value > (atMost ?? value),
);
for (const [name] of missed) console.error(`more than was promised: ${name}`);
process.exit(missed.length > 0 ? 1 : 0);

function defaultModel(): string {
  return JSON.parse(readFileSync(`${MODELS}/index.json`, "utf8")).default;
}

function readModel(name: string): Model {
  const folder = `${MODELS}/${name}`;
  const config = parseConfig(JSON.parse(readFileSync(`${folder}/config.json`, "utf8")), "config.json");
  return { folder, config, weights: new Uint8Array(readFileSync(`${folder}/${config.weights[0]?.file}`)) };
}

/** Cold, warm and over 3 Mbit/s, beside an empty page and one that runs the network once. */
async function startTable(): Promise<string | null> {
  if (!budget.allows("the start", 180_000)) return null;
  try {
    buildIfStale();
    return await benchStart({ "this page": resolve(import.meta.dirname, "../../dist") }, first, values.quick ? 1 : 9);
  } catch (error) {
    budget.skipped.push(`the start: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

/** Through Vite, which knows how to import a kernel's text. */
async function ownGpu(models: readonly Model[], rounds: number): Promise<Found> {
  const vite = await createServer({ configFile: false, logLevel: "error", server: { middlewareMode: true } });
  try {
    const { benchHardware } = await vite.ssrLoadModule("/tests/bench/hardware.ts");
    return await benchHardware(models, rounds);
  } catch (error) {
    budget.skipped.push(`the machine's own GPU: ${error instanceof Error ? error.message : error}`);
    return { rows: [], ratios: {} };
  } finally {
    await vite.close();
  }
}
