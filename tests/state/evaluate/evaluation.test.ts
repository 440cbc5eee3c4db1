import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelConfig } from "../../../src/core/config/model-config.ts";
import { GraderspaceError } from "../../../src/core/errors.ts";
import type { Model, ModelFiles } from "../../../src/core/network/model.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import type { OpenedCase } from "../../../src/io/pack/pack.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import type { Ports } from "../../../src/state/app/ports.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { casesCsv, overallCsv } from "../../../src/state/evaluate/csv.ts";
import { overallOf } from "../../../src/state/evaluate/figures.ts";
import { type EvaluationRows, rowsInMemory } from "../../../src/state/evaluate/rows.ts";
import { isComplete, keptProgress, progressOf } from "../../../src/state/evaluate/slice.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { BlobSystem } from "../../support/blob-system.ts";
import { FAKE_CONFIG } from "../../support/fake-engine.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { runsOf } from "../../support/runs-of.ts";
import { tinyCases } from "../../support/tiny-pack.ts";
import { turns, until } from "../../support/until.ts";

const HEADS: ModelConfig = {
  ...FAKE_CONFIG,
  name: "heads",
  title: "Fake heads",
  family: "m-heads",
  choice: "head",
  architecture: { ...FAKE_CONFIG.architecture, heads: 3 },
  weights: [{ file: "weights.safetensors", dtype: "f32", sha256: "1".repeat(64), bytes: 4 }],
};
const OTHER: ModelConfig = {
  ...FAKE_CONFIG,
  name: "other",
  title: "Other",
  weights: [{ ...HEADS.weights[0]!, sha256: "2".repeat(64) }],
};

let explorer: Explorer;
/** Every system that a run opened. */
let opened: BlobSystem[];
/** Called before each crop of each system. */
let hook: (name: string, prepared: number) => Promise<void> | void;
let rows: EvaluationRows;

beforeEach(async () => {
  opened = [];
  hook = () => {};
  rows = rowsInMemory();
  await openPage();
});
afterEach(() => explorer.dispose());

/** The page anew, as after a reload: of what was there only `rows` is left. The examples may come late. */
async function openPage(examplesAfter?: Promise<void>): Promise<void> {
  explorer?.dispose();
  const examples = writePack("Examples", "", tinyCases());
  const base = fakePorts(async (path) => {
    await examplesAfter;
    return examples[path] as Uint8Array;
  });
  // Nothing is decoded for the explorer: the tests are quicker.
  base.fake.fail.encode = new GraderspaceError("DeviceLost", { problem: "the explorer rests" });
  const ports: Ports = {
    ...base,
    evaluationRows: rows,
    models: [
      { name: "fake", config: FAKE_CONFIG },
      { name: "heads", config: HEADS },
      { name: "other", config: OTHER },
    ],
    engine: async () => {
      const engine = await base.engine();
      let explorers: Promise<Model> | null = null; // the first that is loaded
      const load = async (files: ModelFiles) => {
        if (explorers === null) {
          explorers = engine.load(files);
          return explorers;
        }
        const { config } = files;
        const system = new BlobSystem(config, (prepared) => hook(config.name, prepared));
        opened.push(system);
        return system;
      };
      return { ...engine, load };
    },
  };
  explorer = createExplorer(ports, createLibrary(ports));
  await explorer.runs.fetch();
  if (!examplesAfter) await until(() => explorer.store.getState().intent.caseId !== null);
}

async function openPack(cases: readonly OpenedCase[], change: (files: Record<string, Uint8Array>) => void = () => {}) {
  const files = writePack("Balls", "", cases);
  change(files);
  await explorer.actions.openFiles([new File([writeZip(files) as Uint8Array<ArrayBuffer>], "balls.zip")]);
  explorer.actions.show("evaluate");
  await until(() => state().pack?.title === "Balls");
}

const evaluation = () => runsOf(explorer).evaluation;
const state = () => evaluation().store.getState();
const idle = () => state().status === "idle";
const finished = (system = 0) => state().systems[system]?.rows.length ?? 0;

async function run(): Promise<void> {
  evaluation().start();
  await until(idle);
}

