import { describe, expect, it } from "vitest";
import { membersIn } from "../../../src/core/config/model-config.ts";
import { startCalibration } from "../../../src/core/measures/calibration.ts";
import { emptyMask } from "../../../src/core/values/slice.ts";
import type { CaseId } from "../../../src/state/app/identity.ts";
import { checkOf, packsOf } from "../../../src/state/evaluate/cases.ts";
import { spreadCorrelation, spreadOf } from "../../../src/state/evaluate/figures.ts";
import type { EvaluatedRow } from "../../../src/state/evaluate/rows.ts";
import { type EvaluationRun, FIRST_EVALUATION, type SystemRun } from "../../../src/state/evaluate/slice.ts";
import { caseLines, figureColumns, sortedLines } from "../../../src/state/evaluate/table.ts";
import { FAKE_CONFIG } from "../../support/fake-engine.ts";

function row(index: number, ged2: number, nestedness: number | null = 0.5): EvaluatedRow {
  const figures = {
    ged2,
    sampleGrader: 0.5,
    diversity: 0.3,
    graderSpread: 0.15 * (index + 1),
    hmIou: 0.6,
    nestedness,
    dice: 0.7,
    samples: 4,
    slots: 4,
    drew: 4 - index,
    presence: 1,
    klPerAxis: null,
    klFields: null,
  };
  return { row: index, id: `case-${index}`, graders: 4, figures, calibration: startCalibration(), check: 1 };
}

const system = (name: string, rows: EvaluatedRow[], failed: SystemRun["failed"] = []): SystemRun => ({
  name,
  title: name,
  status: "done",
  order: "iid",
  loading: null,
  rows,
  failed,
  failure: null,
});

const PACK = {
  shelf: "pack t",
  title: "T",
  key: "k",
  cases: ["A", "B", "C"].map((title, k) => ({ id: `case-${k}`, title })),
  patients: null,
};
const order: EvaluationRun = {
  pack: PACK,
  settings: FIRST_EVALUATION.settings,
  rows: [0, 1, 2],
  seed: 0,
  count: 4,
  representativeOf: null,
  order: "iid",
};

describe("the table of cases", () => {
  it("has all figures of one system, or one figure of several", () => {
    expect(figureColumns(["a"], "dice").map(({ figure }) => figure)).toEqual([
      "ged2",
      "hmIou",
      "diversity",
      "nestedness",
      "dice",
      "ece",
      "presence",
      "ged2Presence",
    ]);
    expect(figureColumns(["a", "b"], "dice").map(({ key, figure }) => [key, figure])).toEqual([
      ["a", "dice"],
      ["b", "dice"],
    ]);
  });

  it("has a line per case that was finished or failed, in the order of the pack", () => {
    const systems = [
      system("a", [row(2, 0.1), row(0, 0.3)]),
      system("b", [row(0, 0.4)], [{ row: 1, id: "case-1", sentence: "Oops." }]),
    ];
    const lines = caseLines({ systems, order }, figureColumns(["a", "b"], "ged2"));
    expect(lines.map(({ title, values, failure }) => [title, values, failure])).toEqual([
      ["A", [0.3, 0.4], null],
      ["B", [null, null], "Oops."],
      ["C", [0.1, null], null],
    ]);
  });

  it("is sorted by any column, up and down; what has no value comes last either way", () => {
    const systems = [system("a", [row(0, 0.3), row(1, 0.1, null), row(2, 0.2)])];
    const columns = figureColumns(["a"], "ged2");
    const lines = caseLines({ systems, order }, columns);
    const by = (name: string, falling: boolean) =>
      sortedLines(lines, columns, { by: name, falling }).map((one) => one.row);
    expect(by("ged2", false)).toEqual([1, 2, 0]);
    expect(by("ged2", true)).toEqual([0, 2, 1]);
    expect(by("nestedness", false)).toEqual([0, 2, 1]);
    expect(by("nestedness", true)).toEqual([0, 2, 1]);
    expect(by("drew", false)).toEqual([2, 1, 0]);
    expect(by("spread", true)).toEqual([2, 1, 0]);
    expect(by("case", true)).toEqual([2, 1, 0]);
  });
});

describe("the spread of samples against graders", () => {
  it("is over pairs of different masks: 4/3 of the biased means for four of each", () => {
    const [point] = spreadOf([row(0, 0.1)], 4);
    expect(point?.graders).toBeCloseTo(0.2, 12); // 0.15 · 4/3
    expect(point?.samples).toBeCloseTo(0.4, 12); // 0.30 · 4/3
    expect(spreadOf([row(0, 0.1)], 1)).toEqual([]); // one sample has none
  });

  it("has no correlation before there are three cases", () => {
    const points = spreadOf([row(0, 0.1), row(1, 0.2)], 4);
    expect(spreadCorrelation(points)).toBeNull();
  });
});

describe("what can be evaluated", () => {
  it("are the packs of the menu, but no single files", () => {
    const entry = (shelf: string | null, row: number, group: string) => ({
      id: `${shelf} ${row}` as CaseId,
      group,
      title: "t",
      simulated: false,
      pack: shelf === null ? null : { shelf, row },
    });
    const entries = [entry("example", 0, "Examples"), entry("pack 1", 0, "X"), entry(null, 0, "Opened files")];
    expect(packsOf([...entries, entry("pack 1", 1, "X")])).toEqual([
      { shelf: "example", title: "Examples", cases: 1 },
      { shelf: "pack 1", title: "X", cases: 2 },
    ]);
  });

  it("is as many samples as there are members or heads", () => {
    expect(membersIn(FAKE_CONFIG)).toBeNull();
    const member = {
      ...FAKE_CONFIG,
      choice: "member" as const,
      weights: [...FAKE_CONFIG.weights, ...FAKE_CONFIG.weights],
    };
    expect(membersIn(member)).toBe(2);
  });

  it("is told apart by crop and masks", () => {
    const crop = { row: 0, size: 2, values: new Float32Array(4), graders: [emptyMask(2, 2)] };
    const drawn = { ...emptyMask(2, 2), bits: Uint8Array.of(0, 1, 0, 0) };
    expect(checkOf({ ...crop, row: 7 })).toBe(checkOf(crop));
    expect(checkOf({ ...crop, graders: [drawn] })).not.toBe(checkOf(crop));
    expect(checkOf({ ...crop, values: Float32Array.of(0, 0, 0, 0.5) })).not.toBe(checkOf(crop));
    expect(Number.isSafeInteger(checkOf(crop))).toBe(true);
  });
});
