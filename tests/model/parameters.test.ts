import { describe, expect, it } from "vitest";
import { Parameters } from "../../src/model/parameters.ts";

const tensor = { shape: [2, 1], dtype: "f16" as const, values: new Float32Array([1, 2]) };
const parameters = () => new Parameters(new Map([["a.weight", tensor]]), "weights.safetensors");

describe("Parameters", () => {
  it("hands out a tensor of the shape asked for", () => {
    expect(parameters().take("a.weight", [2, 1])).toEqual(new Float32Array([1, 2]));
  });

  it("names a tensor that is missing", () => {
    expect(() => parameters().take("b.weight", [2])).toThrow("tensor b.weight of shape [2] is missing");
  });

  it("names a tensor of another shape", () => {
    expect(() => parameters().take("a.weight", [1, 2])).toThrow("has shape [2, 1], config.json asks for [1, 2]");
  });

  it("finds that nobody asked for a tensor: the config is another network's", () => {
    expect(() => parameters().finish()).toThrow("it holds a.weight, which config.json does not name");
  });
});
