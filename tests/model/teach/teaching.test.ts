import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import type { MarkedCrop } from "../../../src/core/measures/evaluate-case.ts";
import type { Model } from "../../../src/core/network/model.ts";
import { linearHeadOf } from "../../../src/core/teach/linear-head.ts";
import { retouchPlaces } from "../../../src/core/teach/retouch.ts";
import { DEFAULT_TEACHING } from "../../../src/core/teach/settings.ts";
import type { FoldRecord, Taught, TeachEvent } from "../../../src/core/teach/taught.ts";
import { headStudent } from "../../../src/model/teach/student.ts";
import { teach } from "../../../src/model/teach/teaching.ts";
import { modelFiles } from "../../support/golden.ts";
import { ownGraders } from "../../support/own-graders.ts";

const SETTINGS = { ...DEFAULT_TEACHING, folds: 3, steps: 50, count: 8, draws: 8 };

describe.each([
  ["tiny-linear", 12],
  ["tiny-gated", 24], // whether anything is drawn at all is a coarser thing to learn
] as const)("a teaching of %s", (name, CASES) => {
  const files = modelFiles(`tests/golden/${name}`);
  const head = linearHeadOf(files.config);
  const { layers, gate, length } = retouchPlaces(head);
  let model: Model;
  beforeAll(async () => {
    model = await openModel(files);
  });
  afterAll(() => model.dispose());

  const run = async (cases: readonly MarkedCrop[], known: readonly FoldRecord[] = []) => {
    const events: TeachEvent[] = [];
    const source = { count: cases.length, patients: null, marked: async (i: number) => cases[i] as MarkedCrop };
    for await (const event of teach(headStudent(model), source, SETTINGS, known)) events.push(event);
    const last = events.at(-1);
    if (last?.kind !== "done") throw new Error("no outcome");
    return { events, taught: last.taught };
  };
  /** Readers who draw smaller; where there is a gate, whose logit is about 5, those who draw half as often. */
  const habit = gate < 0 ? (layers.mean?.offset as number) : gate + 1;
  const sparing = () => {
    const retouch = new Float32Array(length);
    retouch[habit] = gate < 0 ? -2 : -5;
    return retouch;
  };

  describe("by readers of another habit", () => {
    let taught: Taught;
    let events: TeachEvent[];
    let cases: readonly MarkedCrop[];
    beforeAll(async () => {
      cases = await ownGraders(model, CASES, 32, sparing());
      ({ taught, events } = await run(cases));
    });

    it("comes to the same where it goes on behind two finished folds, and learns neither again", async () => {
      const records = events.flatMap((event) => (event.kind === "fold" ? [event.record] : []));
      const again = await run(cases, records.slice(0, 2));
      expect(again.taught).toEqual(taught);
      const learning = again.events.flatMap(({ kind, ...event }) =>
        kind === "learning" && "fold" in event ? [event.fold] : [],
      );
      expect(new Set(learning)).toEqual(new Set([2]));
    });

    it("is a gain, and what was learnt is their habit: the mean, or the gate's logit, lies lower", () => {
      const { change } = taught.verdict.figures.ged2;
      expect(change.high).toBeLessThan(0);
      expect(taught.retouch?.[habit]).toBeLessThan(-0.2);
    });

    it("holds each case out once, and judges it by a head of the others", () => {
      expect(taught.folds.map(({ cases }) => cases)).toEqual([0, 1, 2].map(() => CASES / 3));
      const after = taught.folds.reduce((sum, fold) => sum + fold.after * fold.cases, 0) / CASES;
      expect(taught.verdict.figures.ged2.after.mean).toBeCloseTo(after, 9);
    });

    it("goes forward all the time and ends at the whole", () => {
      const shares = events.map(({ share }) => share);
      expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0))).toBe(true);
      expect(shares.at(-1)).toBe(1);
      expect(new Set(events.map(({ kind }) => kind))).toEqual(
        new Set(["looking", "learning", "judging", "fold", "finishing", "done"]),
      );
    });
  });

  it("is no gain where the readers draw as the model does, and nothing is offered", async () => {
    const { taught } = await run(await ownGraders(model, CASES, 32));
    expect(taught.retouch).toBeNull();
    expect(taught.verdict.adapted).toBe(false);
  });
});

describe("what cannot be taught", () => {
  const model = { config: modelFiles("tests/golden/tiny-linear").config } as Model;
  const ask = (count: number, patients: readonly unknown[] | null) =>
    teach(
      headStudent(model),
      { count, patients, marked: () => Promise.reject(new Error("not asked")) },
      SETTINGS,
    ).next();

  it("are seven cases, and cases of one patient: said before anything is read", async () => {
    await expect(ask(7, null)).rejects.toThrow("7 cases are too few to learn habits from; give at least 8 cases");
    await expect(ask(8, new Array(8).fill("a"))).rejects.toThrow("All cases are of one patient: none can be held out");
  });
});
