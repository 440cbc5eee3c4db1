import { afterEach, describe, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../src/state/app/create.ts";
import { isBusy } from "../../../src/state/explore/busy.ts";
import { FIRST_WISH } from "../../../src/state/explore/export.ts";
import { figures, surprises } from "../../../src/state/explore/figures.ts";
import { planeDirections, slidersOf } from "../../../src/state/explore/latent/directions.ts";
import { sigmaOf } from "../../../src/state/explore/latent/z.ts";
import { sampleAreas } from "../../../src/state/explore/masks.ts";
import { countOf, membersBehind, shownName } from "../../../src/state/explore/samples.ts";
import { currentMask } from "../../../src/state/explore/shown.ts";
import { wholeIsPossible } from "../../../src/state/explore/whole/whole-slice.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { type FakePorts, fakePorts } from "../../support/fake-ports.ts";
import { turns, until } from "../../support/until.ts";

let explorer: Explorer;
let ports: FakePorts;
const state = () => explorer.store.getState();

/** Opens the page with one of the paper's other systems. */
async function open(model: string, hash = ""): Promise<void> {
  ports = { ...fakePorts(async () => new Uint8Array()), firstModel: `fake-${model}` };
  explorer = createExplorer(ports, fakeLibrary(), hash);
  await until(() => !isBusy(state()));
}

const tableNow = async () => {
  const wish = { ...FIRST_WISH, formats: [], maps: false, figures: false, session: false, figure: false };
  const { bytes } = await explorer.actions.exportView(wish, null, "2026-01-01T00:00:00.000Z");
  return new TextDecoder().decode(bytes).split("\n");
};

const sessionNow = async () => {
  const wish = { ...FIRST_WISH, formats: [], maps: false, table: false, figures: false, figure: false };
  const { bytes } = await explorer.actions.exportView(wish, null, "2026-01-01T00:00:00.000Z");
  return JSON.parse(new TextDecoder().decode(bytes));
};

afterEach(() => explorer.dispose());

describe.each([
  ["dropout-unet", 16, "pass 1 of seed 0"],
  ["unet-ensemble", 3, "member 1"],
  ["m-heads", 4, "head"],
  ["image2image-vae", 16, "prior mean"],
] as const)("the %s", (family, count, shown) => {
  it("draws samples, statistics and figures, and shows one large", async () => {
    await open(family);
    expect(state().model?.value.config.family).toBe(family);
    expect(state().drawn?.value.samples.count).toBe(count);
    expect(countOf(state())).toBe(count);
    expect(state().drawn?.value.statistics.variance.some((value) => value > 0)).toBe(true);
    expect(figures(state())).toMatchObject({ samples: count, graders: 2, drew: 1 });
    expect(currentMask(state())?.bits.some((bit) => bit === 1)).toBe(true);
    expect(shownName(state())).toContain(shown);
    expect(state().failures).toEqual({});
    expect(state().notices.filter(({ kind }) => kind === "alert")).toEqual([]);
  });

  it("leaves in a session that says how it chose", async () => {
    await open(family);
    const { choice, model } = await sessionNow();
    expect(model.name).toBe(`fake-${family}`);
    expect(choice).toEqual({ kind: state().model?.value.choice, seed: 0, count });
  });

  it("has no map of the whole slice: that takes a quick decode", async () => {
    await open(family);
    expect(wholeIsPossible(state())).toBe(false);
  });
});

describe("a system without z", () => {
  it("has neither sliders, plane nor places for graders, and fails at none of them", async () => {
    await open("m-heads");
    await turns(50);
    expect([sigmaOf(state()), planeDirections(state()), state().plane, state().ends]).toEqual([null, null, null, null]);
    expect(state().posteriors).toEqual({});
    expect(surprises(state())).toEqual([null, null]);
    expect(state().failures).toEqual({});
  });

  it("leaves as a table without z, a row per sample", async () => {
    await open("unet-ensemble");
    const [header, ...rows] = (await tableNow()).filter((line) => line !== "");
    expect(header).toMatch(/^sample,seed,area_px/);
    expect(rows).toHaveLength(3);
  });

  it("shows another of its samples without another pass", async () => {
    await open("dropout-unet");
    const before = ports.systems[0]?.calls.draws.length;
    explorer.actions.chooseSample(5);
    await until(() => !isBusy(state()));
    expect(shownName(state())).toBe("pass 6 of seed 0");
    expect(ports.systems[0]?.calls.draws.length).toBe(before);
    const { width, height, probabilities } = state().drawn?.value.samples ?? { width: 0, height: 0, probabilities: [] };
    const pixels = width * height;
    expect(state().current?.value).toEqual(probabilities.slice(5 * pixels, 6 * pixels));
  });

  it("draws others with another seed where the seed decides, and the same members where it does not", async () => {
    await open("dropout-unet");
    const first = sampleAreas(state());
    explorer.actions.setSeed(3);
    await until(() => !isBusy(state()));
    expect(sampleAreas(state())).not.toEqual(first);
    explorer.actions.setModel("fake-unet-ensemble");
    await until(() => !isBusy(state()));
    const members = sampleAreas(state());
    explorer.actions.setSeed(4);
    await until(() => !isBusy(state()));
    expect(sampleAreas(state())).toEqual(members);
  });

  it("shuffles its heads by the seed, each once", async () => {
    await open("m-heads");
    expect([...(membersBehind(state()) ?? [])].sort()).toEqual([0, 1, 2, 3]);
    const seeds = [0, 1, 2, 3, 4, 5].map((seed) => {
      explorer.actions.setSeed(seed);
      return membersBehind(state())?.join();
    });
    expect(new Set(seeds).size).toBeGreaterThan(1);
  });
});

describe("a z that costs a pass", () => {
  it("has sliders, their ends and the graders' places, but no plane of masks and no modes", async () => {
    await open("image2image-vae");
    await until(() => state().ends !== null && Object.keys(state().posteriors).length === 2);
    expect(slidersOf(state()).length).toBe(6);
    expect(planeDirections(state())?.map(({ name }) => name)).toEqual(["z2", "z3"]);
    expect(surprises(state()).every((one) => one !== null && one.total > 0)).toBe(true);
    expect([state().plane, state().modes]).toEqual([null, null]);
  });

  it("follows the hand, between the passes of the strip", async () => {
    await open("image2image-vae");
    const [system] = ports.systems;
    if (system) system.slow = 10;
    explorer.actions.setSeed(5);
    await until(() => state().jobs.samples?.progress != null);
    explorer.actions.moveTo([{ direction: { vector: Float32Array.of(0, 1, 0, 0, 0, 0) }, at: 2 }]);
    const key = state().current?.key;
    await until(() => state().current?.key !== key);
    expect(state().jobs.samples).toBeDefined();
    await until(() => !isBusy(state()));
  });
});

describe("going from one system to another", () => {
  it("closes the one that is left, and shows the other's samples", async () => {
    await open("unet-ensemble");
    const members = sampleAreas(state());
    explorer.actions.setModel("fake");
    await until(() => !isBusy(state()));
    expect(ports.systems[0]?.calls.disposed).toBe(1);
    expect(sampleAreas(state())).toHaveLength(16);
    expect(sampleAreas(state()).slice(0, 3)).not.toEqual(members);
    expect(sigmaOf(state())).not.toBeNull();
  });

  it("goes back where the other cannot be loaded, and says why", async () => {
    await open("m-heads");
    ports.failing["fake-dropout-unet"] = new Error("made up");
    explorer.actions.setModel("fake-dropout-unet");
    await until(() => state().notices.some(({ kind }) => kind === "alert"));
    await until(() => !isBusy(state()));
    expect(state().intent.model).toBe("fake-m-heads");
    expect(state().drawn?.value.samples.count).toBe(4);
  });

  it("comes back from the share link with its member", async () => {
    await open("unet-ensemble");
    explorer.actions.chooseSample(2);
    const hash = explorer.hash();
    explorer.dispose();
    await open("m-heads", hash);
    expect(state().intent.model).toBe("fake-unet-ensemble");
    expect(shownName(state())).toBe("member 3");
  });
});
