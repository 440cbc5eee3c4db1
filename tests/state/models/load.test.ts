import { expect, it } from "vitest";
import { inEnglish, type Text } from "../../../src/core/language/say.ts";
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
  expect(await fetchModel(port, library, choice, {}, (what) => said.push(inEnglish(what)))).toEqual({
    model: models[0],
    untested: false,
  });
  expect(files[0]).toMatchObject({ config, golden });
  expect(said).toEqual([`Fetching ${config.title} (6 MB)`, "Loading 3 members"]);
});

it("opens a model whose golden values are missing, and marks it", async () => {
  const { port, models, files } = scene();
  const golden = () => Promise.reject(new SyntaxError("Unexpected token '<'"));
  expect(await fetchModel(port, { ...fakeLibrary(), golden }, choice, {})).toEqual({
    model: models[0],
    untested: true,
  });
  expect(files[0]).not.toHaveProperty("golden");
});

it("says the bytes that have come", async () => {
  const { port } = scene();
  const weights: ReturnType<typeof fakeLibrary>["weights"] = async (_, task) => {
    task.onProgress?.(0.25);
    return [new Uint8Array(4)];
  };
  const said: string[] = [];
  await fetchModel(port, { ...fakeLibrary(), weights }, choice, {}, (what) => said.push(inEnglish(what)));
  expect(said[1]).toBe(`Fetching ${config.title} (1.5 of 6.0 MB)`);
});

it("closes a model that is no longer wanted when it has been loaded", async () => {
  const { port, models } = scene();
  const abort = new AbortController();
  const doing = (what: Text) => {
    if (inEnglish(what).startsWith("Loading")) abort.abort();
  };
  await expect(fetchModel(port, fakeLibrary(), choice, { signal: abort.signal }, doing)).rejects.toMatchObject({
    tag: "Aborted",
  });
  expect(models[0]?.calls.disposed).toBe(1);
});

it("knows a model by its name, and says where there is none of it", () => {
  expect(modelNamed({ models: [choice] }, choice.name)).toBe(choice);
  expect(() => modelNamed({ models: [choice] }, "other")).toThrow("other: there is no model of this name");
});
