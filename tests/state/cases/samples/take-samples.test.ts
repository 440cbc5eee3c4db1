import { encode } from "fast-png";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { areaPx } from "../../../../src/core/values/slice.ts";
import { writeZip } from "../../../../src/io/bytes/zip-write.ts";
import { writeSegNrrd } from "../../../../src/io/nrrd/nrrd-write.ts";
import { writeNpy } from "../../../../src/io/numpy/npy-write.ts";
import { writePack } from "../../../../src/io/pack/pack-write.ts";
import { pngOfMask } from "../../../../src/io/raster/png-write.ts";
import { storedSlice } from "../../../../src/io/stack/stack.ts";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import type { CaseId } from "../../../../src/state/app/identity.ts";
import { columnFigures } from "../../../../src/state/compare/select.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { figures } from "../../../../src/state/explore/figures.ts";
import { sampleAreas } from "../../../../src/state/explore/masks.ts";
import { mapOfMasks } from "../../../../src/state/explore/set/map-of-masks.ts";
import { shapeModesOf } from "../../../../src/state/explore/set/shape.ts";
import { currentMask, currentName } from "../../../../src/state/explore/shown.ts";
import { ballCases } from "../../../support/ball-pack.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { KeptInMemory } from "../../../support/kept-in-memory.ts";
import { runsOf } from "../../../support/runs-of.ts";
import { disc } from "../../../support/tiny-pack.ts";
import { until } from "../../../support/until.ts";

const SIDE = 160;
let machine: KeptInMemory;
let page: Explorer;
const state = () => page.store.getState();
const names = () => state().models.map(({ name }) => name);
const said = () => state().notices.map(({ text }) => text);

async function open(hash = ""): Promise<void> {
  page = createExplorer({ ...fakePorts(async () => new Uint8Array()), kept: machine.tab() }, fakeLibrary(), hash);
  await page.runs.fetch();
  await until(() => !isBusy(state()));
}

beforeEach(async () => {
  machine = new KeptInMemory();
  await open();
});
afterEach(() => page.dispose());

const file = (bytes: Uint8Array, name: string) => new File([bytes as Uint8Array<ArrayBuffer>], name);
const scan = () =>
  file(
    encode({
      width: SIDE,
      height: SIDE,
      data: Uint8Array.from({ length: SIDE * SIDE }, (_, i) => i % SIDE),
      channels: 1,
    }),
    "scan.png",
  );
const RADII = [4, 5, 6, 7, 8];
const discs = RADII.map((r) => disc(SIDE, 80, 80, r));
const pngs = (prefix: string) => discs.map((mask, k) => file(pngOfMask(mask), `${prefix}${k + 1}.png`));
const AREAS = discs.map(areaPx);

/** Drops files, and says that they are samples of a method. */
async function dropAsSamples(files: readonly File[], method: string): Promise<void> {
  const opening = page.actions.openFiles(files);
  await until(() => state().asking !== null);
  page.actions.answerMask("samples", false, method);
  await opening;
  await until(() => !isBusy(state()));
}

