import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import type { ModelFiles } from "../../../src/core/network/model.ts";
import { drawFrom, drawMany } from "../../../src/core/random/draws.ts";
import { standardGaussian } from "../../../src/core/random/gaussian.ts";
import { modelFiles } from "../../support/golden.ts";
import { python, temporaryFolder } from "../../support/tools.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = temporaryFolder();

test("what export_onnx.py makes of the paper's model draws its masks from the same noise", async ({ skip }) => {
  if (!process.env["CI"]) return skip("in CI alone");
  const found = process.env["GRADERSPACE_PYTHON"] ?? python(["torch", "onnx"]);
  if (found === null) return skip("no Python with torch and onnx here");
  const out = join(folder, "exported");
  execFileSync(found, ["models/training/export_onnx.py", "models/lidc-prob-unet", "--out", out], { cwd: root });
  const read = (name: string) => new Uint8Array(readFileSync(join(out, name)));
  const config = parseConfig(JSON.parse(new TextDecoder().decode(read("config.json"))), "config.json");
  const exported: ModelFiles = { config, weights: config.weights.map(({ file }) => read(file)) };
  // a bright disc of radius 12 on a ramp: something that the model takes for a nodule or not
  const values = Float32Array.from({ length: 128 * 128 }, (_, i) => {
    const [x, y] = [i % 128, Math.floor(i / 128)];
    return Math.hypot(x - 64, y - 64) < 12 ? 0.8 : 0.1 + (0.2 * x) / 128;
  });
  const crop = { size: 128, values, origin: [0, 0] as const, constant: false };
  const noise = drawMany(
    standardGaussian(6),
    { latent: 6, fieldSpacings: [] },
    { width: 128, height: 128 },
    { seed: 1, count: 16 },
  );
  const ours = await openModel(modelFiles("models/lidc-prob-unet"));
  const prepared = await ours.prepare(crop);
  const draws = noise.map(({ z }) => drawFrom(prepared.prior as NonNullable<typeof prepared.prior>, { z, fields: [] }));
  const masksOf = (probabilities: Float32Array | undefined) =>
    Uint8Array.from(probabilities ?? [], (p) => Number(p > 0.5));
  const a = masksOf((await ours.draw(prepared, { kind: "z", draws }, { samples: true })).samples?.probabilities);
  const theirs = await openModel(exported);
  const b = masksOf(
    (await theirs.draw(await theirs.prepare(crop), { kind: "z", draws: noise }, { samples: true })).samples
      ?.probabilities,
  );
  const drawn = a.reduce((sum, bit) => sum + bit, 0);
  expect(drawn).toBeGreaterThan(16 * 100); // no empty masks, which would be the same of any network
  expect(b).toHaveLength(16 * 128 * 128);
  const differing = a.reduce((sum, bit, i) => sum + Number(bit !== b[i]), 0);
  expect(differing / 16).toBeLessThanOrEqual(2);
});
