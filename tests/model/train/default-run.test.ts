import { beforeAll, describe, expect, test } from "vitest";
import { BREAKAGES } from "../../../src/core/training/breakages.ts";
import type { HeldOutFigures } from "../../../src/core/training/held-out.ts";
import { DEFAULT_TRAINING, type TrainingSettings } from "../../../src/core/training/settings.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { liveAxes, Training } from "../../../src/model/train/training.ts";

// Five whole runs of 500 steps: ten minutes. What the page promises of its default run, at the default seed.

const sum = (values: Float32Array) => values.reduce((all, one) => all + one, 0);

async function run(change: Partial<TrainingSettings>): Promise<{ before: HeldOutFigures; after: HeldOutFigures }> {
  const training = new Training({ ...DEFAULT_TRAINING, ...change });
  const before = (await training.look(0)).figures;
  while (training.step < training.settings.steps) await training.advance();
  return { before, after: (await training.look(0)).figures };
}

describe("the default run", { tags: ["ci"] }, () => {
  let whole: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    await tfjsBackends({ forced: "wasm" })[0]?.start();
    whole = await run({});
  });

  test("halves GED² at least, with at least one live axis", () => {
    expect(whole.after.ged2).toBeLessThan(0.5 * whole.before.ged2);
    expect(liveAxes(whole.after)).toBeGreaterThanOrEqual(1);
  });

  test("is better than the same network without z by three tenths at least", async () => {
    const { after } = await run({ latent: false });
    expect(after.diversity).toBe(0);
    expect(whole.after.ged2).toBeLessThan(0.7 * after.ged2);
  });

  test.each(BREAKAGES)("is broken by $title", async ({ id, change }) => {
    const { after } = await run(change);
    expect(after.ged2).toBeGreaterThan(1.5 * whole.after.ged2);
    expect(after.diversity).toBeLessThan(0.5 * whole.after.diversity);
    if (id === "grader") expect(after.habits[change.onlyGrader ?? 0]?.nearest).toBeGreaterThan(0.5);
    else expect(sum(after.kl)).toBeLessThan(0.1);
  });
});
