import { beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../../../src/core/network/model.ts";
import { chooseSamples } from "../../../src/core/random/choices.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { crewedModel } from "../../../src/engine/crew/crewed-model.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import { QueuedModel } from "../../../src/state/models/model.ts";
import { goldenCrop, modelFiles } from "../../support/golden.ts";

/** Of two samples each member makes one: the tiny ensemble has no more. */
const COUNT = 2;

beforeAll(async () => {
  await tfjsBackends({ forced: "wasm" })[0]?.start();
});

/** A real model that counts the samples it is asked for. */
async function member(folder: string, asked: number[], place: number): Promise<Model> {
  const model = await loadModel(modelFiles(folder));
  const draw: Model["draw"] = (...call) => {
    asked[place] = (asked[place] ?? 0) + 1;
    return model.draw(...call);
  };
  return { ...model, draw };
}

/** The statistics and samples of a draw as the page asks for it. */
async function drawn(model: Model, folder: string) {
  const prepared = await model.prepare(goldenCrop(folder));
  const size = { width: prepared.crop.size, height: prepared.crop.size };
  const choices = chooseSamples(model, prepared.prior, size, { seed: 1, count: COUNT });
  const progress: number[] = [];
  const onProgress = (share: number) => void progress.push(share);
  const all = { samples: true, statistics: true };
  return { decoded: await new QueuedModel(model).draw(prepared, choices, all, "soon", { onProgress }), progress };
}

describe.each(["dropout-unet", "unet-ensemble", "image2image-vae"])(
  "the samples of one draw, of a tiny %s",
  (family) => {
    const folder = `tests/golden/tiny-${family}`;

    it("are shared by two at work, and are the same bytes in the same order as of one", async () => {
      const asked: number[] = [];
      const alone = await member(folder, asked, 0);
      const want = await drawn(alone, folder);
      asked.length = 0;
      const second = member(folder, asked, 1);
      const crewed = crewedModel(alone, { size: 2, after: 0, make: () => second });
      await Promise.all([0, 1].map(() => crewed.prepare(goldenCrop(folder)))); // the second finds the first busy
      await second;
      const got = await drawn(crewed, folder);
      expect(got.decoded).toEqual(want.decoded);
      expect(got.progress).toEqual([0.5, 1]);
      expect(asked).toEqual([1, 1]);
      crewed.dispose();
    });
  },
);
