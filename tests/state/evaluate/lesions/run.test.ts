import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nodules } from "../../../../src/cli/lesion/nodules.ts";
import { GraderspaceError } from "../../../../src/core/errors.ts";
import { writeZip } from "../../../../src/io/bytes/zip-write.ts";
import { writePack } from "../../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { createLibrary } from "../../../../src/state/cases/library.ts";
import { lesionsCsv, packLesionLines, sortedLesions } from "../../../../src/state/evaluate/lesions/lesion-lines.ts";
import { ballLesions, writeBallLesions } from "../../../support/ball-lesions.ts";
import { temporaryFolder } from "../../../support/cases.ts";
import { type FakePorts, fakePorts } from "../../../support/fake-ports.ts";
import { portsWithModel } from "../../../support/ports-with-model.ts";
import { runsOf } from "../../../support/runs-of.ts";
import { tinyCases } from "../../../support/tiny-pack.ts";
import { turns, until } from "../../../support/until.ts";

const folder = temporaryFolder();
let files: ReturnType<typeof writeBallLesions>;
let explorer: Explorer;
let ports: FakePorts;
/** Turns that the page was given by the work. */
let given = 0;

const examples = writePack("Examples", "", tinyCases());
const readExample = async (path: string) => examples[path] as Uint8Array;

beforeAll(() => {
  files = writeBallLesions(folder.path);
});
afterAll(() => folder.end());
beforeEach(() => begin(fakePorts(readExample)));
afterEach(() => explorer.dispose());

async function begin(base: FakePorts) {
  given = 0;
  const nextTurn = async () => {
    given++;
    await base.nextTurn();
  };
  ports = { ...base, nextTurn };
  // Nothing is decoded for the explorer: the tests are quicker.
  ports.fake.fail.encode = new GraderspaceError("DeviceLost", { problem: "the explorer rests" });
  explorer = createExplorer(ports, createLibrary(ports));
  await explorer.runs.fetch();
  await until(() => explorer.store.getState().intent.caseId !== null);
}

async function openBalls(change: (entries: Record<string, Uint8Array>) => void = () => {}, name = "balls.zip") {
  const entries = writePack("Balls", "", ballLesions());
  change(entries);
  await explorer.actions.openFiles([new File([writeZip(entries) as Uint8Array<ArrayBuffer>], name)]);
}

const state = () => explorer.store.getState();
const found = () => state().lesionsOfPack?.value;
const job = () => state().jobs.lesions;

async function openLesions() {
  await openBalls();
  explorer.actions.show("lesions");
  await until(() => found()?.pack.title === "Balls" && !job() && state().failures.encode !== undefined);
  delete ports.fake.fail.encode;
}

async function drawLesions(wish: { model: string; count: number; seed?: number } = { model: "fake", count: 3 }) {
  explorer.actions.wishLesions(wish);
  explorer.actions.drawLesions();
  await until(() => found()?.drawn != null && !job());
}

describe("lesions of a pack, on the page and on the command line", () => {
  it("have the same figures to the digit, and the same CSV: of the graders, and of a model", {
    tags: ["ci"],
  }, async () => {
    explorer.dispose();
    const { ports: base, files: model } = await portsWithModel("tests/golden/tiny-general", readExample);
    await begin(base);
    await openLesions();
    const graders = (await nodules([files.pack, "--count", "0"])) as Record<string, unknown>;
    expect(graders).toMatchObject({ ...found()?.figures });
    await drawLesions({ model: model.config.name, count: 3, seed: 5 });
    const out = join(folder.path, "lesions.csv");
    const words = ["--model", "tests/golden/tiny-general", "--count", "3", "--seed", "5", "--out", out];
    const {
      seconds: _seconds,
      lesions,
      four_readers,
      left_out,
      count,
      coupling,
      ...figures
    } = (await nodules([files.pack, ...words])) as Record<string, unknown>;
    expect(found()?.figures).toEqual(figures);
    expect(found()?.drawn).toMatchObject({ count, coupling, seed: 5 });
    expect([found()?.found.lesions.length, found()?.lesions.length]).toEqual([lesions, four_readers]);
    expect(found()?.found.leftOut).toEqual(left_out);
    expect(lesionsCsv(found()!)).toBe(readFileSync(out, "utf8"));
  });
});

