import { describe, expect, it } from "vitest";
import { inEnglish } from "../../../src/core/language/say.ts";
import type { CaseFigures } from "../../../src/core/measures/evaluation.ts";
import { verdictOf, verdictSentence } from "../../../src/core/teach/verdict.ts";

const figures = (ged2: number) => ({ ged2, hmIou: 0.5, presence: 0.5, diversity: 0.25 }) as CaseFigures;
const pairs = (changes: readonly number[]) =>
  changes.map((change, i) => ({ before: figures(0.2 + 0.1 * i), after: figures(0.2 + 0.1 * i + change) }));
const own = (count: number) => Array.from({ length: count }, (_, i) => i);
const said = { cases: 10, patients: 10 };

describe("the verdict", () => {
  it("is a gain where every held-out case is better, however different the cases are", () => {
    const verdict = verdictOf(pairs(Array.from({ length: 10 }, (_, i) => -0.02 - 0.001 * i)), own(10));
    expect(verdict.adapted).toBe(true);
    expect(verdict.figures.ged2.change.mean).toBeCloseTo(-0.0245, 6); // −.02 − .001 · 4.5
    expect(verdict.figures.ged2.before.mean).toBeCloseTo(0.65, 6);
    expect(inEnglish(verdictSentence(verdict, said))).toMatch(
      /^It helped: on 10 cases of 10 patients.* GED² changed by −0\.025/,
    );
  });

  it("is none where the mean fell and chance can tell why", () => {
    const verdict = verdictOf(pairs([-0.1, 0.08, -0.1, 0.08, -0.1, 0.08, -0.1, 0.08, -0.1, 0.08]), own(10));
    expect(verdict.figures.ged2.change.mean).toBeCloseTo(-0.01, 6);
    expect(verdict.adapted).toBe(false);
    expect(verdict.better).toBeGreaterThan(0.5);
    expect(verdict.better).toBeLessThan(0.8);
    expect(inEnglish(verdictSentence(verdict, said))).toMatch(
      /^It did not help.* it is lower in \d\d of 100 resamples of patients, and 85 are asked for\. The model stays as it is\.$/,
    );
  });

  it("is none where nothing changed", () => {
    const verdict = verdictOf(pairs([0, 0, 0, 0]), own(4));
    expect(verdict.adapted).toBe(false);
    expect(inEnglish(verdictSentence(verdict, { cases: 4, patients: null }))).toContain(
      "on 4 cases, each judged by a head that had not seen it, GED² changed by 0.000 (95 % interval 0.000 to 0.000); it is lower in 0 of 100 resamples of cases",
    );
  });

  it("takes patients for its units: ten cases of two patients who disagree prove nothing", () => {
    const changes = [-0.1, -0.1, -0.1, -0.1, -0.1, -0.1, -0.1, 0.05, 0.05, 0.05]; // 'b' twice: one in four
    const whose = changes.map((change) => (change < 0 ? "a" : "b"));
    expect(verdictOf(pairs(changes), own(10)).adapted).toBe(true);
    expect(verdictOf(pairs(changes), whose).adapted).toBe(false);
  });
});