describe("samples dropped on a slice", () => {
  it("are asked about where they are more than four, and then a system like any other", async () => {
    await page.actions.openFiles([scan()]);
    await page.actions.openFiles(
      [file(pngOfMask(disc(SIDE, 80, 80, 6)), "grader-1.png")].concat(pngs("g").slice(0, 1)),
    );
    const opening = page.actions.openFiles(pngs("m"));
    await until(() => state().asking !== null);
    expect(state().asking).toEqual({
      file: "5 files",
      meanings: ["graders", "samples"],
      samples: { count: 5, method: "m1" },
    });
    page.actions.answerMask("samples", false, " flow ");
    await opening;
    await until(() => !isBusy(state()));
    expect(state().intent).toMatchObject({ model: "flow", count: 5 });
    expect(sampleAreas(state())).toEqual(AREAS);
    // Two graders, one the first sample and one the third: GED² is that of the five against them.
    expect(figures(state())).toMatchObject({ samples: 5, graders: 2, nestedness: 1 });
    expect(said().at(-1)).toBe("flow (5 samples) is in the menu of models.");
  });

  it("stay the samples that they are, whatever the seed, and say so of a slice that has none", async () => {
    await page.actions.openFiles([scan()]);
    await dropAsSamples(pngs("m"), "flow");
    page.actions.setSeed(7);
    await until(() => !isBusy(state()));
    expect(sampleAreas(state())).toEqual(AREAS);
    await page.actions.openCase("example:one" as CaseId);
    await until(() => !isBusy(state()));
    expect(said()).toContain(
      "flow: there are no samples of this slice; go to a slice that has some, drop samples of this one, or choose another model.",
    );
  });

  it("stand beside a network in Compare, with the same n", async () => {
    await page.actions.openFiles([scan(), file(pngOfMask(disc(SIDE, 80, 80, 6)), "grader-1.png")]);
    await dropAsSamples(pngs("m"), "flow");
    page.actions.openCompare();
    page.actions.setSystems(["flow", "fake-dropout-unet"]);
    await until(() => state().compared["fake-dropout-unet"] !== undefined);
    expect(columnFigures(state(), "flow").agreement).toEqual(figures(state()).agreement);
    expect(columnFigures(state(), "fake-dropout-unet").samples).toBe(5);
  });

  it("named by their files are not asked about, and come back after a reload", async () => {
    await page.actions.openFiles([scan()]);
    await page.actions.openFiles(pngs("samples_flow-"));
    await until(() => !isBusy(state()));
    await dropAsSamples(pngs("m"), "by/hand");
    expect(names().slice(-2)).toEqual(["flow", "by/hand"]);
    const hash = page.hash();
    page.wouldLose();
    page.dispose();
    machine.tabs.length = 0;
    await open(hash);
    await until(() => names().includes("by-hand") && !isBusy(state()));
    expect([names().slice(-2), state().intent.model, state().asking]).toEqual([["flow", "by-hand"], "by-hand", null]);
    expect(sampleAreas(state())).toEqual(AREAS);
    expect(said().filter((text) => text.includes("is not here"))).toEqual([]); // no link asks for them
  });

  it("of another size are refused with a sentence, and without a slice too", async () => {
    await page.actions.openFiles([scan()]);
    await page.actions.openFiles([file(writeNpy(new Uint8Array(50), [2, 5, 5]), "samples_flow.npy")]);
    expect(said().at(-1)).toContain("holds pictures of 5 × 5 pixels, and the slice has 160 × 160");
    expect(names()).not.toContain("flow");
  });

  it("as segments of one file are asked about, too, where they are more than four", async () => {
    await page.actions.openFiles([scan()]);
    const slice = { ...storedSlice({ width: SIDE, height: SIDE }, new Float32Array(SIDE * SIDE), "scan") };
    const segments = discs.map((mask, k) => {
      return { label: `Sample ${k + 1}`, algorithm: "AUTOMATIC", colour: [255, 0, 0], masks: [mask] } as const;
    });
    const few = file(writeSegNrrd(segments.slice(0, 4), slice), "few.seg.nrrd");
    await page.actions.openFiles([few]);
    expect([state().asking, figures(state()).graders]).toEqual([null, 4]);
    await dropAsSamples([file(writeSegNrrd(segments, slice), "many.seg.nrrd")], "many");
    expect([state().intent.model, sampleAreas(state())]).toEqual(["many", AREAS]);
  });

  it("as numbers from 0 to 1 are asked about as samples or a slice, never as graders", async () => {
    await page.actions.openFiles([scan()]);
    const shares = Float32Array.from(
      discs.flatMap(({ bits }) => [...bits]),
      (bit) => 0.2 + 0.5 * bit,
    );
    const npy = file(writeNpy(shares, [5, SIDE, SIDE]), "p.npy");
    const opening = page.actions.openFiles([npy]);
    await until(() => state().asking !== null);
    expect(state().asking).toHaveProperty("meanings", ["samples", "slice"]);
    page.actions.answerMask("samples");
    await opening;
    await until(() => !isBusy(state()));
    expect([state().intent.model, sampleAreas(state())]).toEqual(["p", AREAS]);
    expect(Math.max(...(state().drawn?.value.samples.probabilities ?? []))).toBe(Math.fround(0.7));
  });
});

