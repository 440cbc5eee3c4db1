import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openModel } from "../../../src/cli/backend.ts";
import { readModel } from "../../../src/cli/model-folder.ts";
import { evaluateCase, type MarkedCrop } from "../../../src/core/measures/evaluate-case.ts";
import { summarise } from "../../../src/core/measures/evaluation.ts";
import { thinned } from "../../../src/core/measures/pick-cases.ts";
import type { Model, Prepared } from "../../../src/core/network/model.ts";
import { shuffle } from "../../../src/core/random/random.ts";
import { DEFAULT_TEACHING, type TeachSettings } from "../../../src/core/teach/settings.ts";
import type { Taught } from "../../../src/core/teach/taught.ts";
import { cropRegion } from "../../../src/core/values/region.ts";
import { openZip } from "../../../src/io/bytes/zip.ts";
import { openCases } from "../../../src/io/numpy/cases-npz.ts";
import { Learner } from "../../../src/model/teach/learner.ts";
import { studentOf } from "../../../src/model/teach/student-of.ts";
import { taughtModel } from "../../../src/model/teach/taught-model.ts";
import { teach } from "../../../src/model/teach/teaching.ts";
import { FEWER, HABITS } from "./habits.ts";

// Whether Teach wins back what other habits cost: npx tsx tests/bench/teach/main.ts --crops ../shared/lidc/crops.npz
// A line of JSON per pack and split; `lost` = GED²(parent, changed graders) − GED²(parent, original graders) on the
// same held-out cases, `won` = GED²(parent, changed) − GED²(taught, changed). Where a pack has fewer readers, `lost` holds
// what their number alone costs, which is no habit (GED² is biased): `lostByHabit` = GED²(parent, changed graders) −
// GED²(parent, original graders without one of them, mean over whom).

const { values: asked } = parseArgs({
  options: {
    crops: { type: "string", default: "../shared/lidc/crops.npz" },
    /** Of `val`: 60 evenly spread slices, from this one on. */
    from: { type: "string", default: "0" },
    cases: { type: "string", default: "60" },
    teach: { type: "string", default: "40" },
    packs: { type: "string", default: Object.keys(HABITS).join(",") },
    splits: { type: "string", default: "0,1,2,3,4" },
    model: { type: "string" },
    /** Settings of the teaching as JSON. */
    settings: { type: "string", default: "{}" },
    /** Also what the same numbers win on the held-out cases when they learn from these themselves: a bound, no figure. */
    oracle: { type: "boolean", default: false },
    json: { type: "string" },
  },
});

if (!existsSync(asked.crops)) {
  console.error(`${asked.crops} is not here: nothing was measured`);
  process.exit(2);
}

interface Owned {
  readonly crop: MarkedCrop;
  readonly patient: number | string;
}

interface Means {
  readonly lost: number;
  readonly lostByHabit: number;
  readonly won: number;
}

const settings: TeachSettings = { ...DEFAULT_TEACHING, ...JSON.parse(asked.settings) };
const original = await casesOfVal();
const files = await readModel(asked.model);
const model = remembering(await openModel(files));
const student = await studentOf(model, files, settings);
const lines: object[] = [];
for (const pack of asked.packs.split(",")) {
  const changed = changedBy(pack);
  for (const split of asked.splits.split(",").map(Number)) {
    const started = performance.now();
    const [taughtOn, heldOut] = splitBy(split);
    const taught = await taughtFrom(taughtOn.map((i) => changed[i] as Owned));
    const facts = { name: "taught", cases: "bench", settings };
    const after = taught.retouch ? await openModel(taughtModel(files, taught, facts)) : model;
    const [before, parent, now] = [
      await ged2Of(
        model,
        heldOut.map((i) => original[i] as Owned),
      ),
      await ged2Of(
        model,
        heldOut.map((i) => changed[i] as Owned),
      ),
      await ged2Of(
        after,
        heldOut.map((i) => changed[i] as Owned),
      ),
    ];
    const byHabit = parent - (FEWER.has(pack) ? await withOneLess(heldOut) : before);
    const anyway = taught.retouch
      ? null
      : learnt(
          taughtOn.map((i) => changed[i] as Owned),
          taught.steps,
        );
    const unasked =
      anyway &&
      (await ged2Of(
        student.drawing(await anyway),
        heldOut.map((i) => changed[i] as Owned),
      ));
    if (after !== model) after.dispose();
    const own = heldOut.map((i) => changed[i] as Owned);
    const best = asked.oracle ? await ged2Of(student.drawing(await learnt(own, settings.steps)), own) : null;
    const { mean, low, high } = taught.verdict.figures.ged2.change;
    const line = {
      pack,
      split,
      original: round(before),
      parent: round(parent),
      taught: round(now),
      lost: round(parent - before),
      lostByHabit: round(byHabit),
      won: round(parent - now),
      adapted: taught.retouch !== null,
      better: taught.verdict.better,
      /** What it would have won where nothing was offered. */
      unoffered: unasked === null ? null : round(parent - unasked),
      oracle: best === null ? null : round(parent - best),
      said: [mean, low, high].map(round),
      steps: taught.folds.map((fold) => fold.steps),
      seconds: Math.round((performance.now() - started) / 1000),
    };
    lines.push(line);
    console.log(JSON.stringify(line));
  }
  const own = lines.filter((line) => (line as { pack: string }).pack === pack) as Means[];
  const mean = (name: keyof Means) => own.reduce((sum, line) => sum + line[name], 0) / own.length;
  console.log(
    JSON.stringify({
      pack,
      mean: { lost: round(mean("lost")), lostByHabit: round(mean("lostByHabit")), won: round(mean("won")) },
    }),
  );
}
if (asked.json) writeFileSync(asked.json, `${JSON.stringify(lines, null, 1)}\n`);
process.exit(0); // the decoder's thread does not end by itself

