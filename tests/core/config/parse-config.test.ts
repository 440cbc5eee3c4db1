import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { bundledModels, modelFiles, tinyModels } from "../../support/golden.ts";

const { config } = modelFiles("tests/golden/tiny-general");

/** The tiny model's config with one field replaced, by path. */
function changed(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(config));
  const keys = path.split(".");
  const last = keys.pop() as string;
  const parent = keys.reduce((node, key) => node[key], copy);
  parent[last] = value;
  return copy;
}

describe("parseConfig", () => {
  it("reads every config of the repository, and gives it back", () => {
    for (const folder of [...tinyModels(), ...bundledModels()]) {
      const read = modelFiles(folder).config;
      expect(parseConfig(JSON.parse(JSON.stringify(read)), folder)).toEqual(read);
    }
  });

  it.each([
    ["version", 2, "version is 2, this program reads version 1"],
    ["family", "gan", 'family is "gan", not "prob-unet" or "dropout-unet"'],
    ["choice", "head", 'choice is "head", not "z"'],
    ["architecture.latent", 1.5, "architecture.latent is 1.5, not a whole number"],
    ["architecture.latent", 0, "architecture.latent is 0"],
    ["architecture.channels", [4, 1e9], "architecture.channels[1] is 1000000000, not between 1 and 1024"],
    ["architecture.channels", [], "architecture.channels has 0 levels"],
    ["architecture.head.factor", 2, "architecture.head.factor is 2, not 0 or the latent size 3"],
    ["architecture.upsample", undefined, "architecture.upsample is missing"],
    ["architecture.pooling", "max", 'architecture.pooling is "max", not "average"'],
    ["threshold", 2, "threshold is 2, not between 0 and 1"],
    ["weights", [], "weights is empty"],
    ["weights.0.sha256", "abc", "weights[0].sha256 is not 64 hexadecimal digits"],
    ["weights.0.file", "../secret", "weights[0].file is not a plain file name"],
    ["weights.0.file", "..", "weights[0].file is not a plain file name"],
    ["weights.0.file", ".hidden", "weights[0].file is not a plain file name"],
  ])("names the field %s when it is %j", (path, value, problem) => {
    const parse = () => parseConfig(changed(path, value), "config.json");
    expect(parse).toThrow(`config.json: ${problem}`);
    expect(parse).toThrow(expect.objectContaining({ tag: "ModelConfig" }));
  });

  it.each([null, [], "text", 3])("refuses %j, which is no object", (json) => {
    expect(() => parseConfig(json, "config.json")).toThrow("not an object");
  });
});