describe("the lesions of a pack", () => {
  it("have the graders' half where the view is shown, without a model", async () => {
    await openLesions();
    expect(explorer.hash()).toContain("&view=lesions");
    expect(found()).toMatchObject({ why: null, drawn: null });
    expect(found()?.lesions.map(({ series }) => series)).toEqual(["1", "2", "4"]);
    expect(found()?.figures.icc_volume.graders).toBeGreaterThan(0.5);
    expect(ports.fake.calls.load).toBe(1); // the explorer's own
  });

  it("are none where the pack does not say which: a sentence says how to make one that does", async () => {
    explorer.actions.show("lesions");
    await until(() => found() !== undefined && !job());
    expect(found()?.why).toContain("none of its cases says which lesion it is a slice of; make a pack with");
    expect(found()?.lesions).toEqual([]);
  });

  it("are drawn when that is started: progress, and turns for the page between slices", async () => {
    await openLesions();
    const before = given;
    explorer.actions.wishLesions({ model: "fake", count: 4 });
    explorer.actions.drawLesions();
    const seen = new Set<string>();
    const stop = explorer.store.subscribe((now) => now.jobs.lesions && seen.add(now.jobs.lesions.what));
    await until(() => found()?.drawn != null && !job());
    stop();
    expect([...seen]).toContain("Drawing 4 samples of 3 lesions");
    expect(given - before).toBeGreaterThan(2 * 13); // of 13 slices each at the sampling and at the measuring
    expect(found()?.read.every(({ sampled }) => sampled?.sizes.length === 4)).toBe(true);
  });

  it("with a slice that cannot be read are named, and in no figure", async () => {
    await openBalls((entries) => delete entries["002/slice.npy"]);
    explorer.actions.show("lesions");
    await until(() => found()?.pack.title === "Balls" && !job());
    expect(found()?.lesions.map(({ series }) => series)).toEqual(["2", "4"]);
    expect(found()?.failed).toMatchObject([{ lesion: { series: "1" }, sentence: /002\/slice\.npy/ }]);
  });

  it("go on being drawn while another view is shown, whatever model the page has then", { tags: ["ci"] }, async () => {
    await openLesions();
    explorer.actions.wishLesions({ count: 3 }); // of the page's model
    explorer.actions.drawLesions();
    explorer.actions.show("explorer");
    explorer.actions.setModel("fake-fields");
    await until(() => found()?.drawn != null && !job());
    expect(found()?.drawn?.model).toBe("fake");
    explorer.actions.show("lesions");
    await turns(20);
    expect(found()?.drawn?.count).toBe(3);
  });

  it("that were cancelled keep the graders' half, and go on where they were", async () => {
    await openLesions();
    explorer.actions.wishLesions({ model: "fake", count: 3 });
    explorer.actions.drawLesions();
    await until(() => (job()?.progress ?? 0) > 0.6 && job()?.what.startsWith("Drawing") === true);
    explorer.actions.cancel("lesions");
    await turns(30);
    expect([job(), found()?.drawn]).toEqual([undefined, null]);
    const encoded = ports.fake.calls.encode;
    await drawLesions();
    expect(ports.fake.calls.encode - encoded).toBeLessThan(13);
    expect(found()?.read.every(({ sampled }) => sampled !== null)).toBe(true);
  });

  it("of another n, seed, model or pack are never shown for these", { tags: ["ci"] }, async () => {
    await openLesions();
    await drawLesions();
    explorer.actions.wishLesions({ count: 4 });
    expect(found()?.drawn ?? null).toBeNull();
    await until(() => found() !== undefined && !job());
    expect(found()?.drawn).toBeNull();
    explorer.actions.wishLesions({ count: 3 }); // what was drawn is there again
    await until(() => found()?.drawn != null && !job());
    explorer.actions.wishLesions({ model: "fake-fields" });
    expect(found()?.drawn ?? null).toBeNull();
    explorer.actions.wishLesions({ model: "fake" });
    await until(() => found()?.drawn != null && !job());
    runsOf(explorer).evaluation.change({ shelf: "example" });
    expect(found()).toBeUndefined();
    await until(() => found()?.why != null && !job());
  });

  it("have decisions at the thresholds that are wanted, without being drawn again", async () => {
    await openLesions();
    await drawLesions();
    const encoded = ports.fake.calls.encode;
    explorer.actions.presetThresholds("lung-rads-2022");
    await until(() => Object.keys(found()?.figures.flips ?? {}).includes("15mm") && !job());
    expect(found()?.drawn?.count).toBe(3);
    expect(found()?.figures.flips["6mm"]).toHaveProperty("model");
    expect(ports.fake.calls.encode).toBe(encoded);
  });

  it("stay with the graders' half where the model fails, and the failure is told", { tags: ["ci"] }, async () => {
    await openLesions();
    ports.failing["fake-dropout-unet"] = new GraderspaceError("OutOfMemory", { problem: "there is no room" });
    explorer.actions.wishLesions({ model: "fake-dropout-unet" });
    explorer.actions.drawLesions();
    await until(() => state().failures.lesions !== undefined);
    expect(found()?.drawn).toBeNull();
    expect(state().notices.at(-1)?.text).toContain("There is no room");
    delete ports.failing["fake-dropout-unet"];
    explorer.actions.drawLesions();
    await until(() => found()?.drawn?.model === "fake-dropout-unet");
    expect(ports.systems.at(-1)?.calls.disposed).toBe(1);
  });
});

describe("the table of lesions", () => {
  it("names each, opens its middle slice, and sorts by what it shows; what has no value comes last", async () => {
    await openLesions();
    await drawLesions();
    const { thresholds } = state().lesionThresholds;
    const lines = packLesionLines(found()!, thresholds);
    expect(lines.map(({ title, opens, slices }) => [title, opens, slices])).toEqual([
      ["Patient p, nodule 0", 2, 5],
      ["Patient p, nodule 0, scan 2", 6, 3], // of two slices at one place the first
      ["Patient r, nodule 0", 15, 5],
    ]);
    expect(sortedLesions(lines, { by: "graders", falling: false }).map(({ row }) => row)).toEqual([1, 0, 2]);
    const none = [{ ...lines[0]!, model: null }, ...lines.slice(1)];
    expect(sortedLesions(none, { by: "median", falling: true }).at(-1)?.row).toBe(0);
    expect(sortedLesions(none, { by: "median", falling: false }).at(-1)?.row).toBe(0);
    expect(sortedLesions(lines, { by: "case", falling: false })).toEqual(lines);
  });
});
