import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../../../src/cli/backend.ts";
import type { MarkedCrop } from "../../../../src/core/measures/evaluate-case.ts";
import type { Encoding } from "../../../../src/core/network/encoding.ts";
import type { Model, Prepared } from "../../../../src/core/network/model.ts";
import { mapsAt } from "../../../../src/core/teach/head-maps.ts";
import { caseLoss } from "../../../../src/core/teach/loss/case-loss.ts";
import { retouchPlaces } from "../../../../src/core/teach/retouch.ts";
import { DEFAULT_TEACHING } from "../../../../src/core/teach/settings.ts";
import type { Taught } from "../../../../src/core/teach/taught.ts";
import type { TeachCase } from "../../../../src/core/teach/teach-case.ts";
import { antitheticDraws } from "../../../../src/core/teach/teach-draws.ts";
import { verdictOf } from "../../../../src/core/teach/verdict.ts";
import { DeepStudent } from "../../../../src/model/teach/deep/deep-student.ts";
import { taughtModel } from "../../../../src/model/teach/taught-model.ts";
import { modelFiles, relativeError } from "../../../support/golden.ts";
import { ownGraders } from "../../../support/own-graders.ts";

const SIZE = 64;
const figures = { ged2: 0.3, hmIou: 0.5, presence: 0.75, diversity: 0.25 };
const verdict = verdictOf(
  [0, 1].map(() => ({ before: figures, after: { ...figures, ged2: 0.2 } })) as unknown as Parameters<
    typeof verdictOf
  >[0],
  [0, 1],
);

describe.each(
  (["tiny-linear", "tiny-gated"] as const).flatMap((name) =>
    (["block", "all"] as const).map((depth) => [name, depth] as const),
  ),
)("%s, its U-Net learning down to: %s", (name, depth) => {
  const files = modelFiles(`tests/golden/${name}`);
  let model: Model;
  let student: DeepStudent;
  let marked: MarkedCrop;
  let prepared: Prepared;
  let kept: TeachCase;
  let zeros: Float32Array;
  let before = 0;
  beforeAll(async () => {
    model = await openModel(files);
    before = tf.memory().numTensors;
    student = await DeepStudent.create(model, files, { depth, deepReach: 0.5 });
    [marked] = (await ownGraders(model, 1, SIZE)) as [MarkedCrop];
    prepared = await model.prepare({ size: SIZE, values: marked.values, origin: [0, 0], constant: false });
    ({ kept } = await student.keep(prepared, marked));
    zeros = new Float32Array(student.length);
  });
  afterAll(() => {
    student.dispose();
    expect(tf.memory().numTensors).toBe(before); // nothing stays behind
    model.dispose();
  });

  const loss = async (numbers: Float32Array) => {
    const maps = await student.maps(kept, numbers);
    const draws = antitheticDraws(student.head, kept.prior, kept.seen, 4, 5, [1]);
    return caseLoss(student.head, kept.seen, maps, draws, kept.masks, DEFAULT_TEACHING);
  };
  /** Some numbers away from the parent, the gate's and the head's among them. */
  const moved = () => zeros.map((_, i) => 0.1 * Math.sin(i + 1));

  it("makes its parent's maps where nothing is learnt, from a part of the picture that is cut out", async () => {
    const wanted = mapsAt(student.head, prepared.encoding as Encoding, kept.seen.at);
    const found = await student.maps(kept, zeros);
    expect(relativeError(found.maps, wanted.maps)).toBeLessThan(1e-4);
    expect(found.presence).toBeCloseTo(wanted.presence, 4);
  });

  it("has the gradient of the loss in its weights: finite differences along it and along the largest of them", async () => {
    const at = moved();
    const gradient = new Float32Array(student.length);
    await student.addGradient(kept, at, await loss(at), 1, gradient);
    const first = retouchPlaces(student.head).length;
    const deep = gradient.map((value, i) => (i < first ? 0 : value));
    const length = Math.hypot(...deep);
    expect(length).toBeGreaterThan(1e-4);
    // a gate's logit is told of the features, and its gradient ends there: what is left is of the maps alone
    const gate = (await loss(at)).gate;
    const step = 2e-3;
    const along = async (by: number) => {
      const maps = await student.maps(
        kept,
        at.map((value, i) => value + (by * (deep[i] as number)) / length),
      );
      const draws = antitheticDraws(student.head, kept.prior, kept.seen, 4, 5, [1]);
      const same = { ...maps, presence: (await student.maps(kept, at)).presence };
      return caseLoss(student.head, kept.seen, same, draws, kept.masks, DEFAULT_TEACHING).loss;
    };
    expect(Number.isFinite(gate)).toBe(true);
    const slope = ((await along(step)) - (await along(-step))) / (2 * step);
    expect(Math.abs(slope / length - 1)).toBeLessThan(0.03);
  });

  it("is, written into a model's file, what it draws by itself", async () => {
    const numbers = moved();
    const encoding = (await student.drawing(numbers).prepare(prepared.crop)).encoding as Encoding;
    const taught: Taught = {
      ...{ verdict, folds: [], cases: 8, patients: null, steps: 5 },
      retouch: numbers.slice(0, retouchPlaces(student.head).length),
      deep: student.deepWeights(numbers),
    };
    const settings = { ...DEFAULT_TEACHING, depth };
    const own = taughtModel(files, taught, { name: "ours", cases: "our pack", settings });
    const opened = await openModel({ ...own });
    const found = (await opened.prepare(prepared.crop)).encoding as Encoding;
    for (const part of ["base", "factor", "amplitude", "top"] as const)
      expect(relativeError(found[part] as Float32Array, encoding[part] as Float32Array), part).toBeLessThan(5e-3); // float16
    if (student.head.gate) expect(found.presence).toBeCloseTo(encoding.presence as number, 1);
    const same = (await model.prepare(prepared.crop)).encoding as Encoding;
    expect(relativeError(found.base, same.base)).toBeGreaterThan(0.02); // and not its parent's
    opened.dispose();
  });
});
