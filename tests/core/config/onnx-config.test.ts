import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";

const sha256 = "0".repeat(64);
const whole = {
  version: 1,
  name: "mine",
  title: "Mine",
  family: "onnx",
  choice: "z",
  onnx: { file: "n.onnx", output: "logits", shape: [128, 128], noiseSize: 16 },
  preprocessing: { size: 128, scaling: "min-max-8bit" },
  threshold: 0.5,
  weights: [{ file: "n.onnx", sha256, bytes: 9 }],
  licence: "MIT",
};
const entry = (file: string) => ({ file, sha256, bytes: 9 });
const halves = {
  ...whole,
  onnx: {
    encode: { file: "e.onnx", features: ["f", "g"] },
    decode: { file: "d.onnx", features: ["f", "g"], output: "probabilities" },
    shape: [128, 128],
    noiseSize: 16,
  },
  weights: [entry("e.onnx"), entry("d.onnx")],
};

describe("the config of a network in ONNX", () => {
  it("names image and noise so where nothing else is said, and has as many axes as noise", () => {
    const { onnx, architecture, axes } = parseConfig(whole, "config.json");
    expect(onnx).toEqual({ ...whole.onnx, image: "image", noise: "noise", runSeconds: 120 });
    expect([architecture.latent, axes]).toEqual([16, []]);
  });

  it("is the same when it is read again after it was kept", () => {
    for (const json of [whole, halves]) {
      const read = parseConfig(json, "config.json");
      expect(parseConfig(JSON.parse(JSON.stringify(read)), "config.json")).toEqual(read);
    }
  });

  it.each([
    [{ ...whole, choice: "seed" }, 'choice is "seed", not "z" or "member"'],
    [{ ...whole, onnx: undefined }, "onnx is missing"],
    [{ ...whole, onnx: { ...whole.onnx, output: "mask" } }, 'onnx.output is "mask", not "logits" or "probabilities"'],
    [{ ...whole, onnx: { ...whole.onnx, noiseSize: 1e6 } }, "onnx.noiseSize is 1000000, not between 1 and 4096"],
    [{ ...whole, onnx: { ...whole.onnx, runSeconds: 1e6 } }, "onnx.runSeconds is 1000000, not between 1 and 3600"],
    [{ ...whole, onnx: { ...whole.onnx, shape: [128] } }, "onnx.shape"],
    [{ ...whole, onnx: { ...whole.onnx, shape: [64, 64] } }, "onnx.shape is [64, 64], and preprocessing.size says"],
    [{ ...whole, onnx: { ...whole.onnx, file: "../n.onnx" } }, "onnx.file is not a plain file name"],
    [{ ...whole, weights: [entry("m.onnx")] }, "weights does not list n.onnx, which onnx names"],
    [{ ...whole, weights: [entry("n.onnx"), entry("m.onnx")] }, "weights lists a file that onnx does not name"],
    [
      { ...halves, onnx: { ...halves.onnx, decode: { ...halves.onnx.decode, features: ["f"] } } },
      "onnx.encode gives 2 features and onnx.decode takes 1",
    ],
    [{ ...halves, onnx: { encode: halves.onnx.encode } }, "onnx.decode is missing"],
  ])("says what is wrong with it (%#)", (json, sentence) => {
    expect(() => parseConfig(json, "config.json")).toThrow(sentence);
  });
});
