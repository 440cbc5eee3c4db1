import "@tensorflow/tfjs-backend-wasm";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openModel } from "../../src/cli/backend.ts";
import { iou } from "../../src/core/measures/agreement.ts";
import { linearQuantile } from "../../src/core/measures/quantile.ts";
import type { Samples } from "../../src/core/network/encoding.ts";
import { chooseSamples } from "../../src/core/random/choices.ts";
import { klDivergence } from "../../src/core/random/gaussian.ts";
import { cropRegion } from "../../src/core/values/region.ts";
import { masksOf } from "../../src/core/values/threshold.ts";
import { exampleCases, readChestSlice } from "../../src/examples.ts";
import { modelFiles } from "../support/golden.ts";

const COUNT = 50;
const { default: name } = JSON.parse(readFileSync("models/index.json", "utf8")) as { default: string };

describe("the default model's own samples", { tags: ["ci"] }, () => {
  it("are redrawn at their own posterior, and do not surprise it: median IoU at least .9, at most 2 nats an axis in z", async () => {
    const model = await openModel(modelFiles(`models/${name}`));
    const { size } = model.config.preprocessing;
    const found: { overlap: number; ofZ: number; ofFields: number }[] = [];
    for (const [k, { slice, region }] of exampleCases(await readChestSlice()).entries()) {
      const prepared = await model.prepare(cropRegion(slice, region[0], region[1], size));
      const count = Math.floor((COUNT * (k + 1)) / 6) - Math.floor((COUNT * k) / 6);
      const choices = chooseSamples(model, prepared.prior, { width: size, height: size }, { seed: 0, row: k, count });
      const masksAt = async (at: typeof choices) =>
        masksOf((await model.draw(prepared, at, { samples: true })).samples as Samples, model.config.threshold);
      const samples = await masksAt(choices);
      const posteriors = (await model.posteriors?.(prepared, samples)) ?? [];
      const draws = posteriors.map(({ mean: z, fields, u = Number.POSITIVE_INFINITY }) => {
        return { z, u, ...(fields && { fields: fields.mean }) };
      });
      const again = await masksAt({ kind: "z", draws });
      posteriors.forEach((posterior, n) => {
        const ofZ = klDivergence(posterior, prepared.prior as NonNullable<typeof prepared.prior>).total;
        const overlap = iou(samples[n] as (typeof samples)[number], again[n] as (typeof again)[number]);
        found.push({ overlap, ofZ, ofFields: posterior.fields?.nats ?? 0 });
      });
    }
    model.dispose();
    expect(found).toHaveLength(COUNT);
    const spread = (of: keyof (typeof found)[number]) => {
      const sorted = found.map((one) => one[of]).sort((a, b) => a - b);
      return [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map((share) => linearQuantile(sorted, share));
    };
    const [overlap, ofZ, ofFields] = [spread("overlap"), spread("ofZ"), spread("ofFields")];
    const said = JSON.stringify({ overlap, ofZ, ofFields });
    if (process.env["SHOW_OWN_SAMPLES"]) process.stderr.write(`${said}\n`);
    expect(overlap[3], said).toBeGreaterThanOrEqual(0.9);
    expect(ofZ[3], said).toBeLessThanOrEqual(2 * model.config.architecture.latent);
    expect(ofFields[3], said).toBeLessThan(5);
  });
});
