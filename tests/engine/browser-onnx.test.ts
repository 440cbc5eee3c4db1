import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { ModelConfig } from "../../src/core/config/model-config.ts";
import { parseConfig } from "../../src/core/config/parse-config.ts";
import { sha256Hex } from "../../src/core/config/weights-hash.ts";
import { looping } from "../model/onnx/hostile/graphs.ts";
import { type OpenPage, openChromiumPage } from "../support/chromium-page.ts";
import { golden, modelFiles } from "../support/golden.ts";

const opened = process.env["CI"] ? await openChromiumPage() : { problem: "it is built and tried in CI alone" };
if ("problem" in opened) console.warn(`SKIPPED: networks in ONNX in Chromium; ${opened.problem}`);

interface Asked {
  readonly config: ModelConfig;
  readonly weights: readonly string[];
  readonly size: number;
  readonly input: readonly number[];
  readonly noise: readonly (readonly number[])[];
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

describe.skipIf("problem" in opened)("a network in ONNX in Chromium", () => {
  const { page, close } = opened as OpenPage;
  afterAll(() => close());

  /** P(lesion) of each noise, or the sentence in which it ended; `after` is asked of the same model. */
  const drawn = (asked: Asked) =>
    page.evaluate(async ({ config, weights, size, input, noise }) => {
      const { createPageEngine, wasmUrls } = globalThis.graderspace;
      const bytes = weights.map((one) => Uint8Array.from(atob(one), (letter) => letter.charCodeAt(0)));
      const engine = createPageEngine({ wasmUrls, forced: "wasm" });
      const model = await engine.load({ config, weights: bytes });
      const crop = { size, origin: [0, 0] as const, values: Float32Array.from(input), constant: false };
      const draws = noise.map((z) => ({ z: Float32Array.from(z) }));
      const draw = async () => {
        try {
          const { samples } = await model.draw(await model.prepare(crop), { kind: "z", draws }, { samples: true });
          return [...(samples?.probabilities ?? [])];
        } catch (error) {
          return (error as Error).message;
        }
      };
      const found = await draw();
      // its successor has been told of the model and looks at the picture as any other does
      const looked = typeof found === "string" ? (await model.prepare(crop)).crop.size : size;
      model.dispose();
      engine.dispose();
      return { found, looked };
    }, asked);

  test.each(["foreign", "halves"])("draws PyTorch's masks of the same noise: %s", async (name) => {
    const folder = `tests/golden/onnx/${name}`;
    const { config, weights } = modelFiles(folder);
    const reference = golden(folder);
    const [count = 0, length = 0] = reference.shape("noise");
    const all = [...reference.values("noise")];
    const noise = Array.from({ length: count }, (_, n) => all.slice(n * length, (n + 1) * length));
    const input = [...reference.values("input")];
    const { found } = await drawn({ config, weights: weights.map(base64), size: 32, input, noise });
    const logits = reference.values("logits");
    expect(found).toHaveLength(logits.length);
    const probabilities = found as number[];
    const off = probabilities.map((p, i) => Math.abs(p - 1 / (1 + Math.exp(-(logits[i] as number)))));
    expect(Math.max(...off)).toBeLessThan(1e-5);
    const differing = probabilities.filter((p, i) => p > 0.5 !== (logits[i] as number) > 0).length;
    expect(differing / count).toBeLessThanOrEqual(2);
  });

  test("is stopped where a run has no end, and its worker's successor knows the model", async () => {
    const bytes = looping(2 ** 53, 32, 1);
    const json = JSON.parse(readFileSync(join("tests/golden/onnx/foreign", "config.json"), "utf8"));
    json.onnx = { file: "network.onnx", output: "logits", shape: [32, 32], noiseSize: 1, runSeconds: 2 };
    json.weights = [{ file: "network.onnx", sha256: sha256Hex(bytes), bytes: bytes.length }];
    const config = parseConfig(json, "config.json");
    const input = Array.from({ length: 32 * 32 }, (_, i) => i / 1024);
    const { found, looked } = await drawn({ config, weights: [base64(bytes)], size: 32, input, noise: [[1]] });
    expect(found).toMatch(/^foreign-onnx: it computed for 2 s without an answer and was stopped; export a smaller/);
    expect(looked).toBe(32);
  });
});