/** Holds every crop from the n-th on until it is let go. */
function holdFrom(n: number): () => void {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  hook = (_name, prepared) => (prepared >= n ? held : undefined);
  return letGo;
}

describe("an evaluation", () => {
  it("takes the built-in examples where nothing else is open, and the model on the page", async () => {
    explorer.actions.show("evaluate");
    await until(() => state().pack !== null);
    expect(state().pack).toMatchObject({ shelf: "example", title: "Examples", patients: null });
    expect(state().settings).toMatchObject({ systems: ["fake"], count: 16, seed: 0, limit: null });
    evaluation().change({ count: 4 });
    await run();
    expect(state().systems[0]).toMatchObject({ status: "done", failure: null, failed: [] });
    expect(state().systems[0]?.rows.map(({ id }) => id)).toEqual(["ball-a", "ball-b"]);
    expect(state().systems[0]?.rows.map(({ figures }) => figures.drew)).toEqual([4, 2]);
    expect(isComplete(state())).toBe(true);
    expect(opened.every(({ disposed }) => disposed)).toBe(true);
  });

  it("chooses a pack that is opened meanwhile", async () => {
    explorer.actions.show("evaluate");
    await until(() => state().pack?.shelf === "example");
    await openPack(ballCases(2));
    expect(state().settings.shelf).toBe("pack 1");
    expect(explorer.store.getState().view).toBe("evaluate");
  });

  it("stays with the pack that was opened where the examples come after it", async () => {
    let arrive = () => {};
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    await openPage(late);
    await openPack(ballCases(2));
    arrive();
    await until(() => explorer.store.getState().entries.length > 2);
    await turns(3);
    expect(state()).toMatchObject({ settings: { shelf: "pack 1" }, pack: { title: "Balls" } });
  });

  it("takes as many cases as are asked for, evenly spread: row floor(i·M/K)", async () => {
    await openPack(ballCases(5));
    evaluation().change({ limit: 2, count: 2 });
    await run();
    expect(state().systems[0]?.rows.map(({ row }) => row)).toEqual([0, 2]); // floor(0), floor(2.5)
    expect(progressOf(state())).toEqual({ done: 2, total: 2 });
  });

  it("runs one system after the other, each closed before the next is opened", async () => {
    await openPack(ballCases(2));
    evaluation().change({ systems: ["other", "fake"], count: 2 });
    hook = (name) => {
      if (name === "other") expect(opened[0]?.disposed).toBe(true);
    };
    await run();
    expect(state().systems.map(({ name, status }) => [name, status])).toEqual([
      ["fake", "done"],
      ["other", "done"],
    ]);
    expect(opened).toHaveLength(2);
  });

  it("gives 95 % intervals over the patients that the pack names", async () => {
    await openPack(ballCases(6));
    expect(state().pack?.patients?.slice(0, 3)).toEqual(["patient 0", "patient 0", "patient 1"]);
    evaluation().change({ count: 4 });
    await run();
    await until(() => state().intervals["fake"]?.rows.length === 6);
    const interval = state().intervals["fake"]?.value.ged2;
    const overall = overallOf(state().systems[0]?.rows ?? []);
    expect(interval?.mean).toBeCloseTo(overall?.figures.ged2 ?? Number.NaN, 12);
    expect(interval?.low).toBeLessThan(interval?.mean ?? 0);
    expect(interval?.high).toBeGreaterThan(interval?.mean ?? 1);
  });

  it("tells the status line how far it is, and no longer once it is done", async () => {
    await openPack(ballCases(3));
    const letGo = holdFrom(2);
    evaluation().change({ count: 2 });
    evaluation().start();
    await until(() => finished() === 2);
    expect(explorer.store.getState().jobs.evaluate).toEqual({ progress: 2 / 3, what: "Evaluating" });
    letGo();
    await until(idle);
    expect(explorer.store.getState().jobs.evaluate).toBeUndefined();
  });
});

