import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { along, slidersOf } from "../../../../src/state/explore/latent/directions.ts";
import { sigmaOf } from "../../../../src/state/explore/latent/z.ts";
import { sampleAreas } from "../../../../src/state/explore/masks.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

let explorer: Explorer;
const state = () => explorer.store.getState();

beforeEach(async () => {
  const ports = { ...fakePorts(async () => new Uint8Array()), firstModel: "fake-fields" };
  explorer = createExplorer(ports, fakeLibrary());
  await until(() => !isBusy(state()) && slidersOf(state()).length > 0);
});
afterEach(() => explorer.dispose());

describe("a model whose prior is N(0, I)", () => {
  it("shows this case's modes first, by their effect, dead ones last", () => {
    const sliders = slidersOf(state());
    expect(sliders.map(({ name }) => name)).toEqual(["mode 1", "mode 2", "mode 3", "mode 4", "mode 5", "mode 6"]);
    const effects = sliders.map(({ effect }) => effect);
    expect(effects).toEqual([...effects].sort((a, b) => b - a));
    expect(sliders[0]?.live).toBe(true);
    expect(sliders.at(-1)).toMatchObject({ live: false, effect: 0 });
  });

  it("has both ends of every mode as a little mask", () => {
    expect(state().modes?.value.every(({ minus, plus }) => minus.length === 576 && plus.length === 576)).toBe(true);
  });

  it("moves along one mode and leaves the others where they are", () => {
    const sliders = slidersOf(state());
    const [first, second] = [sliders[0] as (typeof sliders)[number], sliders[1] as (typeof sliders)[number]];
    explorer.actions.moveTo([{ direction: second, at: -1 }]);
    explorer.actions.moveTo([{ direction: first, at: 2 }]);
    const sigma = sigmaOf(state()) as Float32Array;
    expect(along(first, sigma)).toBeCloseTo(2, 4);
    expect(along(second, sigma)).toBeCloseTo(-1, 4);
  });

  it("can be turned by the model's own axes all the same", () => {
    explorer.actions.setSliders("axes");
    expect(slidersOf(state()).map(({ name }) => name)[0]).toBe("z2");
  });
});

describe("local fields", () => {
  const areas = async () => {
    await until(() => !isBusy(state()));
    return sampleAreas(state());
  };

  it("change the samples, and not at strength 0", async () => {
    const trained = await areas();
    explorer.actions.setFieldStrength(0);
    const off = await areas();
    expect(off).not.toEqual(trained);
    explorer.actions.setFieldStrength(1);
    expect(await areas()).toEqual(trained);
  });

  it("can be frozen: another seed draws z anew and keeps the fields", async () => {
    await areas();
    explorer.actions.setFrozen(true);
    explorer.actions.setSeed(9);
    await areas();
    const frozen = state().drawn?.value.draws[0];
    explorer.actions.setFrozen(false);
    explorer.actions.setSeed(0);
    await areas();
    const first = state().drawn?.value.draws[0];
    expect(frozen?.fields).toEqual(first?.fields);
    expect(frozen?.z).not.toEqual(first?.z);
  });

  it("stay under the hand that moves a sample's z", async () => {
    explorer.actions.chooseSample(3);
    const [first] = slidersOf(state());
    if (first) explorer.actions.moveTo([{ direction: first, at: 0.5 }]);
    expect(state().intent.z.source).toMatchObject({ kind: "hand", fields: 3 });
  });
});
