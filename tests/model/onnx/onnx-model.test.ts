import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { sha256Hex } from "../../../src/core/config/weights-hash.ts";
import type { ModelFiles } from "../../../src/core/network/model.ts";
import type { Choices } from "../../../src/core/random/choices.ts";
import type { Crop } from "../../../src/core/values/region.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import { golden, modelFiles } from "../../support/golden.ts";

const folder = (name: string) => `tests/golden/onnx/${name}`;
const SIZE = 32;
const cropOf = (name: string): Crop => ({
  size: SIZE,
  values: golden(folder(name)).values("input"),
  origin: [0, 0],
  constant: false,
});

/** The choices of the golden noise [4, L]: rows of z, or which of a one-hot noise is one. */
function choicesOf(name: string, kind: "z" | "member"): Choices {
  const { shape, values } = {
    shape: golden(folder(name)).shape("noise"),
    values: golden(folder(name)).values("noise"),
  };
  const [count = 0, length = 0] = shape;
  const rows = Array.from({ length: count }, (_, n) => values.slice(n * length, (n + 1) * length));
  return kind === "z" ? { kind, draws: rows.map((z) => ({ z })) } : { kind, indices: rows.map((_, n) => n) };
}

async function probabilities(files: ModelFiles, name: string, kind: "z" | "member"): Promise<Float32Array> {
  const model = await loadModel(files);
  const { samples } = await model.draw(await model.prepare(cropOf(name)), choicesOf(name, kind), { samples: true });
  model.dispose();
  return samples?.probabilities ?? new Float32Array();
}

describe("a network in ONNX", () => {
  it.each([
    ["our own, as two graphs", "halves", "z", 1e-5],
    ["anybody's, with dropout by its noise", "foreign", "z", 1e-5],
    ["the same in half precision", "half", "z", 0.01],
    ["one of members, by a one-hot noise", "member", "member", 1e-5],
  ] as const)("draws PyTorch's samples of the same noise: %s", async (_, name, kind, tolerance) => {
    const found = await probabilities(modelFiles(folder(name)), name, kind);
    const logits = golden(folder(name)).values("logits");
    expect(found).toHaveLength(logits.length);
    let off = 0;
    found.forEach((p, i) => {
      off = Math.max(off, Math.abs(p - 1 / (1 + Math.exp(-(logits[i] as number)))));
    });
    expect(off).toBeLessThan(tolerance);
    expect(new Set(found).size).toBeGreaterThan(100); // no constant map
  });

  it("looks at another region when it is asked to, and at the first again", async () => {
    const model = await loadModel(modelFiles(folder("halves")));
    const crop = cropOf("halves");
    const choices = choicesOf("halves", "z");
    const draw = async (of: Crop) => (await model.draw(await model.prepare(of), choices, { samples: true })).samples;
    const first = await draw(crop);
    const other = await draw({ ...crop, values: crop.values.map((value) => 1 - value) });
    expect(other?.probabilities).not.toEqual(first?.probabilities);
    expect((await draw(crop))?.probabilities).toEqual(first?.probabilities);
    model.dispose();
  });

  it("knows what makes its samples differ: z as long as the noise, or as many members", async () => {
    const halves = await loadModel(modelFiles(folder("halves")));
    expect([halves.choice, halves.head?.latent, halves.members]).toEqual(["z", 6, null]);
    const member = await loadModel(modelFiles(folder("member")));
    expect([member.choice, member.head, member.members]).toEqual(["member", null, 3]);
  });
});

/** What of a config.json the tests change. */
interface Json {
  onnx: Record<string, unknown>;
  preprocessing: { size: number };
  weights: Record<string, unknown>[];
}

/** The files of a folder with something of its config changed, and its hashes made true. */
function changed(name: string, change: (config: Json, weights: Uint8Array[]) => void): ModelFiles {
  const { config, weights } = modelFiles(folder(name));
  const { architecture: _, axes: __, modes: ___, ...rest } = structuredClone(config);
  const json = rest as unknown as Json;
  const files = [...weights];
  change(json, files);
  json.weights.forEach((entry, k) => {
    entry["sha256"] = sha256Hex(files[k] as Uint8Array);
    entry["bytes"] = (files[k] as Uint8Array).length;
  });
  return { config: parseConfig(json, "config.json"), weights: files };
}

describe("what a graph that does not fit is told", () => {
  const size = (config: Json, side: number) => {
    config.preprocessing.size = side;
    config.onnx["shape"] = [side, side];
  };
  it.each([
    ["another size", (c: Json) => size(c, 64), "its input image is [1, 1, 32, 32], not [1, 1, 64, 64]"],
    ["longer noise", (c: Json) => void (c.onnx["noiseSize"] = 9), "its input noise is [1, 8], not [1, 9]"],
    [
      "an image by another name",
      (c: Json) => void (c.onnx["image"] = "x"),
      "it has no input named x, only image, noise",
    ],
    [
      "an output by another name",
      (c: Json) => void (c.onnx["output"] = "logits"),
      "it has no output named logits, only probabilities",
    ],
  ])("%s", async (_, change, sentence) => {
    await expect(loadModel(changed("half", change))).rejects.toMatchObject({
      tag: "ModelConfig",
      message: `network.onnx: ${sentence}; export the network again as docs/onnx.md says.`,
    });
  });

  it("a region of another size than the graph's", async () => {
    const model = await loadModel(modelFiles(folder("foreign")));
    const crop = { ...cropOf("foreign"), size: 16, values: new Float32Array(256) };
    await expect(model.prepare(crop)).rejects.toThrow("A region of 16×16 does not go into a network of 32×32");
  });

  it("probabilities that are none", async () => {
    const model = await loadModel(modelFiles(folder("lying")));
    const drawn = model.draw(await model.prepare(cropOf("lying")), choicesOf("lying", "member"), { samples: true });
    await expect(drawn).rejects.toMatchObject({
      tag: "ModelConfig",
      message: expect.stringMatching(/^lying-onnx: its probabilities have the value -?\d.*; name the output "logits"/),
    });
  });

  it("a cut file, and one that is no graph", async () => {
    const cut = changed("foreign", (_, weights) => void (weights[0] = (weights[0] as Uint8Array).slice(0, 2000)));
    const text = changed("foreign", (_, weights) => void (weights[0] = new TextEncoder().encode("not a graph at all")));
    for (const files of [cut, text]) {
      await expect(loadModel(files)).rejects.toMatchObject({
        tag: "DamagedFile",
        message: expect.stringMatching(/^network\.onnx: onnxruntime cannot read it \(.+\); export the network again/),
      });
    }
  });

  it("another file than config.json was made with", async () => {
    const files = modelFiles(folder("foreign"));
    const other = (files.weights[0] as Uint8Array).slice();
    other[other.length - 1] = (other.at(-1) as number) ^ 1;
    await expect(loadModel({ ...files, weights: [other] })).rejects.toMatchObject({ tag: "ModelHashDiffers" });
  });
});
