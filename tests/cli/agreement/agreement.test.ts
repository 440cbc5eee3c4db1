import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agreement } from "../../../src/cli/agreement/agreement.ts";
import { readCsv } from "../../../src/cli/lesion/read-csv.ts";
import type { Grader } from "../../../src/core/values/slice.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import type { OpenedCase } from "../../../src/io/pack/pack.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";
import { ballInAir, disc, TINY_SIDE } from "../../support/tiny-pack.ts";

const folder = temporaryFolder();
const file = join(folder.path, "cases.npz");
const table = join(folder.path, "cases.csv");
const pack = join(folder.path, "pack.zip");
const report = join(folder.path, "report.html");

/** Two persons and what they drew: radii of discs, null for nothing. */
function person(name: string, radius: number | null): Grader {
  return { name, mask: radius === null ? null : disc(TINY_SIDE, 80, 80, radius) };
}

function packCase(k: number, graders: Grader[]): OpenedCase {
  const slice = ballInAir(TINY_SIDE, 80, 80, 7, k); // .7 mm pixels
  return { id: `ball-${k}`, title: `Ball ${k}`, simulated: true, slice, region: [80, 80], graders };
}

beforeAll(() => {
  writeCases(file, 4); // discs of 6 + row, 4 + row, 8 + row pixels and nothing, by four readers
  const rows = ["p,s,0,0,1", "p,s,0,2,1", "q,t,0,0,1", "q,t,0,6,1"];
  writeFileSync(table, `patient,series_uid,nodule,z,pixel_spacing_mm\n${rows.join("\n")}\n`);
  const cases = [
    packCase(0, [person("Ada", 6), person("Ben", 5)]),
    packCase(1, [person("Ada", 9), person("Ben", 7)]),
    packCase(2, [person("Ada", 12), person("Ben", 11)]),
    packCase(3, [person("Ben", null), person("Ada", 4)]),
  ];
  writeFileSync(pack, writeZip(writePack("Balls", "", cases)));
});
afterAll(() => folder.end());

interface Printed {
  seconds: number;
  presence: { shares: Record<string, number> };
  dice: { pairs: number };
  icc: Record<string, { complete_cases: number; icc21: { value: number } | null; icc11: { value: number } }>;
  blandAltman: { a: string; b: string; cases: number; bias: number }[];
  notes: string[];
}
const run = async (...words: string[]) => (await agreement(words)) as Printed;

describe("agreement", () => {
  it("takes lesions where a table says which slices belong together", async () => {
    const printed = await run(file, "--table", table);
    expect(printed).toMatchObject({ unit: "lesion", cases: 2, same_readers: false, blandAltman: null });
    expect(printed.presence.shares).toEqual({ 3: 1 });
    expect(printed.dice.pairs).toBe(6); // three pairs of those who drew, two lesions
    expect(printed.icc["volume"]).toMatchObject({ cases: 2, readings: 6, complete_cases: 0, icc21: null });
    expect(printed).toHaveProperty(["flips", "100mm3", "graders"]);
    expect(printed.notes.join("; ")).toContain(
      "ICC(2,1), ICC(3,1) and Bland–Altman are null: its readers are not known",
    );
  });

  it("takes single slices of a file without one: areas in pixels, no distances and no flips", async () => {
    const printed = await run(file);
    expect(printed).toMatchObject({ unit: "slice", cases: 4, hd95Mm: null, flips: null, ged2_floor: { count: 16 } });
    expect(Object.keys(printed.icc)).toEqual(["area"]);
    expect(printed.notes.join("; ")).toContain("distances are null: the spacing is not known");
  });

  it("holds named persons of a pack against each other, over the cases that both drew", async () => {
    const printed = await run(pack, "--out", report);
    expect(printed).toMatchObject({ unit: "slice", cases: 4, readers: ["Ada", "Ben"], same_readers: true });
    expect(printed.presence.shares).toEqual({ 1: 0.25, 2: 0.75 });
    expect(printed.icc["area"]).toMatchObject({ cases: 3, complete_cases: 3 });
    expect(printed.icc["area"]?.icc21?.value).toBeGreaterThan(0.5);
    const [pair, ...more] = printed.blandAltman;
    expect(more).toHaveLength(0);
    expect(pair).toMatchObject({ a: "Ada", b: "Ben", cases: 3 });
    // radii 6/5, 9/7, 12/11: geometric mean of the areas' ratios
    expect(Math.abs((pair?.bias ?? 0) - ((6 / 5) * (9 / 7) * (12 / 11)) ** (2 / 3))).toBeLessThan(0.05);
  });

  it("writes one page that asks for nothing: tables, figures, and what it is not for", () => {
    const page = readFileSync(report, "utf8");
    expect(page).toContain("For research, not for clinical use.");
    expect(page.match(/<svg /g)).toHaveLength(3); // Dice, ratios, Ada against Ben
    expect(page).not.toMatch(/(src|href)=|<script|url\(/);
    expect(page).toContain("Ada, Ben");
  });

  it("tables every two readers of a case", async () => {
    const out = join(folder.path, "pairs.csv");
    await run(pack, "--pairs", out);
    const rows = readCsv(readFileSync(out, "utf8"));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({ case: "ball-0", reader_a: "Ada", reader_b: "Ben", drew_a: "true", drew_b: "true" });
    expect(rows[3]).toMatchObject({
      case: "ball-3",
      drew_a: "true",
      drew_b: "false",
      dice: "0",
      hd95_mm: "",
      area_b: "",
    });
  });

  it("takes readers for the same people where it is told to", async () => {
    const printed = await run(file, "--same-readers");
    expect(printed).toMatchObject({ same_readers: true });
    expect(printed.icc["area"]?.complete_cases).toBe(0); // the fourth never draws
    expect(printed.blandAltman.map(({ a, b }) => `${a}-${b}`)).toEqual([
      "Grader 1-Grader 2",
      "Grader 1-Grader 3",
      "Grader 2-Grader 3",
    ]);
  });

  it("holds a model's samples against the graders, and leaves the graders' own figures as they were", async () => {
    const words = ["--model", "tests/golden/tiny-general", "--count", "2"];
    for (const source of [[file, "--table", table], [file], [pack]]) {
      const { model, seconds: _, ...rest } = (await run(...source, ...words)) as Printed & { model: { name: string } };
      const { seconds: __, ...alone } = (await run(...source)) as Printed;
      expect(model).toMatchObject({ name: "tiny-general" });
      expect(Object.keys(model)).toContain("icc11_as_one_more_reader");
      expect(rest).toEqual(alone);
    }
  });

  it("refuses a split of a pack", async () => {
    await expect(run(pack, "--split", "val")).rejects.toThrow(
      "pack.zip: it is a pack, which has neither splits nor a table",
    );
  });
});
