import { expect, it } from "vitest";
import { FIRST_STATE, type State } from "../../../src/state/app/shape.ts";
import { isPapers, type NetworkShape, networkShape, papersModel } from "../../../src/state/learn/network-shape.ts";
import { FAKE_CONFIG, FAKE_GATED_CONFIG, FAKE_GATED_HEAD } from "../../support/fake-engine.ts";
import { fakeConfig } from "../../support/fake-sampler.ts";
import { modelFiles } from "../../support/golden.ts";
import { PAPERS_SHAPE } from "../../support/papers-shape.ts";

const PAPER = modelFiles("models/lidc-prob-unet").config;
const withModel = (value: object): State => ({
  ...FIRST_STATE,
  model: { key: "a", value } as unknown as State["model"],
});

it("a model is described by what its head and its nets have", () => {
  expect(networkShape(withModel({ config: FAKE_GATED_CONFIG, decode: FAKE_GATED_HEAD }))).toEqual({
    ...{ latent: 6, combLayers: 0, factor: true, fields: [8], fieldScale: 1.5, envelope: false },
    ...{ gate: true, shift: true, priorNet: false, posteriorNet: false },
  });
});

it("there is nothing to draw before a model is there, or where every sample is a pass of its own", () => {
  expect(networkShape(FIRST_STATE)).toBeNull();
  expect(networkShape(withModel({ config: fakeConfig("m-heads"), decode: null }))).toBeNull();
});

it("a network is the paper's where it has all of it and nothing more", () => {
  expect(isPapers(PAPERS_SHAPE)).toBe(true);
  const others: Partial<NetworkShape>[] = [
    { combLayers: 0 },
    { factor: true },
    { fields: [8] },
    { envelope: true },
    { gate: true },
    { shift: true },
    { priorNet: false },
    { posteriorNet: false },
  ];
  for (const other of others) expect(isPapers({ ...PAPERS_SHAPE, ...other }), JSON.stringify(other)).toBe(false);
});

it("the paper's model of the page is the first bundled one with f_comb and both nets", () => {
  const choice = (name: string, config: typeof PAPER, bundled = true) => ({ name, config, bundled });
  const models = [
    choice("without f_comb", FAKE_CONFIG),
    choice("an own one", PAPER, false),
    choice("lidc-prob-unet", PAPER),
    choice("another", PAPER),
  ];
  expect(papersModel({ models })?.name).toBe("lidc-prob-unet");
  expect(papersModel({ models: models.slice(0, 2) })).toBeNull();
});
