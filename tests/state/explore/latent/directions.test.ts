import { afterEach, beforeEach, expect, it } from "vitest";
import { createExplorer, type Explorer } from "../../../../src/state/app/create.ts";
import type { State } from "../../../../src/state/app/shape.ts";
import { isBusy } from "../../../../src/state/explore/busy.ts";
import { axesWithoutSlider, slidersOf } from "../../../../src/state/explore/latent/directions.ts";
import { fakeLibrary } from "../../../support/fake-library.ts";
import { fakePorts } from "../../../support/fake-ports.ts";
import { until } from "../../../support/until.ts";

let explorer: Explorer;
beforeEach(async () => {
  explorer = createExplorer(
    fakePorts(async () => new Uint8Array()),
    fakeLibrary(),
  );
  await until(() => !isBusy(explorer.store.getState()));
});
afterEach(() => explorer.dispose());

/** The page with a model of `latent` axes, of which the config has measured those in `effects`. */
function withAxes(latent: number, effects: readonly number[]): State {
  const state = explorer.store.getState();
  const { model } = state;
  if (!model?.value.head) throw new Error("the fake model has a head");
  const { config, head } = model.value;
  const axes = effects.map((effect) => ({ effect, kl: 0 }));
  const value = { ...model.value, head: { ...head, latent }, config: { ...config, axes } };
  explorer.actions.setSliders("axes");
  return { ...explorer.store.getState(), model: { ...model, value } };
}

it("shows the axes of an unmeasured model in their own order", () => {
  const sliders = slidersOf(withAxes(3, []));
  expect(sliders.map(({ name }) => name)).toEqual(["z1", "z2", "z3"]);
  expect(sliders.every(({ effect }) => Number.isNaN(effect))).toBe(true);
  expect(axesWithoutSlider(withAxes(3, []))).toBe(0);
});

it("has 64 sliders at most, for the strongest axes, and counts those that have none", () => {
  const effects = Array.from({ length: 100 }, (_, k) => k / 100);
  const state = withAxes(4096, effects); // z100 is the strongest, z37 the 64th; z101 to z4096 are unmeasured
  const sliders = slidersOf(state);
  expect(sliders.map(({ name }) => name)).toEqual(Array.from({ length: 64 }, (_, k) => `z${100 - k}`));
  expect(sliders[0]?.vector).toHaveLength(4096);
  expect(sliders[0]?.vector[99]).toBe(1);
  expect(axesWithoutSlider(state)).toBe(4096 - 64);
});