describe("the map and the modes of a set", () => {
  it("hold samples and graders, the empty ones at one point", async () => {
    await page.actions.openFiles([scan(), file(pngOfMask(disc(SIDE, 80, 80, 6)), "grader-1.png")]);
    const empty = file(
      pngOfMask({ width: SIDE, height: SIDE, bits: new Uint8Array(SIDE * SIDE) }),
      "samples_flow-9.png",
    );
    await page.actions.openFiles([...pngs("samples_flow-"), empty, new File([empty], "samples_flow-8.png")]);
    await until(() => !isBusy(state()));
    const map = mapOfMasks(state());
    expect(map?.marks.map(({ samples, graders }) => [samples, graders.length])).toEqual([
      [[0], 0],
      [[1], 0],
      [[2], 0],
      [[3], 0],
      [[4], 0],
      [[], 1],
      [[5, 6], 0],
    ]);
    const [third, grader] = [map?.marks[2]?.at, map?.marks[5]?.at]; // the same mask
    expect(grader).toEqual([expect.closeTo(third?.[0] ?? Number.NaN, 6), expect.closeTo(third?.[1] ?? Number.NaN, 6)]);
    expect(shapeModesOf(state())).toMatchObject({ used: 5, empty: 2 });
  });

  it("move the outline that is shown, until a sample is chosen again", async () => {
    await page.actions.openFiles([scan()]);
    await page.actions.openFiles(pngs("samples_flow-"));
    await until(() => !isBusy(state()));
    const area = () => areaPx(currentMask(state()) ?? disc(1, 5, 5, 0));
    expect([currentName(state()), area()]).toEqual(["sample 1", AREAS[0]]);
    page.actions.meanShape();
    expect([currentName(state()), area()]).toEqual(["mean shape", AREAS[2]]); // radii 4 … 8
    page.actions.moveShape(0, 1); // σ of the radii is √2
    expect(currentName(state())).toBe("mode 1 at 1.0 σ");
    expect(area()).toBeGreaterThan(AREAS[2] as number);
    expect(area()).toBeLessThan(AREAS[4] as number);
    page.actions.moveShape(0, -1);
    expect(area()).toBeLessThan(AREAS[2] as number);
    page.actions.setThreshold(0.9); // a shape's outline is no matter of a threshold
    expect(area()).toBeLessThan(AREAS[2] as number);
    page.actions.chooseSample(4);
    await until(() => !isBusy(state()));
    expect(area()).toBe(AREAS[4]);
  });

  it("are of systems without z alone as far as modes go: where there is z its sliders move the outline", () => {
    expect(shapeModesOf(state())).toBeNull();
    expect(mapOfMasks(state())?.marks.length).toBeGreaterThan(2);
    page.actions.moveShape(0, 1);
    expect(state().shape).toBeNull();
  });
});

describe("samples of a pack", () => {
  const balls = ballCases(2);
  const packed = () => {
    const files = writePack("Balls", "", balls);
    const index = JSON.parse(new TextDecoder().decode(files["pack.json"]));
    for (const [k] of balls.entries()) {
      files[`s${k}.png`] = pngOfMask(disc(SIDE, 80, 80, 5 + k));
      index.cases[k].samples = { flow: [`s${k}.png`, `s${k}.png`], ...(k === 0 && { first: [`s${k}.png`] }) };
    }
    files["pack.json"] = new TextEncoder().encode(JSON.stringify(index));
    return file(writeZip(files), "balls.zip");
  };

  it("are in the menu of models when the pack is opened, and are those of the case on the screen", async () => {
    await page.actions.openFiles([packed()]);
    expect(names().slice(-2)).toEqual(["flow", "first"]);
    expect(said().at(-1)).toContain("In the menu of models: flow, first.");
    page.actions.setModel("flow");
    await until(() => !isBusy(state()));
    expect(sampleAreas(state())).toEqual([areaPx(disc(SIDE, 80, 80, 5)), areaPx(disc(SIDE, 80, 80, 5))]);
    await page.actions.openCase(state().entries.at(-1)?.id as CaseId);
    await until(() => !isBusy(state()));
    expect(sampleAreas(state())[0]).toBe(areaPx(disc(SIDE, 80, 80, 6)));
  });

  it("are evaluated with a network, and a case without them says so", async () => {
    await page.actions.openFiles([packed()]);
    page.actions.show("evaluate");
    const { store } = runsOf(page).evaluation;
    await until(() => store.getState().pack?.title === "Balls");
    runsOf(page).evaluation.change({ systems: ["flow", "first", "fake-dropout-unet"], count: 1 });
    runsOf(page).evaluation.start();
    await until(() => store.getState().status === "idle");
    const [dropout, flow, first] = store.getState().systems;
    expect([dropout?.rows.length, flow?.rows.length, first?.rows.length]).toEqual([2, 2, 1]);
    expect(first?.failed[0]?.sentence).toContain("first: there are no samples of this slice");
    runsOf(page).evaluation.change({ count: 1 });
    expect(store.getState().kept["flow"] ?? 0).toBe(0); // samples may be others the next time
  });
});
