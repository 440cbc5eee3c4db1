import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { icc11, icc21, icc31 } from "../../../src/core/agreement/icc.ts";
import { runTool, tool } from "../../support/tools.ts";

/** Shrout & Fleiss 1979, table 2: six cases, four judges. */
const SHROUT_FLEISS = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
];

describe("intraclass correlations of the table of Shrout & Fleiss 1979", () => {
  it("are .17, .29 and .71", () => {
    expect(icc11(SHROUT_FLEISS)?.value).toBeCloseTo(0.17, 2);
    expect(icc21(SHROUT_FLEISS)?.value).toBeCloseTo(0.29, 2);
    expect(icc31(SHROUT_FLEISS)?.value).toBeCloseTo(0.71, 2);
  });

  it("have the intervals of R's psych: −.133 … .72, .019 … .76, .342 … .95", () => {
    const rounded = (icc: { low: number; high: number } | null) => [icc?.low.toFixed(3), icc?.high.toFixed(2)];
    expect(rounded(icc11(SHROUT_FLEISS))).toEqual(["-0.133", "0.72"]);
    expect(rounded(icc21(SHROUT_FLEISS))).toEqual(["0.019", "0.76"]);
    expect(rounded(icc31(SHROUT_FLEISS))).toEqual(["0.342", "0.95"]);
  });
});

/** A table whose every cell is a fixed number without a pattern. */
function table(cases: number, readers: number, seed: number): number[][] {
  return Array.from({ length: cases }, (_, i) =>
    Array.from(
      { length: readers },
      (_, j) => 3 * Math.sin(i * 12.9 + seed) + 2 * Math.sin(i * 7.1 + j * 37.7 + seed) + j / 3,
    ),
  );
}

const script = `
suppressMessages(library(psych))
con <- file("stdin")
lines <- readLines(con)
close(con)
for (line in lines) {
  rows <- strsplit(line, ";")[[1]]
  x <- do.call(rbind, lapply(strsplit(rows, ","), as.numeric))
  r <- ICC(x, lmer = FALSE)$results[1:3, c("ICC", "lower bound", "upper bound")]
  cat(format(t(as.matrix(r)), digits = 15), "\\n")
}`;
const r = tool("Rscript");
let psych = false;
try {
  if (r) runTool(r, ["-e", 'suppressMessages(library("psych"))']);
  psych = r !== null;
} catch {
  console.warn("SKIPPED: R has no psych (r-cran-psych); .ci/run installs it");
}

describe.skipIf(!psych)("intraclass correlations and their intervals", () => {
  it("are those of R's psych::ICC on five tables", async () => {
    const tables = [SHROUT_FLEISS, table(12, 3, 1), table(5, 2, 2), table(40, 6, 3), table(100, 4, 4)];
    const { execFileSync } = await import("node:child_process");
    const input = tables.map((rows) => rows.map((row) => row.join(",")).join(";")).join("\n");
    const lines = execFileSync(r as string, ["-e", script], { input: `${input}\n`, encoding: "utf8" })
      .trim()
      .split("\n");
    tables.forEach((rows, i) => {
      const wanted = lines[i]?.trim().split(/\s+/).map(Number) as number[];
      const found = [icc11(rows), icc21(rows), icc31(rows)].flatMap((icc) => [icc?.value, icc?.low, icc?.high]);
      found.forEach((value, k) => {
        expect(value, `table ${i}, figure ${k}`).toBeCloseTo(wanted[k] as number, 6);
      });
    });
  });
});

describe("an intraclass correlation", () => {
  const rows = fc.array(fc.array(fc.double({ min: 1, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 }), {
    minLength: 3,
    maxLength: 8,
  });

  it("does not know the readers' order", () => {
    const check = (one: number[][]) => {
      const other = one.map(([a = 0, b = 0, c = 0]) => [c, a, b]);
      for (const icc of [icc11, icc21, icc31]) {
        expect(icc(other)?.value ?? 0).toBeCloseTo(icc(one)?.value ?? 0, 9);
      }
    };
    fc.assert(fc.property(rows, check), { numRuns: 60 });
  });

  it("is the same in inches", () => {
    const check = (one: number[][]) => {
      const other = one.map((row) => row.map((value) => value / 25.4));
      for (const icc of [icc11, icc21, icc31]) {
        expect(icc(other)?.value ?? 0).toBeCloseTo(icc(one)?.value ?? 0, 9);
      }
    };
    fc.assert(fc.property(rows, check), { numRuns: 60 });
  });

  it("of one-way readings takes rows of any length: k₀ = (N − Σk²/N)/(n − 1)", () => {
    // rows (1, 3) and (7): N = 3, n = 2, mean 11/3; k₀ = 3 − 5/3 = 4/3
    // B = 2·(2 − 11/3)² + (7 − 11/3)² = 50/3; W = (1 + 1)/1 = 2; (50/3 − 2)/(50/3 + 2/3) = 44/52
    expect(icc11([[1, 3], [7]])?.value).toBeCloseTo(44 / 52, 12);
  });

  it("is 1 where readers never differ, and null where nothing differs or there is nothing", () => {
    expect(
      icc11([
        [1, 1],
        [2, 2],
      ]),
    ).toEqual({ value: 1, low: 1, high: 1 });
    expect(
      icc21([
        [1, 1],
        [2, 2],
      ])?.value,
    ).toBe(1);
    expect(
      icc31([
        [1, 1],
        [2, 2],
      ])?.value,
    ).toBe(1);
    for (const icc of [icc11, icc21, icc31]) {
      expect(
        icc([
          [2, 2],
          [2, 2],
        ]),
      ).toBeNull();
      expect(icc([[1, 2]])).toBeNull();
      expect(icc([])).toBeNull();
    }
  });

  it("of the same readers has no value for rows of different lengths", () => {
    expect(icc21([[1, 2], [3]])).toBeNull();
    expect(icc31([[1, 2], [3]])).toBeNull();
  });
});