describe("a run", () => {
  it("stands still while it is paused, and goes on where it was", async () => {
    await openPack(ballCases(4));
    evaluation().change({ count: 2 });
    const letGo = holdFrom(1);
    evaluation().start();
    await until(() => finished() === 1);
    evaluation().pause();
    letGo(); // the case under way is finished, and no other begun
    await until(() => finished() === 2);
    await turns(25);
    expect([state().status, finished(), opened[0]?.prepared]).toEqual(["paused", 2, 2]);
    evaluation().resume();
    await until(idle);
    expect([finished(), opened.length, opened[0]?.prepared]).toEqual([4, 1, 4]);
  });

  it("that is cancelled closes its system and keeps what is finished; a late case is dropped", async () => {
    await openPack(ballCases(4));
    evaluation().change({ count: 2 });
    const letGo = holdFrom(2);
    evaluation().start();
    await until(() => finished() === 2);
    evaluation().cancel();
    expect(state().status).toBe("idle");
    letGo();
    await until(() => opened[0]?.disposed === true);
    await until(() => keptProgress(state()).done === 2);
    expect(finished()).toBe(2);
    expect(keptProgress(state())).toEqual({ done: 2, total: 4 });
    const alerts = explorer.store.getState().notices.filter(({ kind }) => kind === "alert");
    expect(alerts.map(({ text }) => text)).toEqual(["The explorer rests."]);
    evaluation().start();
    await until(idle);
    expect([finished(), opened.length, opened[1]?.prepared]).toEqual([4, 2, 2]);
  });

  it("can be cancelled while it is paused", async () => {
    await openPack(ballCases(3));
    evaluation().change({ count: 2 });
    evaluation().start();
    await until(() => finished() === 1);
    evaluation().pause();
    evaluation().cancel();
    await until(() => opened[0]?.disposed === true);
    expect(idle()).toBe(true);
    expect(finished()).toBeLessThan(3);
  });

  it("is gone on with after a reload: settings and finished cases are still there", async () => {
    await openPack(ballCases(4));
    evaluation().change({ systems: ["fake", "other"], count: 3, seed: 9 });
    holdFrom(2);
    evaluation().start();
    await until(() => finished() === 2);
    const before = state().systems[0]?.rows;
    await openPage();
    hook = () => {};
    opened = [];
    await openPack(ballCases(4));
    await until(() => keptProgress(state()).done === 2);
    expect(state().settings).toMatchObject({ systems: ["fake", "other"], count: 3, seed: 9 });
    expect(keptProgress(state())).toEqual({ done: 2, total: 8 });
    await run();
    expect(state().systems[0]?.rows.slice(0, 2)).toEqual(before);
    expect(opened.map(({ prepared }) => prepared)).toEqual([2, 4]);
    await openPage();
    opened = [];
    await openPack(ballCases(4));
    await run();
    expect(finished()).toBe(4);
    expect(opened).toEqual([]); // nothing was left to be computed: no model was loaded
  });

  it("takes no kept row of another seed, number of samples or model", async () => {
    await openPack(ballCases(2));
    evaluation().change({ count: 2 });
    await run();
    await until(() => keptProgress(state()).done === 2);
    for (const change of [{ seed: 1 }, { count: 3 }, { systems: ["other"] }]) {
      evaluation().change({ seed: 0, count: 2, systems: ["fake"] });
      evaluation().change(change);
      await until(() => keptProgress(state()).done === 0);
    }
  });

  it("computes a case anew whose picture is another one under the same pack.json", async () => {
    const cases = ballCases(3);
    await openPack(cases);
    evaluation().change({ count: 2 });
    await run();
    await openPage();
    opened = [];
    const [first, second, third] = cases as [OpenedCase, OpenedCase, OpenedCase];
    const values = second.slice.values.map((value, i) => (i === 80 * 160 + 84 ? 400 : value));
    await openPack([first, { ...second, slice: { ...second.slice, values } }, third]);
    await until(() => keptProgress(state()).done === 3);
    await run();
    expect(finished()).toBe(3);
    expect(opened.map(({ prepared }) => prepared)).toEqual([1]);
  });

  it("begins anew where the person says so", async () => {
    await openPack(ballCases(2));
    evaluation().change({ count: 2 });
    await run();
    await evaluation().startOver();
    await until(idle);
    expect(opened.map(({ prepared }) => prepared)).toEqual([2, 2]);
  });
});

