import { describe, expect, it } from "vitest";
import { sliceCase } from "../../../../src/core/agreement/read-case.ts";
import { studyFigures } from "../../../../src/core/agreement/study-figures.ts";
import { inEnglish } from "../../../../src/core/language/say.ts";
import { presetNamed } from "../../../../src/core/lesion/decisions.ts";
import type { Mask } from "../../../../src/core/values/slice.ts";
import { agreementReport } from "../../../../src/io/export/agreement/agreement-report.ts";

/** A bar of the first n of eight pixels in a row. */
const bar = (n: number): Mask => ({
  width: 8,
  height: 1,
  bits: Uint8Array.from({ length: 8 }, (_, x) => (x < n ? 1 : 0)),
});

/** Ada and Ben on three slices: alike, half as large, and nothing by Ben. */
const CASES = [
  sliceCase("alike", "p", [bar(4), bar(4)], [1, 1]),
  sliceCase("half <as> large", "q", [bar(8), bar(4)], [1, 1]),
  sliceCase("one alone", "r", [bar(2), bar(0)], [1, 1]),
];

async function report(named = true): Promise<string> {
  const study = { unit: "slice" as const, cases: CASES, readers: ["Ada", "Ben"], named };
  const figures = await studyFigures(study, presetNamed("4mm"), async () => undefined);
  return agreementReport("readers.zip", { version: "1.0", commit: "0123456789" }, CASES, {
    ...figures,
    notes: figures.notes.map(inEnglish),
  });
}

const figuresIn = (page: string) => [...page.matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, words]) => words);

describe("the report of a study", () => {
  it("asks for nothing, and says whose figures it holds and by what", async () => {
    const page = await report();
    expect(page).not.toMatch(/<script|<link|src=|https?:/);
    expect(page).toContain("For research, not for clinical use.");
    expect(page).toContain("readers.zip: 3 slices, readers\nAda, Ben.");
    expect(page).toContain("Graderspace 1.0 (01234567)");
  });

  it("shows both readers' ratios with bias and limits of agreement, where they are the same people in every case", async () => {
    const named = await report();
    expect(figuresIn(named)).toEqual([
      "pairs by Dice",
      "ratio to it by geometric mean of the case's area",
      "Ada / Ben by geometric mean of both readers' area",
    ]);
    // ratios 1 and 2: bias √2, limits .54 and 3.7, for which an axis from ⅓ to 3 is too short
    expect(named.match(/stroke-dasharray/g)).toHaveLength(3);
    expect(named).toContain(">1/10</text>");
    expect(figuresIn(await report(false))).toHaveLength(2);
  });

  it("lists the cases, those on which readers part most first, by names that are text", async () => {
    const table = (await report()).split("part most first</h2>")[1] ?? "";
    const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, cells = ""]) =>
      [...cells.matchAll(/<t[dh]>(.*?)<\/t[dh]>/g)].map(([, text]) => text),
    );
    expect(rows).toEqual([
      ["case", "drew", "1 − IoU", "Dice", "HD95, mm", "largest to smallest area"],
      ["one alone", "1 of 2", "1", "–", "–", "–"],
      ["half &lt;as&gt; large", "2 of 2", "0.5", "0.6667", "3.65", "2"],
      ["alike", "2 of 2", "0", "1", "0", "1"],
    ]);
  });
});
