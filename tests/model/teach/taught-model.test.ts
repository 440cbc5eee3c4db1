import { afterAll, describe, expect, it } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import type { Encoding } from "../../../src/core/network/encoding.ts";
import type { Model } from "../../../src/core/network/model.ts";
import { linearHeadOf } from "../../../src/core/teach/linear-head.ts";
import { retouchedEncoding, retouchPlaces } from "../../../src/core/teach/retouch.ts";
import { DEFAULT_TEACHING } from "../../../src/core/teach/settings.ts";
import type { Taught } from "../../../src/core/teach/taught.ts";
import { verdictOf } from "../../../src/core/teach/verdict.ts";
import { trainingCase } from "../../../src/core/training/training-case.ts";
import { taughtCard } from "../../../src/model/teach/taught-card.ts";
import { taughtModel } from "../../../src/model/teach/taught-model.ts";
import { modelFiles, relativeError } from "../../support/golden.ts";

const figures = (ged2: number) => ({ ged2, hmIou: 0.5, presence: 0.75, diversity: 0.25 });
const pairs = Array.from({ length: 8 }, (_, i) => ({
  before: figures(0.3 + 0.01 * i),
  after: figures(0.2 + 0.01 * i),
}));
const verdict = verdictOf(pairs as unknown as Parameters<typeof verdictOf>[0], [0, 1, 2, 3, 4, 5, 6, 7]);
const FACTS = { name: "ours", cases: "our pack", settings: DEFAULT_TEACHING };

describe.each(["tiny-linear", "tiny-gated"])("%s, taught", (name) => {
  const files = modelFiles(`tests/golden/${name}`);
  const head = linearHeadOf(files.config);
  const retouch = Float32Array.from({ length: retouchPlaces(head).length }, (_, i) => 0.3 * Math.sin(i + 1));
  const folds = [{ fold: 0, cases: 8, steps: 75, before: 0.335, after: 0.235 }];
  const taught: Taught = { verdict, folds, cases: 8, patients: null, steps: 75, retouch, deep: null };
  const own = taughtModel(files, taught, FACTS);
  const opened: Model[] = [];
  afterAll(() => {
    for (const model of opened) model.dispose();
  });
  const encode = async (of: typeof files) => {
    const model = await openModel(of);
    opened.push(model);
    const { image: values } = trainingCase(1, 0, 32, []);
    return (await model.prepare({ size: 32, values, origin: [0, 0], constant: false })).encoding as Encoding;
  };

  it("is a model that opens as any other and makes what the retouch makes of its parent, within float16", async () => {
    const config = parseConfig(JSON.parse(JSON.stringify(own.config)), "config.json");
    const found = await encode({ config, weights: own.weights });
    const wanted = retouchedEncoding(head, await encode(files), retouch);
    for (const part of ["base", "factor", "amplitude", "top"] as const)
      expect(relativeError(found[part] as Float32Array, wanted[part] as Float32Array), part).toBeLessThan(1e-3);
    if (head.gate) expect(found.presence).toBeCloseTo(wanted.presence as number, 2);
  });

  it("says what it was taught by, and keeps its parent's licence and training", () => {
    expect(own.config).toMatchObject({
      name: "ours",
      title: `${files.config.title}, taught from our pack`,
      licence: files.config.licence,
      training: {
        parent: { name, sha256: files.config.weights[0]?.sha256, training: files.config.training },
        adapted: true,
        steps: 75,
        held_out: { ged2: { change: [-0.1, -0.1, -0.1] } },
        note: "axes and modes are the parent's: they were not measured again",
      },
    });
    const card = taughtCard(files.config, taught, FACTS);
    expect(card).toContain("| GED² | 0.3350 (");
    expect(card).toContain("| 1 | 8 | 75 | 0.3350 | 0.2350 |");
    expect(card).toContain(`As the parent's: ${files.config.licence}`);
    expect(card).toContain("resampled by case: no patients are named");
  });

  it("has its parent's bytes where there was no gain", () => {
    const same = taughtModel(files, { ...taught, retouch: null }, FACTS);
    expect(same.weights[0]).toEqual(files.weights[0]);
    expect(same.config).toMatchObject({ title: files.config.title, training: { adapted: false, steps: 0 } });
    expect(taughtCard(files.config, { ...taught, retouch: null }, FACTS)).toContain(
      "The weights are the parent's, unchanged.",
    );
  });
});