describe("what fails", () => {
  const oops = new GraderspaceError("OutOfMemory", { problem: "there is no room for this case" });

  it("in one case is counted and named, and the others go on; the next run tries it again", async () => {
    await openPack(ballCases(4));
    evaluation().change({ count: 2 });
    hook = (_name, prepared) => {
      if (prepared === 1) throw oops;
    };
    await run();
    const [system] = state().systems;
    expect(system?.rows.map(({ id }) => id)).toEqual(["ball-1", "ball-3", "ball-4"]);
    expect(system?.failed).toEqual([{ row: 1, id: "ball-2", sentence: "There is no room for this case." }]);
    expect(overallOf(system?.rows ?? [])?.cases).toBe(3);
    expect(progressOf(state())).toEqual({ done: 4, total: 4 });
    expect(isComplete(state())).toBe(false);
    hook = () => {};
    await run();
    expect(finished()).toBe(4);
    expect(opened[1]?.prepared).toBe(1);
    expect(isComplete(state())).toBe(true);
  });

  it("as a file that is missing from the pack is named too", async () => {
    await openPack(ballCases(3), (files) => delete files["002/grader-1.png"]);
    evaluation().change({ count: 2 });
    await run();
    expect(finished()).toBe(2);
    expect(state().systems[0]?.failed[0]).toMatchObject({ row: 1, id: "ball-2" });
    expect(state().systems[0]?.failed[0]?.sentence).toContain("002/grader-1.png, which is not in it");
  });

  it("is a case at which nobody looked", async () => {
    const [first, second] = ballCases(2) as [OpenedCase, OpenedCase];
    await openPack([first, { ...second, graders: [] }]);
    evaluation().change({ count: 2 });
    await run();
    expect(state().systems[0]?.failed[0]?.sentence).toContain("It names no graders");
  });

  it("three times in a row gives the system up, and the next one has its turn", async () => {
    await openPack(ballCases(6));
    evaluation().change({ systems: ["fake", "other"], count: 2 });
    hook = (name) => {
      if (name === "fake") throw oops;
    };
    await run();
    const [fake, other] = state().systems;
    expect(fake).toMatchObject({ status: "failed", failure: "There is no room for this case." });
    expect(fake?.failed).toHaveLength(2);
    expect(other).toMatchObject({ status: "done", failure: null });
    expect(other?.rows).toHaveLength(6);
    expect(opened.every(({ disposed }) => disposed)).toBe(true);
    expect(progressOf(state())).toEqual({ done: 12, total: 12 });
  });

  it("is a system with fewer heads than samples, before it is loaded", async () => {
    await openPack(ballCases(2));
    evaluation().change({ systems: ["heads"], count: 4 });
    await run();
    expect(state().systems[0]?.failure).toBe("Fake heads has 3 heads and cannot give 4 samples; ask for at most 3.");
    expect(opened).toEqual([]);
  });

  it("is a browser that keeps nothing: that is said, and the run goes on", async () => {
    rows.keep = async () => {
      throw new Error("private window");
    };
    await openPack(ballCases(2));
    evaluation().change({ count: 2 });
    await run();
    expect(finished()).toBe(2);
    expect(state().trouble).toContain("keeps nothing here");
  });
});

