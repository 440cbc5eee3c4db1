import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { areaPx } from "../../../src/core/values/slice.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { createLibrary } from "../../../src/state/cases/library.ts";
import { drawingReader } from "../../../src/state/cases/on-screen.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { areasAlong, decisionsOnScreen, diameterLaw, volumeLaw } from "../../../src/state/lesion/figures.ts";
import { lesionOnScreen, whyNoLesion } from "../../../src/state/lesion/keys.ts";
import { cutPlace, graderSlots, slicesFromTop, varianceRange } from "../../../src/state/lesion/select.ts";
import { ballLesions } from "../../support/ball-lesions.ts";
import { ballSeries } from "../../support/ball-series.ts";
import { english } from "../../support/english.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { fakePorts } from "../../support/fake-ports.ts";
import { tinyCases } from "../../support/tiny-pack.ts";
import { turns, until } from "../../support/until.ts";

const EXAMPLES = writePack("Examples", "", tinyCases());
let explorer: Explorer;
const state = () => explorer.store.getState();
const found = () => lesionOnScreen(state())?.found;

beforeEach(async () => {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(state()));
});
afterEach(() => explorer.dispose());

async function open(file = ballSeries()): Promise<void> {
  await explorer.actions.openFiles([file]);
  explorer.actions.setRegion(70, 60);
  await until(() => !isBusy(state()));
}

async function follow(): Promise<void> {
  explorer.actions.show("lesion");
  await until(() => found() != null && state().jobs.lesion === undefined);
}

