import { expect, it } from "vitest";
import type { ModelFiles } from "../../../src/core/network/model.ts";
import type { EnginePort } from "../../../src/state/app/ports.ts";
import { fetchModel, modelNamed } from "../../../src/state/models/load.ts";
import { fakeLibrary } from "../../support/fake-library.ts";
import { FakeSampler, fakeConfig } from "../../support/fake-sampler.ts";

const config = {
  ...fakeConfig("unet-ensemble"),
  weights: fakeConfig("unet-ensemble").weights.map((file) => ({ ...file, bytes: 2_000_000 })),
};
const choice = { name: "fake-unet-ensemble", config, bundled: true };

function scene() {
  const models: FakeSampler[] = [];
  const files: ModelFiles[] = [];
  const port: EnginePort = {
    load: async (asked) => {
      files.push(asked);
      models.push(new FakeSampler(asked));
      return models.at(-1) as FakeSampler;
    },
    wholeSlice: () => Promise.reject(new Error("not here")),
    dispose: () => undefined,
  };
  return { port, models, files };
}

it("fetches weights and golden values, and says its steps", async () => {
  const { port, models, files } = scene();
  const golden = { tensors: {}, values: new Uint8Array() };
  const library = { ...fakeLibrary(), golden: async () => golden };
  const said: string[] = [];
  expect(await fetchModel(port, library, choice, {}, (what) => said.push(what))).toBe(models[0]);
  expect(files[0]).toMatchObject({ config, golden });
  expect(said).toEqual([`Fetching ${config.title} (6 MB)`, "Loading 3 members"]);
});

it("closes a model that is no longer wanted when it has been loaded", async () => {
  const { port, models } = scene();
  const abort = new AbortController();
  const say = (what: string) => what.startsWith("Loading") && abort.abort();
  await expect(fetchModel(port, fakeLibrary(), choice, { signal: abort.signal }, say)).rejects.toMatchObject({
    tag: "Aborted",
  });
  expect(models[0]?.calls.disposed).toBe(1);
});

it("knows a model by its name, and says where there is none of it", () => {
  expect(modelNamed({ models: [choice] }, choice.name)).toBe(choice);
  expect(() => modelNamed({ models: [choice] }, "other")).toThrow("There is no model named other");
});