describe("what leaves the page", () => {
  /** Every text anywhere below a value. */
  function textsIn(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
  }

  it("is kept over a reload as numbers and case ids alone", async () => {
    const kept: unknown[] = [];
    rows.keep = async (run, row) => {
      expect(run).toMatch(/^[0-9a-f]{64}$/);
      kept.push(row);
    };
    await openPack(ballCases(2));
    evaluation().change({ count: 2 });
    await run();
    expect(kept.flatMap(textsIn)).toEqual(["ball-1", "ball-2"]);
  });

  it("is a CSV row per case and system, with the systems' titles and without those of cases, or patients", async () => {
    await openPack(ballCases(3));
    evaluation().change({ systems: ["fake", "other"], count: 2, seed: 4 });
    await run();
    const [header, ...lines] = casesCsv(state()).trim().split("\n");
    expect(header).toBe(
      "model,title,case,row,seed,count,graders,drew,ged2,hm_iou,diversity,nestedness,dice,ece,presence,ged2_presence,sample_grader,grader_spread",
    );
    expect(lines).toHaveLength(6);
    expect(lines[4]).toMatch(/^other,[^,]+,ball-2,1,4,2,4,4,-?\d/);
    expect(lines.join()).not.toMatch(/number|patient/);
    const [asked, first] = casesCsv(state(), "semicolon").split("\n");
    expect(asked).toMatch(/^model;title;case;/);
    expect(first).toMatch(/;-?\d+,\d+;/);
    expect(overallCsv(state(), "semicolon").split("\n")[1]).toMatch(/;-?\d+,\d+;/);
  });

  it("names the order of the draws where one was asked for: that of systems with z, and no row of another is taken for it", async () => {
    await openPack(ballCases(1));
    evaluation().change({ count: 2, systems: ["fake", "heads"] });
    await run();
    expect([casesCsv(state()), overallCsv(state())].join()).not.toContain("order");
    evaluation().change({ order: "sobol" });
    expect(isComplete(state())).toBe(false);
    await run();
    expect(state().systems.map(({ order }) => order)).toEqual(["sobol", "iid"]);
    for (const csv of [casesCsv(state()), overallCsv(state())]) {
      const [header, ...lines] = csv
        .trim()
        .split("\n")
        .map((line) => line.split(","));
      const at = header?.indexOf("order") ?? -1;
      expect(lines.map((line) => line[at])).toEqual(["sobol", "iid"]);
    }
    // z is drawn anew; the heads' rows are the ones that were kept, and nobody opens them for that
    expect(opened.map(({ config }) => config.name)).toEqual(["fake", "heads", "fake"]);
    await openPage();
    await openPack(ballCases(1));
    await until(() => state().settings.order === "sobol"); // as a reload brings it back
    expect(keptProgress(state())).toEqual({ done: 2, total: 2 });
  });

  it("is a CSV row per system with intervals, GED² by graders who drew, and the reliability curve", async () => {
    await openPack(ballCases(4));
    evaluation().change({ count: 2 });
    await run();
    await until(() => state().intervals["fake"]?.rows === state().systems[0]?.rows);
    const [header, line] = overallCsv(state()).trim().split("\n");
    const cell = (name: string) => Number(line?.split(",")[header?.split(",").indexOf(name) ?? -1]);
    const overall = overallOf(state().systems[0]?.rows ?? []);
    expect(cell("cases")).toBe(4);
    expect(cell("ged2")).toBeCloseTo(overall?.figures.ged2 ?? Number.NaN, 5);
    expect(cell("ged2_low")).toBeLessThanOrEqual(cell("ged2"));
    expect(cell("ged2_drew_3")).toBeCloseTo(overall?.ged2ByGraders["3"] ?? Number.NaN, 5);
    expect(cell("bin_10_weight")).toBeCloseTo(overall?.reliability.bins[9]?.weight ?? Number.NaN, 5);
    // of presence each case counts once: the bins together say how often anything is drawn, and how often graders do
    const rows = state().systems[0]?.rows ?? [];
    const bins = overall?.presenceReliability.bins ?? [];
    const over = (of: "confidence" | "frequency") => bins.reduce((sum, bin) => sum + bin.weight * (bin[of] ?? 0), 0);
    expect(over("confidence")).toBeCloseTo(overall?.figures.presence ?? Number.NaN, 9);
    expect(over("frequency")).toBeCloseTo(
      rows.reduce((sum, { figures: { drew, slots } }) => sum + drew / slots / rows.length, 0),
      9,
    );
    const last = bins.findLastIndex(({ weight }) => weight > 0);
    expect(cell(`presence_${last + 1}_weight`)).toBeCloseTo(bins[last]?.weight ?? Number.NaN, 5);
    expect(cell(`presence_${last + 1}_said`)).toBeCloseTo(bins[last]?.confidence ?? Number.NaN, 5);
    expect(cell(`presence_${last + 1}_graders`)).toBeCloseTo(bins[last]?.frequency ?? Number.NaN, 5);
  });
});