describe("the lesion view", () => {
  it("follows the lesion of the box through its slices: what is ready is there at once, sizes at the end", async () => {
    await open();
    const heard: number[] = [];
    const stop = explorer.store.subscribe((now) => {
      if (now.lesion && !now.lesion.value.found) heard.push(now.lesion.value.slices.length);
    });
    await follow();
    stop();
    expect([...new Set(heard)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { slices, spacingMm } = lesionOnScreen(state()) ?? { slices: [], spacingMm: null };
    expect(slices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(spacingMm?.map((mm) => mm.toFixed(3))).toEqual(["0.700", "0.700"]);
    expect(found()?.measured.samples).toHaveLength(16);
  });

  it("has for each sample the volume of its areas, and the middle 90 % of them", async () => {
    await open();
    await follow();
    const { grown, measured } = found() ?? {};
    grown?.samples.forEach((stack, n) => {
      const area = stack.reduce((sum, mask) => sum + areaPx(mask), 0);
      expect(measured?.samples[n]?.volumeMm3).toBeCloseTo(area * 0.49 * 2.5, 4);
    });
    const law = volumeLaw(state());
    const [low, high] = law?.interval ?? [0, 0];
    const inside = law?.samples.filter((volume) => volume >= low && volume <= high).length ?? 0;
    expect(inside / (law?.samples.length ?? 1)).toBeGreaterThan(0.8);
    expect(diameterLaw(state())?.samples.every((mm) => mm > 0 && mm < 90)).toBe(true);
    explorer.actions.toggleLesionSample(2);
    expect(volumeLaw(state())?.chosen).toBe(measured?.samples[2]?.volumeMm3);
    const along = areasAlong(state());
    expect(along.map(({ place }) => place.toFixed(1)).slice(0, 3)).toEqual(["0.0", "2.5", "5.0"]);
    expect(along.reduce((sum, { chosen }) => sum + 2.5 * (chosen ?? 0), 0)).toBeCloseTo(
      measured?.samples[2]?.volumeMm3 ?? 0,
      4,
    );
  });

  it("decides at the thresholds of a guideline, or at one's own", async () => {
    await open();
    await follow();
    expect(decisionsOnScreen(state()).map(({ threshold }) => threshold.name)).toEqual([
      "6mm",
      "8mm",
      "100mm3",
      "250mm3",
    ]);
    explorer.actions.presetThresholds("lung-rads-2022");
    expect(decisionsOnScreen(state()).map(({ threshold }) => threshold.value)).toEqual([6, 8, 15]);
    const volumes = volumeLaw(state())?.samples ?? [];
    const middle = [...volumes].sort((a, b) => a - b)[volumes.length >> 1] ?? 0;
    explorer.actions.setThresholds([{ name: "own", measure: "volumeMm3", value: middle }]);
    const below = volumes.filter((volume) => volume < middle).length;
    expect(decisionsOnScreen(state())[0]?.samples?.below).toBeCloseTo(below / volumes.length, 12);
    expect(state().lesionThresholds.preset).toBeNull();
  });

  it("counts your outline as a further reader, in your colour", async () => {
    await open();
    explorer.actions.setLasso("redraw");
    explorer.actions.drawYou([60, 50, 80, 50, 80, 70, 60, 70]);
    await follow();
    expect(lesionOnScreen(state())?.graderNames).toEqual(["You"]);
    expect(graderSlots(state())).toEqual([4]);
    expect(found()?.measured.graders[0]).toMatchObject({ slices: 1 });
    expect(decisionsOnScreen(state())[0]?.gradersDrew).toBe(1);
  });

  it("counts each reader in the page who is seen, apart from who is called so in the file", async () => {
    await open();
    const called = [{ name: "Anna", mask: null }];
    explorer.store.setState(({ cases, frames }) => ({
      cases: new Map(
        [...cases].map(([id, one]) => {
          const read = async (frame: number) => ({ ...(await one.read(frame)), graders: called });
          return [id, { ...one, read }];
        }),
      ),
      frames: new Map([...frames].map(([key, one]) => [key, { ...one, graders: called }])),
    }));
    for (const name of ["Anna", "Ben"]) {
      explorer.actions.addReader();
      explorer.actions.renameReader(drawingReader(state()).id, name);
      explorer.actions.setLasso("redraw");
      explorer.actions.drawYou([60, 50, 80, 50, 80, 70, 60, 70]);
    }
    explorer.actions.showReader(drawingReader(state()).id, false);
    await follow();
    expect(lesionOnScreen(state())?.graderNames).toEqual(["Anna", "Anna (in the page)"]);
    explorer.actions.colourReader(state().readers[1]?.id ?? "you", 9);
    expect(graderSlots(state())).toEqual([0, 9]); // another colour follows nothing anew
    expect(found()?.measured.graders.map(({ slices }) => slices)).toEqual([0, 1]);
  });

  it("measures in voxels where the slices have no place, and decides nothing", async () => {
    await open(ballSeries({ placed: false }));
    await follow();
    expect(lesionOnScreen(state())?.spacingMm).toBeNull();
    expect(decisionsOnScreen(state())).toEqual([]);
    expect(english(found()?.measured.notes[0])).toContain("sizes are in voxels");
  });

  it("says of a single slice how to come to a lesion, and starts nothing", async () => {
    explorer.actions.show("lesion");
    await turns(20);
    expect(whyNoLesion(state())).toContain("a single slice");
    expect(state().jobs.lesion).toBeUndefined();
    expect(state().lesion).toBeNull();
  });

  it("starts anew for another seed or box, and is there at once when the place was left and is come back to", async () => {
    await open();
    await follow();
    const before = found();
    explorer.actions.show("explorer");
    explorer.actions.show("lesion");
    expect(found()).toBe(before);
    explorer.actions.setSeed(5);
    expect(lesionOnScreen(state())?.found ?? null).toBeNull();
    await until(() => found() != null);
    expect(found()?.measured.samples).not.toEqual(before?.measured.samples);
    explorer.actions.show("explorer");
    explorer.actions.setRegion(72, 60);
    expect(state().lesion).toBeNull(); // its masks are not held for nothing
  });

  it("is given up by the person, and tried again when asked", async () => {
    await open();
    explorer.actions.show("lesion");
    await until(() => (state().lesion?.value.slices.length ?? 0) > 1);
    explorer.actions.cancel("lesion");
    await turns(50);
    expect(state().jobs.lesion).toBeUndefined();
    expect(found()).toBeNull();
    expect(lesionOnScreen(state())?.slices.length).toBeGreaterThan(0); // what was ready stays
    explorer.actions.retry();
    await until(() => found() != null);
  });

  it("stops at work where the place is left", async () => {
    await open();
    explorer.actions.show("lesion");
    await until(() => (state().lesion?.value.slices.length ?? 0) > 0);
    explorer.actions.show("explorer");
    await turns(50);
    expect(state().jobs.lesion).toBeUndefined();
    expect(found()).toBeNull();
  });
});

describe("a lesion through the cases of a pack", { tags: ["ci"] }, () => {
  async function openPack() {
    const ports = fakePorts(async () => new Uint8Array());
    explorer.dispose();
    explorer = createExplorer(
      ports,
      createLibrary({ ...ports, readExample: async (path) => EXAMPLES[path] as Uint8Array }),
    );
    await until(() => state().intent.caseId !== null);
    const zip = writeZip(writePack("Balls", "", ballLesions())) as Uint8Array<ArrayBuffer>;
    await explorer.actions.openFiles([new File([zip], "balls.zip")]);
    explorer.actions.setCount(4);
    await openCase("slice-2");
  }

  async function openCase(id: string) {
    const entry = state().entries.find((one) => one.id.endsWith(`:${id}`));
    await explorer.actions.openCase(entry!.id);
    await until(() => !isBusy(state()));
  }

  it("is followed from the case on the screen, at the places and with the spacing that the pack gives", async () => {
    await openPack();
    await follow();
    const { slices, places, spacingMm } = lesionOnScreen(state())!;
    expect(places).toEqual([96, 98, 100, 102, 104]);
    expect(slices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(spacingMm).toEqual([0.7, 0.7]);
    expect(cutPlace(state())).toEqual([64, 64, 1]);
    // the second grader's discs of √(4.6² − z²) mm, 2 mm apart: within a tenth of their areas' sum
    const wanted = [-4, -2, 0, 2, 4].reduce((sum, z) => sum + Math.PI * (4.6 ** 2 - z ** 2) * 2, 0);
    expect((found()?.measured.graders[1]?.volumeMm3 ?? 0) / wanted).toBeCloseTo(1, 1);
  });

  it("has your outline on the slice that you drew it on, and none of another case's", async () => {
    await openPack();
    explorer.actions.copySample();
    await follow();
    const { slices, graderNames } = lesionOnScreen(state())!;
    const you = graderNames.indexOf("You");
    expect(slices.filter(({ graders }) => graders[you]?.bits.includes(1)).map(({ index }) => index)).toEqual([1]);
  });

  it("is the same from each of its slices; of one slice, or at the place of another, there is none", async () => {
    await openPack();
    await follow();
    const samplesOf = () => lesionOnScreen(state())?.slices.map(({ samples }) => samples.map(areaPx).sort());
    const before = samplesOf();
    await openCase("slice-3");
    await follow();
    expect(samplesOf()).toEqual(before); // drawn by the pack's draw numbers
    for (const id of ["slice-9", "slice-13"]) {
      await openCase(id);
      expect(whyNoLesion(state())).toContain("a single slice");
    }
  });
});

describe("the cuts", () => {
  it("go through the middle of the box at first, then where they are put, and not over into another lesion", async () => {
    await open();
    await follow();
    expect(cutPlace(state())).toEqual([64, 60, 4]); // the box is moved inside the slice of 140 pixels
    explorer.actions.cutAt([10, 20, 6]);
    expect(cutPlace(state())).toEqual([10, 20, 6]);
    explorer.actions.setSeed(9);
    await until(() => found() != null);
    expect(cutPlace(state())?.[2]).toBe(4);
  });

  it("know their slices from the top, and share one colour bar", async () => {
    await open();
    await follow();
    expect(slicesFromTop(state())).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const most = Math.max(...(lesionOnScreen(state())?.slices ?? []).map(({ variance }) => Math.max(...variance)));
    expect(varianceRange(state())[1]).toBeGreaterThanOrEqual(most - 1e-6);
    explorer.actions.showInCuts("variance", false);
    expect(state().lesionLook.shown).toEqual({ variance: false, graders: true, reader: true });
  });
});