async function casesOfVal(): Promise<Owned[]> {
  const bytes = new Uint8Array(readFileSync(resolve(asked.crops)));
  const cases = openCases(openZip(bytes, "crops.npz"), "crops.npz");
  const [splits, patients] = [await cases.column("split"), await cases.column("patient")];
  const val = Array.from({ length: cases.rows }, (_, row) => row).filter((row) => splits?.[row] === "val");
  const from = Number(asked.from);
  const rows = thinned(val.slice(0, val.length - from), Number(asked.cases)).map((row) => row + from);
  cases.keepWhole();
  const found: Owned[] = [];
  for (const row of rows) {
    const { values } = cropRegion(await cases.slice(row), cases.width / 2, cases.width / 2, cases.width);
    const crop = { row, size: cases.width, values, graders: await cases.masks(row) };
    found.push({ crop, patient: patients?.[row] as number });
  }
  return found;
}

function changedBy(pack: string): Owned[] {
  const habit = HABITS[pack];
  if (!habit) throw new Error(`there are no habits ${pack}`);
  const graders = habit(original.map(({ crop }) => crop.graders));
  return original.map(({ crop, patient }, i) => ({ patient, crop: { ...crop, graders: graders[i] ?? [] } }));
}

/** Patients in random order: the first cases are taught, the last ones held out; no patient is on both sides. */
function splitBy(split: number): [number[], number[]] {
  const order = shuffle(split, [1], [...new Set(original.map(({ patient }) => patient))]);
  const rows = order.flatMap((whose) => original.flatMap(({ patient }, i) => (patient === whose ? [i] : [])));
  const border = rows[Number(asked.teach)];
  const whose = original[border as number]?.patient;
  const first = rows.findIndex((row) => original[row]?.patient === whose);
  return [rows.slice(0, first), rows.slice(first)];
}

async function taughtFrom(cases: readonly Owned[]): Promise<Taught> {
  const source = {
    count: cases.length,
    patients: cases.map(({ patient }) => patient),
    marked: async (i: number) => (cases[i] as Owned).crop,
  };
  for await (const event of teach(student, source, settings)) if (event.kind === "done") return event.taught;
  throw new Error("no outcome");
}

/** The head that would have been offered. */
async function learnt(cases: readonly Owned[], steps: number): Promise<Float32Array> {
  const kept = [];
  for (const { crop } of cases) {
    const prepared = await model.prepare({ ...crop, origin: [0, 0], constant: false });
    kept.push((await student.keep(prepared, crop)).kept);
  }
  const learner = new Learner(student, kept, settings, 0);
  while (learner.step < steps) await learner.advance();
  return learner.numbers;
}

/** GED² of the parent against the original graders without one of them, mean over who is missing. */
async function withOneLess(rows: readonly number[]): Promise<number> {
  const found: number[] = [];
  const slots = Math.max(...original.map(({ crop }) => crop.graders.length));
  for (let gone = 0; gone < slots; gone++) {
    const without = rows.map((i) => {
      const { crop, patient } = original[i] as Owned;
      return { patient, crop: { ...crop, graders: crop.graders.filter((_, g) => g !== gone) } };
    });
    found.push(await ged2Of(model, without));
  }
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

async function ged2Of(by: Parameters<typeof evaluateCase>[0], cases: readonly Owned[]): Promise<number> {
  const order = { seed: 0, count: 16, threshold: files.config.threshold, kl: false };
  const found = [];
  for (const { crop } of cases) found.push((await evaluateCase(by, crop, order)).figures);
  return summarise(found).ged2;
}

/** The U-Net looks at each case once: it is the same for all habits and splits. */
function remembering(inner: Model): Model {
  const known = new Map<Float32Array, Promise<Prepared>>();
  return {
    ...inner,
    prepare: (crop, task) => {
      const found = known.get(crop.values) ?? inner.prepare(crop, task);
      known.set(crop.values, found);
      return found;
    },
  };
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
